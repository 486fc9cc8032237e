import {expect, test} from 'vitest'
import {changesBetween, diffProfiles} from '../../src/config/diff-profiles.ts'
import {configFolder} from '../fixtures/config-folder.ts'

test('mappings differ member by member, lists and values as wholes', () => {
  const from = {a: {b: 1, c: [1, 2], gone: true}, same: {d: null}}
  const to = {a: {b: 2, c: [1, 2, 3]}, same: {d: null}, new: {e: 'f'}}
  expect(changesBetween(from, to)).toEqual([
    {path: ['a', 'b'], from: 1, to: 2},
    {path: ['a', 'c'], from: [1, 2], to: [1, 2, 3]},
    {path: ['a', 'gone'], from: true},
    {path: ['new'], to: {e: 'f'}},
  ])
})

test('a profile of the user differs from the one that it extends by what it says', async () => {
  const cwd = configFolder({
    'eu.yaml':
      'extends: video-chat\nname: eu\nobjectives: {availability: {target: {share: 0.9995}}, match-latency: null}\n',
  })
  const changes = await diffProfiles('./eu.yaml', undefined, cwd)
  expect(changes.map(({path, to}) => [path.join('.'), to])).toEqual([
    ['name', 'eu'],
    ['objectives.match-latency', undefined],
    ['objectives.availability.target.share', 0.9995],
  ])
  expect(await diffProfiles('video-chat', './eu.yaml', cwd)).toEqual(changes)
  expect(await diffProfiles('nova', 'nova', cwd)).toEqual([])
  await expect(diffProfiles('nova', undefined, cwd)).rejects.toThrow(
    'expected a second profile, got none, and nova extends no other',
  )
})
