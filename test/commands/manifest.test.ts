import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {runCommand} from '@oclif/test'
import {describe, expect, test} from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const config = await Config.load(root)
const aliases = config.commands.flatMap(({hiddenAliases}) => hiddenAliases)
const ids = config.commandIDs
  .filter((id) => !aliases.includes(id))
  .map((id) => id.replaceAll(':', ' '))
  .sort()

describe('the list of commands', () => {
  test('is the one of the README', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const section = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## Exit codes'))
    const listed = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, id]) => id)
    expect(ids).toEqual(listed.sort())
  })

  test.each(ids)('%s explains itself, with examples', async (id) => {
    const {stdout, error} = await runCommand(`${id} --help`, root)
    expect(error).toBeUndefined()
    expect(stdout).toMatch(/USAGE\n +\$ probe /)
    expect(stdout).toMatch(new RegExp(`EXAMPLES\\n[^]*probe ${id}`))
    expect(stdout).toMatch(/--json/)
  })

  test('has no letter that stands for two flags of one command', () => {
    const doubled = config.commands.flatMap(({id, flags}) => {
      const letters = Object.values(flags).flatMap(({char}) => char ?? [])
      return letters.filter((letter, index) => letters.indexOf(letter) !== index).map((letter) => `${id} -${letter}`)
    })
    expect(doubled).toEqual([])
  })

  test('has ws as a short word for websocket, shown once', async () => {
    const {stdout: help} = await runCommand('--help', root)
    expect(help).not.toMatch(/^ +ws /m)
    const {stdout} = await runCommand('ws --help', root)
    expect(stdout).toContain('probe ws')
  })
})
