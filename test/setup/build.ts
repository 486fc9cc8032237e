import {execFileSync} from 'node:child_process'
import {join} from 'node:path'

/** Tests of the built program need a build that matches the sources. If it fails, dist/ is gone: nothing stale is tested. */
export default function setup(): void {
  try {
    execFileSync(process.execPath, [join(import.meta.dirname, '..', '..', 'tools', 'build.ts')], {stdio: 'inherit'})
  } catch {
    process.stderr.write('the build failed (see above): tests of the built program will fail\n')
  }
}
