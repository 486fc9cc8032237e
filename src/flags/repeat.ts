import {redactUrl} from '../core/redact.ts'

/** Where the last report was written: a new one needs a folder of its own. */
const withValue = /^(--out|-o)$/
const withoutValue = /^(--out=|-o.|--json$)/

/** A command line that does the same again, to be pasted into a shell. Addresses are shown without their credentials. */
export function repeatOf(command: string, argv: readonly string[]): string {
  const kept = argv.filter(
    (word, index) => !withoutValue.test(word) && !withValue.test(word) && !withValue.test(argv[index - 1] ?? ''),
  )
  return [command, ...kept.map((word) => quoted(word.includes('://') ? redactUrl(word) : word))].join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
