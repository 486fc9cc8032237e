import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/build.ts'],
    reporters: ['default', './test/setup/closing-line.ts'],
    disableConsoleIntercept: true, // oclif writes its answers there
    testTimeout: process.env.CI ? 60_000 : 20_000,
    hookTimeout: 30_000,
    maxWorkers: process.env.CI ? 1 : 2, // where nobody waits, no test disturbs the times of another
  },
})
