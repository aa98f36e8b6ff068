/** An event that the machines do not allow where they stand; the message says why not. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
}
