'use strict'
const fs = require('fs')
const path = require('path')

/** Holds off a second install or build of the same folder. The lock of a process that is gone is taken over. */
exports.withLock = async function withLock(folder, work) {
  fs.mkdirSync(folder, {recursive: true})
  const lock = path.join(folder, 'bootstrap.lock')
  let said = false
  while (!take(lock)) {
    if (!said) console.error('waiting for another install or build to finish')
    said = true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    return await work()
  } finally {
    fs.unlinkSync(lock)
  }
}

/** A lock is a file that names its holder. It is linked into place whole, so nobody reads a half-written one. */
function take(lock) {
  const own = lock + '.' + process.pid
  fs.writeFileSync(own, String(process.pid))
  try {
    fs.linkSync(own, lock)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    dropIfStale(lock, own)
    return false
  } finally {
    fs.unlinkSync(own)
  }
}

/** Moves a dead holder's lock aside first: of two that see it dead, one succeeds, and nobody unlinks a fresh one. */
function dropIfStale(lock, own) {
  try {
    const holder = Number(fs.readFileSync(lock, 'utf8'))
    if (isAlive(holder)) return
    fs.renameSync(lock, own)
    if (Number(fs.readFileSync(own, 'utf8')) !== holder) fs.linkSync(own, lock) // it was taken meanwhile: put it back
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
