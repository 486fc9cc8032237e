import type {Command, Interfaces} from '@oclif/core'
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'

const require = createRequire(import.meta.url)

/**
 * The commands as the build wrote them down, for oclif. Its own plugin does the same, and then sorts them by
 * `localeCompare`, for which V8 loads ICU's collation: 20 ms of CPU at each start.
 */
export function builtPlugin(root: string): Interfaces.Plugin {
  const pjson = readJson(join(root, 'package.json')) as Interfaces.PJSON
  const {commands} = readJson(join(root, 'oclif.manifest.json')) as Interfaces.Manifest
  const {name, version, oclif} = pjson
  const hooks = oclif.hooks as Readonly<Record<string, string>>
  const load = (id: string): Promise<Command.Class> => {
    const file = join(root, ...(commands[id]?.relativePath ?? []))
    const {default: command} = require(file) as {default: Command.Class}
    return Promise.resolve(Object.assign(command, {id, plugin}))
  }
  const plugin: Interfaces.Plugin = {
    ...{_base: '', root, options: {root}, pjson, name, alias: name, version, type: 'core', moduleType: 'module'},
    ...{isRoot: true, hasManifest: true, valid: true, load: () => Promise.resolve()},
    commandsDir: undefined,
    commandIDs: Object.keys(commands),
    commands: Object.entries(commands).map(([id, command]) => ({...command, load: () => load(id)})),
    findCommand: load,
    hooks: Object.fromEntries(
      Object.entries(hooks).map(([event, target]) => [event, [{identifier: 'default', target}]]),
    ),
    topics: Object.entries(oclif.topics ?? {}).map(([topic, known]) => ({...known, name: topic})),
  }
  return plugin
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
