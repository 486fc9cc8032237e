import {copyFileSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {buildSync} from 'esbuild'

const root = join(import.meta.dirname, '..')

/**
 * A script for k6, which knows no packages and strips no types below node_modules: one file, and beside it the engine of
 * patterns, for dialects that have some. Paths are those of the tree.
 */
export function bundleForK6(script: string, outfile: string): void {
  buildSync({
    absWorkingDir: root,
    entryPoints: [script],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    external: ['k6', 'k6/*', './re2js.cjs'],
    alias: {re2js: './scenarios/lib/lazy-re2js.ts'},
    logLevel: 'error',
  })
  copyFileSync(join(root, 'node_modules/re2js/build/index.cjs'), join(dirname(resolve(root, outfile)), 're2js.cjs'))
}
