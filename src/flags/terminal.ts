import type {ReporterOptions} from '../reporters/reporter.ts'

/** How stdout may be written to. NO_COLOR (no-color.org) and a pipe both mean plain text, and a pipe has no width. */
export function terminal(): ReporterOptions {
  const {isTTY, columns} = process.stdout
  const {NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG} = process.env
  const locale = LC_ALL ?? LC_CTYPE ?? LANG
  return {
    color: isTTY && !NO_COLOR && TERM !== 'dumb',
    unicode: locale === undefined || /utf-?8/i.test(locale),
    ...(isTTY && {width: columns}),
  }
}
