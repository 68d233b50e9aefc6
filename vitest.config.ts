import { defineConfig } from 'vitest/config';

/** `source` makes `#kernel` mean libs/kernel/index.ts, in the tests and in any worker thread they start. */
const conditions = ['source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node', 'import'] } },
  test: {
    include: ['{apps,libs,tests,demo}/**/*.spec.ts'],
    pool: 'forks',
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
