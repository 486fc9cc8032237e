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
    let child
    const forward = (signal) => {
      // At Ctrl-C the terminal sends the signal to all: a second one would cut the child's own end short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    // Before the child is there: a signal in between would end this process alone.
    for (const signal of signals) process.on(signal, forward)
    const settle = (ended) => {
      for (const signal of signals) process.removeListener(signal, forward)
      if (ended) reject(ended)
      else resolve()
    }
    child = spawn(program, args, Object.assign({stdio: 'inherit'}, options))
    child.on('error', (error) => settle(new Ended(3, 'could not run ' + program + ': ' + error.message)))
    child.on('exit', (code, signal) => {
      if (signal) settle(new Ended(128 + os.constants.signals[signal]))
      else settle(code === 0 ? undefined : new Ended(code))
    })
  })
}
