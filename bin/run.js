#!/usr/bin/env node
// Syntax that an old Node can parse, down to the import: it must get as far as the message.
var major = parseInt(process.versions.node, 10)
if (major < 22) {
  console.error('probe needs Node.js 22 or newer, and this is ' + process.version)
  process.exitCode = 2
} else {
  import('node:module')
    .then(function (module) {
      module.enableCompileCache() // worth 10 ms, if it is on before anything big is loaded
      return import('../dist/main.js')
    })
    .then(function (built) {
      return built.main()
    })
    .catch(function (error) {
      console.error(/dist.main\.js' imported/.test(error.message) ? 'probe is not built: npm run build' : error)
      process.exitCode = 3
    })
}
