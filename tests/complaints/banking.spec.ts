import { expect, test } from 'vitest';
import { NUMBER, bankWorld } from '../support/bank.ts';

/** An MT940 message of one line, as the bank numbers it. */
const message = (statement: string, date: string, opening: string, closing: string): string =>
  [
    '{1:F01X}{2:I940}{4:',
    `:20:${statement}`,
    `:25:VCBVVNVX/${NUMBER}`,
    ':28C:1/1',
    `:60F:C${date}VND${opening},`,
    `:61:${date}${date.slice(2)}C100,NTRFNONREF`,
    ':86:ung ho',
    `:62F:C${date}VND${closing},`,
    '-}',
  ].join('\r\n');

test('OCA#65: a statement number that comes again skips nothing', async () => {
  const world = await bankWorld();
  await world.importText(message('SK-1', '260105', '0', '100'));
  await world.importText(message('SK-1', '260706', '100', '200'));
  await world.importText(message('SK-1', '260706', '100', '200'));
  const recorded = (await world.log.readAll({ limit: 100 })).events.filter(
    ({ type }) => type === 'bank.line-recorded.v1',
  );
  expect(recorded).toHaveLength(2);
  await world.close();
});
