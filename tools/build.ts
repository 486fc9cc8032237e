/**
 * Builds dist/ and oclif's manifest, if the sources changed since the last build.
 * Types are the gate's business (`npm run check`): here they are only stripped, which takes a third of the time.
 */
import {createHash} from 'node:crypto'
import {existsSync, globSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Plugin} from '@oclif/core/config'
import {bundle} from './bundle.ts'
import {bundleForK6} from './bundle-for-k6.ts'
import {licencesOf} from './licences.ts'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist', '.sources')
const manifest = join(root, 'oclif.manifest.json')

const sources = hashOf('{src,scenarios}/**/*.ts', 'package*.json', 'tools/{bu,lic}*.ts')
const built = existsSync(stamp) && existsSync(manifest) ? readFileSync(stamp, 'utf8') : ''
if (built !== sources) {
  try {
    rmSync(stamp, {force: true})
    writeFileSync(join(root, 'dist/LICENSES.txt'), licencesOf(await bundle()))
    await bundleForK6('scenarios/drill.ts', join(root, 'dist/scenarios/drill.js'))
    writeFileSync(join(root, 'dist/scenarios/k6-config.json'), '{}\n')
    await describeCommands()
    writeFileSync(stamp, sources) // last: an interrupted build is done again
  } catch (error) {
    // Nothing rather than something stale: whoever runs the program is told, not fooled.
    rmSync(join(root, 'dist'), {recursive: true, force: true})
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

function hashOf(...patterns: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of globSync([...patterns], {cwd: root}).sort())
    hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Without its manifest, oclif loads every command at every start. */
async function describeCommands(): Promise<void> {
  rmSync(manifest, {force: true})
  const plugin = new Plugin({root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true})
  await plugin.load()
  writeFileSync(manifest, `${JSON.stringify(plugin.manifest)}\n`)
}
