import {createHash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import type {Workload} from '../../load/workload.ts'
import {generate, generatorEnvironment, type GenerateSettings} from './generate.ts'
import type {Generator} from '../generator.ts'
import {inspect} from './inspect.ts'
import {reach} from './reach.ts'
import {sideBySide} from '../side-by-side.ts'

export interface K6Settings extends Pick<
  GenerateSettings,
  'k6' | 'script' | 'workload' | 'env' | 'ca' | 'outputs' | 'extra'
> {
  /** How many processes share out the load. */
  readonly processes: number
}

/** k6, which makes the load of sockets and of requests. */
export async function k6Generator(settings: K6Settings): Promise<Generator> {
  const {k6, script, workload} = settings
  const env = generatorEnvironment(settings)
  return {
    k6: k6.version,
    script: await sha256(script),
    parts: 'virtual users',
    async check() {
      await inspect({k6, script, env})
      for (const url of urlsOf(workload)) await reach(url)
    },
    generate: (load) =>
      settings.processes === 1
        ? generate({...settings, ...load})
        : sideBySide(settings.processes, load, (segment, own) => generate({...settings, ...own, segment})),
  }
}

function urlsOf({sockets, requests}: Workload): ReadonlySet<string> {
  const asked = sockets?.dialect.before.map(({request}) => request.path).filter((path) => !path.startsWith('/'))
  const urls = [...(sockets ? [sockets.url] : []), ...(asked ?? []), ...(requests?.list.map(({url}) => url) ?? [])]
  return new Set(urls.map((url) => new URL(url).origin))
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}
