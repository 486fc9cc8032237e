import {copyFileSync} from 'node:fs'
import {dirname, join, relative, resolve} from 'node:path'
import {build, type BuildOptions, type Plugin} from 'esbuild'

const root = join(import.meta.dirname, '..')
/** What can be made only while the script begins. */
const init = join(root, 'scenarios', 'init')

const patterns: Plugin = {
  name: 'patterns',
  setup(bundler) {
    bundler.onResolve({filter: /^re2js$/}, () => ({path: join(init, 'patterns.ts')}))
  },
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022',
  external: ['k6', 'k6/*', './re2js.cjs'],
  logLevel: 'error',
} satisfies BuildOptions

/**
 * Makes what is required one function, which is called when that is reached. Functions that merely stand there take 0.8 KB
 * each of every virtual user, and k6 has no way to load them later. Each has a copy of its own of all that it imports, state
 * included: what there must be one of stands in `init`.
 */
const later: Plugin = {
  name: 'later',
  setup(bundler) {
    bundler.onResolve({filter: /\.ts$/}, ({kind, namespace, path, resolveDir}) =>
      kind === 'require-call' && namespace === 'file'
        ? {path: relative(root, join(resolveDir, path)), namespace: 'later'}
        : undefined,
    )
    bundler.onLoad({filter: /./, namespace: 'later'}, async ({path}) => {
      const {outputFiles} = await build({
        ...common,
        external: [], // k6 has no modules left by then
        entryPoints: [join(root, path)],
        format: 'cjs',
        write: false,
        plugins: [shared],
      })
      return {contents: outputFiles[0]?.text ?? '', resolveDir: root}
    })
  },
}

/** There is one of each part of `init` in a virtual user, whoever imports it. */
const shared: Plugin = {
  name: 'shared',
  setup(bundler) {
    bundler.onResolve({filter: /^re2js$/}, () => ({path: join(init, 'patterns.ts'), external: true}))
    bundler.onResolve({filter: /\/init\//}, ({path, resolveDir}) => ({path: join(resolveDir, path), external: true}))
  },
}

/**
 * A script for k6, which knows no packages and strips no types below node_modules: one file, and beside it the engine of
 * patterns, for dialects that have some. Paths are those of the tree.
 */
export async function bundleForK6(script: string, outfile: string): Promise<void> {
  await build({...common, entryPoints: [script], outfile, format: 'esm', plugins: [patterns, later]})
  copyFileSync(join(root, 'node_modules/re2js/build/index.cjs'), join(dirname(resolve(root, outfile)), 're2js.cjs'))
}
