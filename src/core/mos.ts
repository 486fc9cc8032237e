/** What a relay does to speech, one way. */
export interface PathQuality {
  /** Mouth to ear over the network alone. */
  readonly delayMs: number
  readonly jitterMs: number
  /** 0..1 of the packets. */
  readonly loss: number
}

/** G.711 with packet loss concealment, random loss: equipment impairment and robustness (ITU-T G.113, appendix I). */
const CODEC = {impairment: 0, robustness: 25.1}
/** One packet to fill, and a jitter buffer that holds twice the jitter. */
const PACKETISATION_MS = 20
const BUFFERED_JITTERS = 2
/** The rating of a path without delay and loss (ITU-T G.107, default values). */
const BEST_RATING = 93.2

/**
 * An estimate of how people would rate speech over a path, from 1 (bad) to 4.5 (as good as telephony gets): the E-model
 * of ITU-T G.107 with its default values, for the codec above. It models, it does not listen.
 */
export function estimateMos({delayMs, jitterMs, loss}: PathQuality): number {
  const delay = delayMs + PACKETISATION_MS + BUFFERED_JITTERS * jitterMs
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0)
  const percentLost = 100 * loss
  const lossImpairment = CODEC.impairment + (95 - CODEC.impairment) * (percentLost / (percentLost + CODEC.robustness))
  return mosOf(BEST_RATING - delayImpairment - lossImpairment)
}

/** ITU-T G.107, annex B. */
function mosOf(rating: number): number {
  if (rating <= 0) return 1
  if (rating >= 100) return 4.5
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
}
