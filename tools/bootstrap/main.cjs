'use strict'
const path = require('path')
const {install} = require('./install.cjs')
const {withLock} = require('./lock.cjs')
const {run, Ended} = require('./run.cjs')

const root = path.join(__dirname, '..', '..')
const node = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Installs and builds what is not up to date, then goes on with the pinned Node. The exit code is that of the last step. */
exports.main = async function main(task, args) {
  try {
    if (task !== 'start' && task !== 'test') throw new Ended(2, 'expected "start" or "test", got "' + task + '"')
    await withLock(path.join(root, '.tools'), async () => {
      await install(root, node)
      await run(node, ['tools/build.ts'], {cwd: root})
    })
    await (task === 'start' ? start(args) : test(args))
  } catch (error) {
    if (!(error instanceof Ended)) throw error
    if (error.message) console.error(error.message)
    process.exitCode = error.code
  }
}

/** The embedded target, probed. */
function start(args) {
  return run(node, [path.join(root, 'bin', 'run.cjs'), 'demo'].concat(args), {})
}

/** The gate, with real services. What is named after `npm test --` goes to the tests alone. */
async function test(args) {
  const folders = [path.join(root, 'node_modules', '.bin'), path.join(root, '.tools'), process.env.PATH]
  const options = {cwd: root, env: Object.assign({}, process.env, {PATH: folders.join(path.delimiter)})}
  await run(node, ['tools/services.ts'], options)
  const vitest = () => run(node, ['node_modules/vitest/vitest.mjs', 'run'].concat(args), options)
  if (args.length > 0) return vitest()
  let broken
  // The tests are run also after a failed static check: one run tells everything, and ends with their closing line.
  await run(node, ['tools/check.ts'], options).catch((error) => (broken = error))
  if (broken) options.env.STATIC_CHECKS = 'failed' // said again beside the closing line, where people look
  await vitest()
  if (broken) throw broken
}
