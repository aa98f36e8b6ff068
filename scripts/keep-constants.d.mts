/** See keep-constants.mjs. */
export function keepConstants(code: string): string
