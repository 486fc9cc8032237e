/** How long one way may take; over UDP a request is then sent four times. */
export const WAY_MS = 4000
/** As many sockets as one attempt opens side by side. */
export const MOST_WAYS = 64
