'use strict'
const {spawn} = require('child_process')
const os = require('os')

/** The end of a step that did not go well: what the whole exits with, and what to say of it if anything. */
class Ended extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}
exports.Ended = Ended

/** Runs a program to its end. Signals go on to it, so that nothing is left behind; any exit but 0 is an Ended. */
exports.run = function run(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, Object.assign({stdio: 'inherit'}, options))
    // At Ctrl-C the terminal sends the signal to all: waiting for the child is enough, and a second one would cut short its end.
    const forward = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    const done = () => {
      for (const signal of signals) process.removeListener(signal, forward)
    }
    child.on('error', (error) => {
      done()
      reject(new Ended(3, 'could not run ' + program + ': ' + error.message))
    })
    child.on('exit', (code, signal) => {
      done()
      if (code === 0) resolve()
      else reject(new Ended(signal ? 128 + os.constants.signals[signal] : code))
    })
  })
}
