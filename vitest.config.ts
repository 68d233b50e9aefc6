import { defineConfig } from 'vitest/config';

/**
 * `source` makes `#kernel` mean libs/kernel/index.ts, in the tests and in any worker thread they start. Not `import`:
 * these reach Node's own `require` too, which would then get the wrong half of a package that has both.
 */
const conditions = ['source', 'node', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    include: ['{apps,libs,tests,demo}/**/*.spec.ts'],
    globalSetup: ['tests/support/parts/global-setup.ts'],
    pool: 'forks',
    // kafkajs sets timers that are already over.
    execArgv: [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=TimeoutNegativeWarning',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
