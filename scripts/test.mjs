// `npm test`: prepares, then runs every check and every test. The last line is `N passed, N failed, N skipped`.
// Anything failed, or skipped although it could have been installed, ends with an exit code other than 0.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { judges } from './judges.mjs';
import { runNode26 } from './node26.mjs';
import { parts } from './parts.mjs';
import { prepare } from './prepare.mjs';
import { root, say, seconds } from './say.mjs';

const resultFile = join(root, '.cache', 'vitest.json');
const tool = (...path) => join(root, 'node_modules', ...path);
const rule = join(root, '.dependency-cruiser.cjs');
const sourceFolders = ['apps', 'libs'].filter((folder) => existsSync(join(root, folder)));

const checks = [
  ['Kiểu dữ liệu', 'Types', [tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'tsconfig.json']],
  ['Định dạng', 'Format', [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['Kiểm tra mã', 'Lint', [tool('oxlint', 'bin', 'oxlint'), '--quiet']],
  [
    'Luật import',
    'Import rule',
    [tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', rule, ...sourceFolders],
  ],
];

const began = Date.now();
const total = { passed: 0, failed: 0, skipped: 0 };
// Said last in every case, also when preparing already fails and ends the program.
process.once('exit', () =>
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`),
);

total.failed = 1;
await prepare();
total.failed = 0;

for (const [vietnamese, english, args] of checks) {
  say(vietnamese, english);
  const code = await runNode26(args, { cwd: root });
  total[code === 0 ? 'passed' : 'failed'] += 1;
}

say('Chương trình đối chứng', 'Judges (programs that are not ours)');
const found = judges();
say('Các phần thật: PostgreSQL, Java, Kafka', 'Real parts: PostgreSQL, Java, Kafka');
const missing = Object.entries({ ...found, ...(await parts()) }).filter(
  ([, one]) => one.missing !== undefined,
);

say('Các bài kiểm thử', 'Tests');
mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(resultFile, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`];
const code = await runNode26([tool('vitest', 'vitest.mjs'), 'run', ...reporters], { cwd: root });
if (existsSync(resultFile)) {
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests;
  total.skipped += result.numPendingTests + result.numTodoTests;
  // A file that cannot be loaded, or an error outside any test, fails the run without failing a test.
  if (code !== 0 && result.numFailedTests === 0) total.failed += 1;
} else {
  total.failed += 1;
}

// Only a judge or part that this machine can not have excuses a skipped test, and in CI not even that.
const excusable = ([, one]) => !one.installable && !process.env.CI;
const excused = missing.length > 0 && missing.every(excusable);
// A part that could have been had is a failure of its own, and the closing line counts it.
total.failed += missing.filter((one) => !excusable(one)).length;
const bad = total.failed > 0 || (total.skipped > 0 && !excused);
if (total.skipped > 0) {
  const why = missing.map(([name, one]) => `${name}: ${one.missing}`).join('; ') || 'it.skip';
  say(`Có bài bị bỏ qua (${why})`, `Some tests were skipped (${why})`);
}
say(`Xong sau ${seconds(began)}`, `Done in ${seconds(began)}`);
process.exitCode = bad ? 1 : 0;
