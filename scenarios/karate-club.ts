/**
 * Who of the 34 members of a karate club at a university, 1970 to 1972, met outside of it. W. W. Zachary, "An Information Flow
 * Model for Conflict and Fission in Small Groups", Journal of Anthropological Research 33 (1977), 452-473, figure 1 and matrix E;
 * numbers are Zachary's: 1 is the instructor, 34 the administrator, whose conflict split the club.
 */

/** Per member, those with a higher number that the member met. */
const MET: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32],
  2: [3, 4, 8, 14, 18, 20, 22, 31],
  3: [4, 8, 9, 10, 14, 28, 29, 33],
  4: [8, 13, 14],
  5: [7, 11],
  6: [7, 11, 17],
  7: [17],
  9: [31, 33, 34],
  10: [34],
  14: [34],
  15: [33, 34],
  16: [33, 34],
  19: [33, 34],
  20: [34],
  21: [33, 34],
  23: [33, 34],
  24: [26, 28, 30, 33, 34],
  25: [26, 28, 32],
  26: [32],
  27: [30, 34],
  28: [34],
  29: [32, 34],
  30: [33, 34],
  31: [33, 34],
  32: [33, 34],
  33: [34],
}

/** How many members there are; they are numbered from 1. */
export const MEMBERS = 34

/** The 78 pairs. */
export const pairs: readonly (readonly [number, number])[] = Object.entries(MET).flatMap(([from, others]) =>
  others.map((to) => [Number(from), to] as const),
)

const neighbours: readonly (readonly number[])[] = Array.from({ length: MEMBERS + 1 }, (_, member) =>
  pairs.flatMap(([a, b]) => (a === member ? [b] : b === member ? [a] : [])),
)

/** Everybody whom a member met. */
export const neighboursOf = (member: number): readonly number[] => neighbours[member]!
