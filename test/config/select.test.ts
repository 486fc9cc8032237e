import {expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {select} from '../../src/config/select.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {smallProfile} from '../fixtures/small-profile.ts'

async function plan() {
  const cwd = configFolder({'small.yaml': smallProfile})
  return loadPlan({flags: {profile: './small.yaml', targets: {backend: 'http://127.0.0.1:1'}}, env: {}, cwd})
}

test('without a name or a tag a run is whole, and names what it cannot run', async () => {
  const whole = await plan()
  expect(select(whole, {})).toBe(whole)
  expect(whole.missing).toEqual([
    {check: 'turn', probe: 'turn', target: 'turn', tags: ['relay'], why: 'no address for the target turn'},
  ])
})

test('names narrow a run, and a need that is left out blocks nobody', async () => {
  const narrowed = select(await plan(), {names: ['ready']})
  expect(narrowed.checks.map(({name, needs}) => ({name, needs}))).toEqual([{name: 'ready', needs: []}])
  expect(narrowed).toMatchObject({selection: 'narrowed', missing: []})
})

test('a tag finds its checks, and a name beside it adds to them', async () => {
  expect(select(await plan(), {tags: ['backend']}).checks.map(({name}) => name)).toEqual(['health'])
  expect(select(await plan(), {tags: ['backend'], names: ['ready']}).checks.map(({name}) => name)).toEqual([
    'health',
    'ready',
  ])
})

test('a check without an address may be named or tagged, and is then the one that is missing', async () => {
  expect(select(await plan(), {tags: ['relay']})).toMatchObject({checks: [], missing: [{check: 'turn'}]})
  expect(select(await plan(), {names: ['turn']}).missing.map(({check}) => check)).toEqual(['turn'])
})

test('unknown names and tags are refused with the nearest known one', async () => {
  const whole = await plan()
  expect(() => select(whole, {names: ['helth', 'ready']})).toThrow(
    'expected the name of a check, got "helth" (did you mean "health"?)',
  )
  expect(() => select(whole, {tags: ['zzz']})).toThrow('expected the name of a tag (backend, relay), got "zzz"')
})
