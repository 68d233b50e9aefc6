import { defineConfig } from 'vitest/config';

/**
 * `source` makes `#kernel` mean libs/kernel/index.ts, in the tests and in any worker thread they start. Node gets
 * these too and adds `import` or `require` itself: named here, `import` would hold for `require` as well, and a
 * package with both forms (pg-pool) would meet the wrong one.
 */
const conditions = ['source', 'node', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    include: ['{apps,libs,tests,demo}/**/*.spec.ts'],
    pool: 'forks',
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
