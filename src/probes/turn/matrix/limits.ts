/** How long one way may take; over UDP a request is then sent four times. */
export const WAY_MS = 4000
/** As many sockets as one attempt opens side by side. */
export const MOST_WAYS = 64
/** coturn gives a quota back a second or two after the release. */
export const FREED_MS = 2000
/** How long the ways that a quota refused at first may take together. */
export const AGAIN_MS = 12_000
