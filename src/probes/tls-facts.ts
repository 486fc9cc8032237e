import type {PeerCertificate, TLSSocket} from 'node:tls'
import {chainOf, nameIn} from './certificate-failure.ts'
import type {Trace} from './probe.ts'

const DAY_MS = 86_400_000

/** What a TLS connection tells of itself, whether or not its certificate is believed. */
export function tlsFacts(socket: TLSSocket, trace: Pick<Trace, 'fact' | 'wallClock'>): void {
  const leaf = socket.getPeerCertificate(true)
  trace.fact('tls_version', socket.getProtocol() ?? 'unknown')
  trace.fact('tls_cipher', socket.getCipher().name)
  if (!leaf.valid_to) return
  trace.fact('tls_subject', [leaf.subject.CN].flat()[0] ?? leaf.subjectaltname ?? '')
  const chain = chainOf(leaf)
  trace.fact('tls_chain', [...chain.map(({subject}) => nameIn(subject)), ...issuerAbove(chain.at(-1))].join(' ← '))
  // The first of the chain to expire ends them all, as blackbox_exporter has it.
  const expiresAt = Math.min(...chain.map(({valid_to}) => Date.parse(valid_to)))
  trace.fact('tls_expires_at', Math.round(expiresAt / 1000))
  trace.fact('tls_expires_in_days', Math.floor((expiresAt - trace.wallClock()) / DAY_MS))
}

/** Who signed the last certificate that was sent: most servers keep the root's to themselves. */
function issuerAbove(last: PeerCertificate | undefined): string[] {
  const issuer = nameIn(last?.issuer)
  return issuer === nameIn(last?.subject) ? [] : [issuer]
}
