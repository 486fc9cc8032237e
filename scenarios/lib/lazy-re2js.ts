import type {RE2JS as Engine} from 're2js'

/**
 * Takes the place of `re2js` in the bundle. The engine builds its tables of all scripts when it is loaded, in every
 * virtual user: only a dialect that has patterns shall pay for that.
 */
export const RE2JS = {
  compile(source: string): Engine {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- what is imported is loaded at once
    const {RE2JS: engine} = require('../../node_modules/re2js/build/index.cjs') as {RE2JS: typeof Engine}
    return engine.compile(source)
  },
}
