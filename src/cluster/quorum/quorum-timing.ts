/** How long things take in a quorum, in the plan's time units; a message takes from 5 to 25 of them, a write from 4 to 16. */

/** An acceptor keeps a lease for that long, by its own clock. */
export const LEASE_UNITS = 420
/** Who has its promise has that long to win the others' before somebody else may have it. */
export const HOLD_UNITS = 120
/** The leader asks for its lease anew, and says that it is there. */
export const BEAT_LEAST = 150
export const BEAT_SPREAD = 20
/** Who has heard nothing of a leader for that long, and some time more that differs between nodes, wants to lead. */
export const SILENCE_UNITS = 360
export const WATCH_SPREAD = 80
/** Until who wants to lead asks again those that have not promised: longer each time. */
export const RETRY_LEAST = 40
export const RETRY_SPREAD = 40
/** Requests for promises under one ballot, before it waits for somebody else to lead. */
export const BIDS = 5
/** Until a proposal that has no majority is sent again, with the beat. */
export const RESEND_UNITS = 70
/** Until a client asks again, longer each time up to four times as long. */
export const CLIENT_RETRY_LEAST = 90
export const CLIENT_RETRY_SPREAD = 40
