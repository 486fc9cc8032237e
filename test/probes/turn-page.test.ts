import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {failureCodes} from '../../src/core/failure.ts'
import {probes} from '../../src/probes/index.ts'
import {waterfall} from '../../src/reporters/waterfall.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn} from '../fixtures/coturn.ts'
import {need} from '../setup/need.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'turn.md'), 'utf8')

/** The third column of the table of causes. */
const listed = [...page.matchAll(/^\|[^|]+\|[^|]+\|([^|]+)\|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
)

test('the page on TURN lists every cause that there is, and none that is not', () => {
  expect(failureCodes.filter((code) => /^(turn|stun|not_stun)/.test(code) && !listed.includes(code))).toEqual([])
  expect(listed.filter((code) => !failureCodes.some((known) => known === code))).toEqual([])
})

test('the failure on the page is what coturn gives cause to', async () => {
  need('turnserver')
  const {port} = closing(await startCoturn())
  const options = {credentials: {username: 'u', password: 'wrong'}}
  const result = await attemptOn(probes.turn, {address: `turn:127.0.0.1:${port}`, options})
  const said = waterfall(result).replace(`turn:127.0.0.1:${port}`, 'turn:turn.example.org').split('\n')
  expect(page).toContain(said.slice(0, 2).join('\n'))
})
