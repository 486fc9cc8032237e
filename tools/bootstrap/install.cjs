'use strict'
const {spawnSync} = require('child_process')
const {createHash} = require('crypto')
const fs = require('fs')
const path = require('path')
const {run, Ended} = require('./run.cjs')

/** `npm ci`, if what is installed is not what the lock file says for this platform. */
exports.install = async function install(root, pinnedNode) {
  const stamp = path.join(root, 'node_modules', '.installed')
  const wanted = fingerprint(root)
  if (read(stamp) === wanted && fs.existsSync(pinnedNode)) return

  const npm = outerNpm(root)
  const version = spawnSync(npm.program, npm.args.concat('--version'), npm.options)
  const major = parseInt(String(version.stdout), 10)
  if (!(major >= 7)) throw new Ended(2, 'expected npm 7 or newer, got ' + (String(version.stdout).trim() || 'none'))

  console.error('installing packages (npm ci)')
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  await run(npm.program, npm.args.concat(flags), Object.assign({cwd: root, stdio: ['ignore', 2, 2]}, npm.options))
  if (!fs.existsSync(pinnedNode)) {
    throw new Ended(
      3,
      'npm ci did not install the pinned Node.js: are install scripts allowed (npm config get ignore-scripts)?',
    )
  }
  fs.writeFileSync(stamp, wanted) // last: an interrupted npm ci is done again
}

function fingerprint(root) {
  const hash = createHash('sha256').update(process.platform + ' ' + process.arch + '\n')
  for (const file of ['package-lock.json', '.npmrc']) hash.update(read(path.join(root, file)) + '\n')
  return hash.digest('hex')
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

/**
 * The npm and the Node of the machine, not those inside node_modules: npm ci removes that folder first.
 * Within an npm script npm itself says where it is; elsewhere it is looked for on PATH.
 */
function outerNpm(root) {
  const inside = path.join(root, 'node_modules') + path.sep
  const folders = (process.env.PATH || '')
    .split(path.delimiter)
    .filter((folder) => !(folder + path.sep).startsWith(inside))
  const options = {env: Object.assign({}, process.env, {PATH: folders.join(path.delimiter)})}
  const script = process.env.npm_execpath || ''
  const node = process.env.npm_node_execpath || process.execPath
  if (/npm-cli\.js$/.test(script) && !node.startsWith(inside)) return {program: node, args: [script], options}
  if (process.platform !== 'win32') return {program: 'npm', args: [], options}
  return {program: 'npm.cmd', args: [], options: Object.assign({shell: true}, options)}
}
