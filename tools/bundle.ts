import {globSync, readFileSync, rmSync} from 'node:fs'
import {isAbsolute, join} from 'node:path'
import {rolldown} from 'rolldown'

const root = join(import.meta.dirname, '..')

/** What is started by its path: by bin/, by oclif, and as processes and threads beside the program. */
const programs = [
  ...['src/main.ts', 'src/commands/**/*.ts', 'src/hooks/*.ts'],
  ...['src/probes/child-main.ts', 'src/drill/turn/thread.ts', 'src/drill/calibrate/echo-main.ts'],
]

/**
 * src/ in dist/ as CommonJS: each program at its path, and what they share in chunks. Packages of `dependencies` stay
 * packages; what else is imported (development dependencies, and theirs) is put in. Writes over what was there, then
 * drops what is no more: a program that runs meanwhile finds its files. Returns the files that were put in.
 */
export async function bundle(): Promise<readonly string[]> {
  const {dependencies} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {dependencies: object}
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(globSync(programs, {cwd: root}).map((file) => [file.slice(4, -3), file])),
    platform: 'node',
    external: [...Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`)), 'typescript'], // oclif has a use for that in development
    resolve: {alias: {minimatch: false, tinyglobby: false}}, // oclif looks for commands and plugins with these, and is given ours
    checks: {ineffectiveDynamicImport: false}, // the list of all probes imports what single ones load when needed
  })
  const {output} = await build.write({
    dir: 'dist',
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name].cjs',
  })
  await build.close()
  const written = new Set(output.map(({fileName}) => join('dist', fileName)))
  for (const file of globSync('dist/**/*.*', {cwd: root, exclude: ['dist/scenarios']})) {
    if (!written.has(file)) rmSync(join(root, file))
  }
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds.filter(isAbsolute) : []))
}
