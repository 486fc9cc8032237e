import type {DetailedPeerCertificate, PeerCertificate} from 'node:tls'
import {ProbeFailure} from '../core/errors.ts'
import {excerpt} from './excerpt.ts'

/** What is known of a certificate that was not believed. */
export interface Mistrust {
  /** OpenSSL's word for it, or Node's for a wrong name. */
  readonly reason: string
  /** The leaf, with what the server sent above it. */
  readonly certificate: DetailedPeerCertificate
  /** The name that was asked for. */
  readonly host: string
  /** Epoch milliseconds. */
  readonly now: number
  /** PEM of the authority that was named, if one was. */
  readonly ca?: string | undefined
}

/** Names what is wrong with a certificate, with the names and times that stand in it. */
export function certificateFailure(mistrust: Mistrust): ProbeFailure {
  const {reason} = mistrust
  switch (reason) {
    case 'CERT_HAS_EXPIRED':
      return expired(mistrust)
    case 'CERT_NOT_YET_VALID':
      return notYetValid(mistrust)
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return wrongName(mistrust)
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return new ProbeFailure(
        'tls_self_signed',
        `the certificate of ${subjectOf(mistrust.certificate)} signed itself`,
        {
          hint: 'give the server one of an authority, or name this one with `ca`',
        },
      )
    default:
      return untrusted(mistrust)
  }
}

/** What the server sent, the leaf first. What it did not send is not there: nothing else is looked up. */
export function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [leaf]
  for (let last = leaf; ;) {
    const next = last.issuerCertificate as DetailedPeerCertificate | undefined // Node's type denies that it may end
    if (!next?.valid_to || chain.some(({fingerprint256}) => fingerprint256 === next.fingerprint256)) return chain
    chain.push(next)
    last = next
  }
}

function expired({certificate, now}: Mistrust): ProbeFailure {
  const old = chainOf(certificate).find(({valid_to}) => Date.parse(valid_to) <= now)
  const since = old && ` ${dateOf(old.valid_to)}, ${span(now - Date.parse(old.valid_to))} ago`
  return new ProbeFailure('tls_expired', `${which(old, certificate)} expired${since ?? ''}`, {
    hint: 'renew it on the server, and reload what serves it',
  })
}

function notYetValid({certificate, now}: Mistrust): ProbeFailure {
  const young = chainOf(certificate).find(({valid_from}) => Date.parse(valid_from) > now)
  const from = young && ` before ${dateOf(young.valid_from)}, in ${span(Date.parse(young.valid_from) - now)}`
  return new ProbeFailure('tls_not_yet_valid', `${which(young, certificate)} is not valid${from ?? ' yet'}`, {
    hint: 'compare the clocks of both machines',
  })
}

function wrongName({certificate, host}: Mistrust): ProbeFailure {
  return new ProbeFailure('tls_wrong_name', `the certificate is for ${namesOf(certificate)}, not for ${host}`, {
    hint: 'connect by a name that the certificate holds; another server may answer at this address',
  })
}

/** Roots are known to clients, so a leaf alone is right only under a root itself: else what is between is missing. */
function untrusted({reason, certificate, ca}: Mistrust): ProbeFailure {
  const chain = chainOf(certificate)
  const last = chain.at(-1) ?? certificate
  const issuer = nameIn(last.issuer)
  const alone = chain.length <= 1
  // Public authorities write into a certificate where that of its issuer can be had (RFC 5280, section 4.2.2.1).
  if (alone && (certificate.infoAccess?.['CA Issuers - URI'] !== undefined || ca !== undefined)) {
    return new ProbeFailure(
      'tls_incomplete_chain',
      `the server sent its certificate without that of the issuer "${issuer}" (${reason})`,
      {hint: 'serve the full chain: browsers may fetch what is missing, other clients do not; or `ca` is another one'},
    )
  }
  const chained = alone ? `is signed by "${issuer}"` : `ends in a chain at "${issuer}"`
  return new ProbeFailure('tls_untrusted', `the certificate ${chained}, which is not trusted (${reason})`, {
    hint: 'name a private authority with `ca`; or the server does not send its intermediate certificates',
  })
}

function which(faulty: PeerCertificate | undefined, leaf: PeerCertificate): string {
  if (!faulty || faulty.fingerprint256 === leaf.fingerprint256) return 'the certificate'
  return `the certificate of the authority ${subjectOf(faulty)}`
}

const MOST_NAMES = 5

function namesOf({subjectaltname, subject}: PeerCertificate): string {
  const names = subjectaltname?.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')) ?? [nameIn(subject)]
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return excerpt(names.slice(0, MOST_NAMES).join(', ')) + more
}

function subjectOf({subject}: PeerCertificate): string {
  return `"${nameIn(subject)}"`
}

/** How people call the holder or the issuer of a certificate. */
export function nameIn(name: PeerCertificate['subject'] | undefined): string {
  const {CN, O} = name ?? {}
  return excerpt([CN ?? O ?? 'nobody'].flat()[0] ?? 'nobody', 60)
}

function dateOf(opensslDate: string): string {
  return new Date(opensslDate).toISOString().replace('.000', '')
}

const HOUR_MS = 3_600_000

function span(ms: number): string {
  const hours = Math.round(ms / HOUR_MS)
  if (hours >= 48) return `${Math.floor(hours / 24)} days`
  return hours >= 1 ? `${hours} hours` : `${Math.max(1, Math.round(ms / 60_000))} minutes`
}
