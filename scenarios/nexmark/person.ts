import type { NexmarkConfig } from './config.ts'
import type { JavaRandom } from './java-random.ts'
import type { Person } from './model.ts'
import { FIRST_ID, lastPerson } from './numbering.ts'
import { nextText } from './random-text.ts'

const STATES = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'] as const
const CITIES = [
  'Phoenix',
  'Los Angeles',
  'San Francisco',
  'Boise',
  'Portland',
  'Bend',
  'Redmond',
  'Seattle',
  'Kent',
  'Cheyenne',
] as const
const FIRST_NAMES = [
  'Peter',
  'Paul',
  'Luke',
  'John',
  'Saul',
  'Vicky',
  'Kate',
  'Julie',
  'Sarah',
  'Deiter',
  'Walter',
] as const
const LAST_NAMES = ['Shultz', 'Abrams', 'Spencer', 'White', 'Bartels', 'Walton', 'Smith', 'Jones', 'Noris'] as const
/** So many people who are still to come may already sell and bid. */
const LEAD = 10

/** The person of an event. Beam: PersonGenerator. */
export function personOf(event: number, random: JavaRandom, dateTime: number): Person {
  // the order of the draws is the order of the fields
  const name = `${oneOf(FIRST_NAMES, random)} ${oneOf(LAST_NAMES, random)}`
  const emailAddress = `${nextText(random, 7)}@${nextText(random, 5)}.com`
  const creditCard = [0, 0, 0, 0].map(() => String(random.nextInt(10_000)).padStart(4, '0')).join(' ')
  const city = oneOf(CITIES, random)
  const state = oneOf(STATES, random)
  return { kind: 'person', id: FIRST_ID + lastPerson(event), name, emailAddress, creditCard, city, state, dateTime }
}

/** Number of a random person who is active at an event, or soon will be. */
export function nextActivePerson(event: number, random: JavaRandom, { numActivePeople }: NexmarkConfig): number {
  const people = lastPerson(event) + 1
  const active = Math.min(people, numActivePeople)
  return people - active + random.nextInt(active + LEAD)
}

const oneOf = (of: readonly string[], random: JavaRandom): string => of[random.nextInt(of.length)]!
