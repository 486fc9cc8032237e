import {expect, test} from 'vitest'
import {excerpt} from '../../src/probes/excerpt.ts'

test.each<[title: string, sent: string | Uint8Array, shown: string]>([
  ['a short text is shown as it is', 'token expired', 'token expired'],
  ['white space is folded', ' <html>\r\n\t<body> ', '<html> <body>'],
  ['what cannot be printed is a dot', '\u0007bell \u001b[31mred\u200e', '·bell ·[31mred·'],
  ['bytes that are no text are dots', new Uint8Array([0x41, 0xff, 0xfe, 0x42]), 'A··B'],
  ['a long text is cut', 'x'.repeat(200), `${'x'.repeat(120)}…`],
  ['a cut never splits a character', '😀'.repeat(130), `${'😀'.repeat(120)}…`],
  ['a cut shows even where folding makes it short', `a${' '.repeat(1000)}b`, 'a…'],
  ['nothing is nothing', '', ''],
])('%s', (_title, sent, shown) => {
  expect(excerpt(sent)).toBe(shown)
})
