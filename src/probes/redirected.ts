import {ProbeFailure} from '../core/errors.ts'
import {redactUrl} from '../core/redact.ts'

/** A redirect in place of the answer. Shown, and followed only where that was asked for. */
export class Redirected extends ProbeFailure {
  readonly location: URL

  constructor(message: string, location: URL) {
    super('http_redirect', message, {
      hint: `it redirects to ${redactUrl(location.href)}: name that address, or follow with \`redirects\``,
    })
    this.location = location
  }
}
