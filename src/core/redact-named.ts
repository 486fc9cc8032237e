const secretName = String.raw`[^"\\]*(?:token|secret|passw|credential|authorization|cookie|api-?key)[^"\\]*`
const member = new RegExp(String.raw`("${secretName}"\s*:\s*)"(?:[^"\\]|\\.)*"`, 'gi')
/** The same inside a text that is itself in JSON, where each quote has a backslash before it. */
const nestedMember = new RegExp(String.raw`(\\"${secretName}\\"\s*:\s*)\\"(?:(?!\\").)*\\"`, 'gi')

/**
 * Masks what a server gave away and nobody configured: members of JSON whose names sound like secrets, such as the
 * credentials of a TURN server in a welcome message. For what is shown to people; works on text, whatever it is part of.
 */
export function redactNamed(text: string): string {
  return text.replace(member, '$1"[redacted]"').replace(nestedMember, String.raw`$1\"[redacted]\"`)
}
