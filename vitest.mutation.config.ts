import { defineConfig } from 'vitest/config';
import everything from './vitest.config.ts';

/**
 * For Stryker: the tests beside the mutated code only. What starts whole programs would run the built code, not the
 * mutants; the random histories touch nearly every line, so each mutant would wait for them: they stay a second net.
 */
export default defineConfig({
  ...everything,
  test: {
    ...everything.test,
    include: [
      'libs/kernel/**/*.spec.ts',
      'libs/*/domain/**/*.spec.ts',
      'libs/{places,people,pledges,programmes}/*.spec.ts',
    ],
    exclude: ['**/node_modules/**', '**/history.spec.ts'],
  },
});
