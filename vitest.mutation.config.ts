import { defineConfig } from 'vitest/config';
import everything from './vitest.config.ts';

/** For Stryker: the tests beside the code only. What starts whole programs would run the built code, not the mutants. */
export default defineConfig({
  ...everything,
  test: { ...everything.test, include: ['libs/**/*.spec.ts'] },
});
