/** A count with its thousands apart: 1234567 -> '1,234,567'. */
export function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
/** A count with its noun: '1 fault', '2,000 records'. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}
