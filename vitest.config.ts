import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'threads',
    // One more than the smallest machine's processors: clients, databases and Terraform are mostly waited for.
    maxWorkers: 3,
    // Thousands of cases of a law take their time: see test/law.ts.
    testTimeout: process.env['GLUEPOT_LAW_RUNS'] === undefined ? 120_000 : 3_600_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/closing-line-reporter.ts'],
    env: { UV_THREADPOOL_SIZE: '16', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // In the order of their names: the long ones first, so that no worker is left alone with one at the end.
    projects: [
      {
        extends: true,
        test: { name: 'journeys', include: ['test/**/*.test.ts'] },
      },
      {
        extends: true,
        // A file in a worker of its own would load DuckDB and the SDK's clients anew, which takes longer than its tests.
        test: {
          name: 'parts',
          include: ['src/**/*.test.ts'],
          isolate: false,
          unstubEnvs: true,
          restoreMocks: true,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/wire/constraints/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
