/** A message of the library (in lower case, without a full stop) as a sentence for people. */
export const asSentence = (message: string): string => closed(message.charAt(0).toUpperCase() + message.slice(1))

/** The message with a full stop, if it has no end of its own. */
export const closed = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)
