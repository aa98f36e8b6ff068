/** What a piece of text is, for whoever gives it a colour. */
export type PaintRole = 'good' | 'bad' | 'strong' | 'quiet'
export type Paint = (text: string, role: PaintRole) => string
export const plain: Paint = (text) => text
