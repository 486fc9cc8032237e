/** Milliseconds between two messages that are said again and again. Faster would be no pace but a flood. */
export const SHORTEST_MS = 10
