'use strict'
// `npm start` and `npm test` begin here, on whatever Node the machine has. Syntax that any Node can parse:
// an old one must get as far as the message. What follows is loaded after the check.
var OLDEST = 12 // npm 7, the first that reads our lock file, runs on it
var major = parseInt(process.versions.node, 10)

if (major < OLDEST) {
  console.error('expected Node.js ' + OLDEST + ' or newer with npm 7 or newer, got Node.js ' + process.version)
  process.exitCode = 2
} else {
  require('./bootstrap/main.cjs').main(process.argv[2], process.argv.slice(3))
}
