/** How a codec's packets follow each other. */
export interface Shape {
  readonly mimeType: string
  readonly payloadType: number
  readonly clockRate: number
  readonly channels?: number
  readonly frameMs: number
  readonly packetsPerFrame: number
  /** Of a packet's payload. */
  readonly bytes: number
}

export const kinds = ['audio', 'video'] as const
export type Kind = (typeof kinds)[number]

/** 50 packets a second of Opus at 40 kbit/s; VP8 at 30 frames a second and 1 Mbit/s, each frame in four packets. */
export const shapes: Readonly<Record<Kind, Shape>> = {
  audio: {
    mimeType: 'audio/opus',
    payloadType: 111,
    clockRate: 48_000,
    channels: 2,
    frameMs: 20,
    packetsPerFrame: 1,
    bytes: 100,
  },
  video: {
    mimeType: 'video/VP8',
    payloadType: 96,
    clockRate: 90_000,
    frameMs: 1000 / 30,
    packetsPerFrame: 4,
    bytes: 1040,
  },
}

/** How many packets a stream of so long has. */
export function packetsOf({frameMs, packetsPerFrame}: Shape, durationMs: number): number {
  return Math.floor(durationMs / frameMs + 1e-9) * packetsPerFrame
}
