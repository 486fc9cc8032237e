import {SECRET_WORDS} from './sounds-secret.ts'

/** Bounded, as what a server says may be anything of any length. */
const rest = String.raw`[^"\\]{0,64}`
const secretName = String.raw`${rest}${SECRET_WORDS}${rest}`
/** A text may be cut off in the middle of a value. */
const member = new RegExp(String.raw`("${secretName}"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?$)`, 'g')
/** The same inside a text that is itself in JSON, where each quote has a backslash before it. */
const nestedMember = new RegExp(String.raw`(\\"${secretName}\\"\s*:\s*)\\"(?:(?!\\").)*(?:\\"|$)`, 'g')

/**
 * Masks what a server gave away and nobody configured: members of JSON whose names sound like secrets, such as the
 * credentials of a TURN server in a welcome message. For what is shown to people; works on text, whatever it is part of.
 */
export function redactNamed(text: string): string {
  return text.replace(member, '$1"[redacted]"').replace(nestedMember, String.raw`$1\"[redacted]\"`)
}
