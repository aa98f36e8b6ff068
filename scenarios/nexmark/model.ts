/** The three kinds of events of an auction house. Ids start at 1000, prices are cents, times are ms since 1970. */

export interface Person {
  readonly kind: 'person'
  readonly id: number
  readonly name: string
  readonly emailAddress: string
  readonly creditCard: string
  readonly city: string
  readonly state: string
  readonly dateTime: number
}
export interface Auction {
  readonly kind: 'auction'
  readonly id: number
  readonly itemName: string
  readonly description: string
  readonly initialBid: number
  /** The least price for which the item is sold. */
  readonly reserve: number
  readonly dateTime: number
  /** When the auction ends. */
  readonly expires: number
  /** Id of the person who sells. */
  readonly seller: number
  /** From 10 to 14. */
  readonly category: number
}
export interface Bid {
  readonly kind: 'bid'
  /** Id of the auction. */
  readonly auction: number
  /** Id of the person who bids. */
  readonly bidder: number
  readonly price: number
  readonly dateTime: number
}
export type NexmarkEvent = Person | Auction | Bid
