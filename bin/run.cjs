#!/usr/bin/env node
// Syntax that any Node can parse: an old one must get as far as the message.
'use strict'
var major = parseInt(process.versions.node, 10)

if (major < 22) {
  console.error('probe needs Node.js 22 or newer, and this is ' + process.version)
  process.exitCode = 2
} else {
  require('module').enableCompileCache() // worth a fifth of the start, if it is on before anything big is loaded
  try {
    require('../dist/main.cjs').main().catch(crash)
  } catch (error) {
    crash(error)
  }
}

function crash(error) {
  console.error(/'..\/dist\/main\.cjs'/.test(error.message) ? 'probe is not built: npm run build' : error)
  process.exitCode = 3
}
