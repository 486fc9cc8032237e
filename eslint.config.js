import {defineConfig} from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  {ignores: ['dist', 'node_modules', '.tools', 'coverage']},
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
    // A test file is a table of cases, and a fixture a server: neither has the size of one idea.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {'max-lines': 'off', 'no-console': 'off'},
  },
  {
    // core is pure: no clock, no environment, no output. Imports are dependency-cruiser's business.
    files: ['src/core/**/*.ts', 'src/dialect/**/*.ts'],
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
