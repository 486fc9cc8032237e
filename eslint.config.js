import {defineConfig} from 'eslint/config'
import tseslint from 'typescript-eslint'

/** The core rules that need no types: what `tsc` would say of the files that it does not read. */
const untyped = {
  'no-undef': 'error',
  'no-unused-vars': 'error',
  'no-dupe-keys': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-fallthrough': 'error',
  'no-redeclare': 'error',
  eqeqeq: 'error',
}
const timers = {setTimeout: 'readonly', clearTimeout: 'readonly'}
const node = {...timers, process: 'readonly', console: 'readonly', URL: 'readonly'}
const commonjs = {...node, require: 'readonly', module: 'writable', exports: 'writable', __dirname: 'readonly'}

export default defineConfig(
  {ignores: ['dist', 'node_modules', '.tools', 'coverage']},
  {files: ['**/*.js'], languageOptions: {globals: node}, rules: {...untyped, 'prefer-const': 'error'}},
  {files: ['**/*.cjs'], languageOptions: {globals: commonjs}, rules: untyped},
  // What an old Node must be able to parse: any at all, then the 12 that the README names.
  {files: ['bin/run.cjs', 'tools/bootstrap.cjs'], languageOptions: {ecmaVersion: 5, sourceType: 'commonjs'}},
  {files: ['tools/bootstrap/*.cjs'], languageOptions: {ecmaVersion: 2019, sourceType: 'commonjs'}},
  {files: ['test/fixtures/k6-*.js'], languageOptions: {globals: {__ENV: 'readonly'}}},
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
      '@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
      '@typescript-eslint/no-empty-function': ['error', {allow: ['arrowFunctions']}],
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_'}],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/strict-boolean-expressions': 'off',
      'max-params': ['error', 3],
      'max-lines': ['error', 250],
      'no-console': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {name: 'node:http', message: 'take it from src/probes/node-http.ts', allowTypeImports: true},
      ],
    },
  },
  {
    // A test file is a table of cases, and a fixture a server: neither has the size of one idea.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {'max-lines': 'off', 'no-console': 'off'},
  },
  {
    files: ['tools/prove.ts'], // prints a table
    rules: {'no-console': 'off'},
  },
  {
    // core is pure: no clock, no environment, no output. Imports are dependency-cruiser's business.
    files: ['src/core/**/*.ts', 'src/dialect/**/*.ts', 'src/load/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'Date',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'performance',
        'Buffer',
        'URL',
        'fetch',
      ],
      'no-restricted-properties': ['error', {object: 'Math', property: 'random'}],
    },
  },
)
