import {join} from 'node:path'
import {buildSync} from 'esbuild'

/** One file of a script for k6, which knows no packages and strips no types below node_modules. Paths are those of the tree. */
export function bundleForK6(script: string, outfile: string): void {
  buildSync({
    absWorkingDir: join(import.meta.dirname, '..'),
    entryPoints: [script],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    external: ['k6', 'k6/*'],
    alias: {re2js: './scenarios/lib/lazy-re2js.ts'},
    logLevel: 'error',
  })
}
