/**
 * Builds dist/ and oclif's manifest, if the sources changed since the last build.
 * Types are the gate's business (`npm run check`): here they are only stripped, which takes a third of the time.
 */
import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, globSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Plugin} from '@oclif/core/config'
import {bundleForK6} from './bundle-for-k6.ts'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist', '.sources')
const manifest = join(root, 'oclif.manifest.json')

const sources = hashOf('{src,scenarios}/**/*.ts', 'tsconfig*.json', 'package*.json', 'tools/bu*.ts')
const built = existsSync(stamp) && existsSync(manifest) ? readFileSync(stamp, 'utf8') : ''
if (built !== sources) {
  try {
    compile()
    bundleForK6('scenarios/drill.ts', join(root, 'dist/scenarios/drill.js'))
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

/** Writes over what is there, then drops what no source stands behind: a program that runs meanwhile finds its files. */
function compile(): void {
  rmSync(stamp, {force: true})
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--noCheck', '--pretty', 'false']
  const done = spawnSync(process.execPath, args, {cwd: root, encoding: 'utf8'})
  if (done.status !== 0) throw new Error(`tsc failed:\n${done.stdout}${done.stderr}`)
  for (const file of globSync('dist/**/*.*', {cwd: root, exclude: ['dist/scenarios']})) {
    const source = join(root, file.replace(/^dist/, 'src').replace(/\.js$/, '.ts'))
    if (!existsSync(source)) rmSync(join(root, file))
  }
}

/** Without its manifest, oclif loads every command at every start. */
async function describeCommands(): Promise<void> {
  rmSync(manifest, {force: true})
  const plugin = new Plugin({root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true})
  await plugin.load()
  writeFileSync(manifest, `${JSON.stringify(plugin.manifest)}\n`)
}
