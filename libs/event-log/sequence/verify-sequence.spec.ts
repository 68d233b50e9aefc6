import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase, prepareRoles, takeRole } from '#postgres';
import { hashHex, leafHash, nodeHash } from '#transparency';
import { type PostgresServer, startPostgres } from '../../../tests/support/parts/index.ts';
import { feedEvent, listFeed } from '../../../tests/support/sequence.ts';
import type { LogSummary } from '../verify.ts';
import { prepareSequence } from './schema.ts';
import { createSequencer } from './sequencer.ts';
import { verifySequence } from './verify-sequence.ts';

let server: PostgresServer;
let database: Database;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const A = 'book-a-2024';
const B = 'book-b-2024';
const EVENTS = [feedEvent(0, A, 0), feedEvent(1, B, 0), feedEvent(2, A, 1), feedEvent(3, A, 2)];

beforeEach(async () => {
  schemas += 1;
  database = openDatabase({ url: server.url, schema: `verify_${schemas}` });
  await prepareRoles(database);
  await prepareSequence(database);
  const role = await takeRole(database, { name: 'sequencer', holder: 'spec', leaseMs: 60_000 });
  if (role === undefined) throw new Error('somebody sequences');
  await createSequencer({ feed: listFeed(EVENTS), database, role }).step();
  return () => database.close();
});

const verified = async (): Promise<{ found: string[]; summary: LogSummary; visited: number[] }> => {
  const visited: number[] = [];
  const check = verifySequence(database, ({ position }) => visited.push(position));
  const found: string[] = [];
  for (;;) {
    const next = await check.next();
    if (next.done) return { found, summary: next.value, visited };
    found.push(`${next.value.code}@${next.value.position}`);
  }
};
const damage = (sql: string): Promise<unknown> =>
  database.transaction(async (tx) => {
    for (const table of ['events', 'marks']) await tx.query(`alter table ${table} disable trigger all`);
    await tx.query(sql);
  });

describe('a sequence nobody touched', () => {
  it('has no findings, and the root over its bytes', async () => {
    const [a = '', b = '', c = '', d = ''] = EVENTS.map(({ envelope }) => leafHash(envelope));
    expect(await verified()).toStrictEqual({
      found: [],
      summary: { events: 4, root: hashHex(nodeHash(nodeHash(a, b), nodeHash(c, d))) },
      visited: [1, 2, 3, 4],
    });
  });
});

describe('a sequence that was changed', () => {
  it.each([
    [
      'in a text',
      `update events set envelope = replace(envelope, 'bodyHash', 'bodyhash') where position = 2`,
      ['HASH_MISMATCH@2', 'TREE_MISMATCH@4'],
    ],
    [
      'in a text and its hash, where the columns stay',
      `update events set envelope = 'x', leaf_hash = sha256('\\x0078') where position = 2`,
      ['COLUMN_MISMATCH@2', 'TREE_MISMATCH@4'],
    ],
    ['in a leaf hash', `update events set leaf_hash = sha256('x') where position = 3`, ['HASH_MISMATCH@3']],
    ['in a column', `update events set type = 'book.other.v1' where position = 1`, ['COLUMN_MISMATCH@1']],
    [
      'by a missing event',
      'delete from events where position = 3',
      ['SEQUENCE_GAP@4', 'REVISION_GAP@4', 'TREE_MISMATCH@4'],
    ],
    ['by a cut tail', 'delete from events where position = 4', ['TREE_MISMATCH@3']],
    [
      'by a row beyond its head',
      'update head set size = 3, frontier = sha256(frontier) || frontier',
      ['TREE_MISMATCH@4'],
    ],
    ['in a kept edge', `insert into marks values (2, sha256('x'))`, ['TREE_MISMATCH@2']],
  ])('%s: the findings say where', async (_, sql, findings) => {
    await damage(sql);
    expect((await verified()).found).toStrictEqual(findings);
  });
});
