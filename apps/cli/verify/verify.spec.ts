import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteLogReader, partitionOf } from '#event-log';
import { balanceProjections } from '#funds';
import { type Database, ensureSchema, openDatabase } from '#postgres';
import {
  READ_MODELS_SCHEMA,
  catchUp,
  createPartitionedProjector,
  createProjector,
  openPostgresStore,
} from '#read-models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../tests/support/book-history.ts';
import { topicOf } from '../../../tests/support/topic.ts';
import { hasParts } from '../../../tests/support/parts/index.ts';
import { type FreshDatabase, freshDatabase } from '../../../tests/support/parts/shared.ts';
import { catchUpFolder } from '../data-folder.ts';
import { folderGate } from '../gate.ts';
import { importFolder } from '#batches';
import { createProgress } from '../progress.ts';
import { type Finding, verifyEvents } from './events.ts';
import { verifyReadModels } from './read-models.ts';
import { openPostgresModels, openSqliteModels } from './stored-models.ts';

const PARTITIONS = 4;
let folder: string;

async function importBooks(books: string, receipts: string): Promise<void> {
  const files = mkdtempSync(join(tmpdir(), 'lalanh-files-'));
  writeFileSync(join(files, 'books.csv'), `Ref,Fund,Year,Name,Level,Account,Account kind\n${books}`);
  writeFileSync(join(files, 'receipts.csv'), `Ref,Fund,Account,Date,Amount,Source\n${receipts}`);
  const gate = await folderGate(folder, { thread: false });
  await importFolder(files, gate, { actor: 'ke-toan' });
  await gate.close();
  rmSync(files, { recursive: true });
}

/** A ledger of two receipts whose read models are up to date. Positions: 1 the book, 2 and 3 the receipts. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-verify-'));
  await importBooks(
    'S,qbt,2023,Quỹ tỉnh,province,nh-1,bank\n',
    'A,qbt,nh-1,1/2/2023,100,voluntary\nB,qbt,nh-1,1/3/2023,50,voluntary\n',
  );
  await catchUpFolder(folder, createProgress());
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Changes a file of the ledger behind its back. */
function tamper(file: string, sql: string): void {
  const db = new DatabaseSync(join(folder, file));
  for (const { name } of db.prepare("select name from sqlite_schema where type = 'trigger'").all())
    db.exec(`drop trigger "${String(name)}"`);
  db.exec(sql);
  db.close();
}

const events = (): string[] => [...verifyEvents(folder, () => undefined)].map(told);
const models = async (stored = openSqliteModels(join(folder, 'readmodels.db'))): Promise<string[]> => {
  const log = openSqliteLogReader(folder);
  const check = { log, stored, projections: balanceProjections, at: () => undefined };
  const findings = await verifyReadModels(check);
  await stored.close();
  await log.close();
  return findings.map(told);
};
const told = ({ code, position }: Finding): string => `${code}@${position}`;

describe('a ledger nobody touched', () => {
  it('has no findings', async () => {
    expect([events(), await models()]).toStrictEqual([[], []]);
  });
});

describe('a ledger whose log was changed', () => {
  it('in an amount: the hash and the tree tell', () => {
    tamper('log.db', `update events set envelope = replace(envelope, '"100"', '"900"') where position = 2`);
    const found = events();
    expect(found).toContain('HASH_MISMATCH@2');
    expect(found).toContain('TREE_MISMATCH@3');
  });

  it('in the units a receipt minted: the book breaks its own rule there, and is folded no further', () => {
    tamper(
      'log.db',
      `update events set envelope = replace(envelope, '["100","150"]', '["120","170"]') where position = 3`,
    );
    const found = events();
    expect(found).toContain('SPANS_BROKEN@3');
    expect(found.filter((finding) => finding.startsWith('SPANS_BROKEN'))).toHaveLength(1);
  });

  it('into something that is no event: says where, and goes on', () => {
    tamper('log.db', `update events set envelope = 'x' || envelope where position = 2`);
    const found = events();
    expect(found).toContain('EVENT_UNREADABLE@2');
    expect(found).toContain('TREE_MISMATCH@3');
  });
});

describe('a ledger whose read models were changed', () => {
  it('in a balance: replaying gives another row', async () => {
    tamper('readmodels.db', 'update fund_balance_v5_1 set received = received + 1');
    expect(await models()).toStrictEqual(['READ_MODEL_DIFFERS@3']);
  });

  it('by a row that is gone: replaying gives it', async () => {
    tamper('readmodels.db', 'delete from fund_balance_v5_1');
    expect(await models()).toStrictEqual(['READ_MODEL_DIFFERS@3']);
  });

  it('by a read model that is gone, or stopped: both are findings', async () => {
    tamper(
      'readmodels.db',
      `delete from projection_builds where name = 'fund-balance';
       update projection_builds set fault_position = 3, fault_cause = 'poison' where name = 'pool-balance'`,
    );
    expect((await models()).toSorted()).toStrictEqual(['READ_MODEL_FAULTED@3', 'READ_MODEL_MISSING@0']);
  });
});

describe.skipIf(!hasParts('postgres'))('a ledger whose read models are in PostgreSQL', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeEach(async () => {
    fresh = await freshDatabase();
    database = openDatabase({ url: fresh.url, schema: READ_MODELS_SCHEMA });
    await ensureSchema(database, READ_MODELS_SCHEMA);
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  const project = async (): Promise<void> => {
    const log = openSqliteLogReader(folder);
    const store = openPostgresStore(database);
    await catchUp(await createProjector({ log, store, projections: balanceProjections }));
    await log.close();
  };
  const found = async (): Promise<string[]> => models(await openPostgresModels(fresh.url));

  it('has no findings when nobody touched them', async () => {
    await project();
    expect(await found()).toStrictEqual([]);
  });

  it('has the same findings as in a file when somebody did', async () => {
    await project();
    await database.query('update fund_balance_v5_1 set received = received + 1');
    await database.query('delete from trial_balance_v5_1');
    await database.query(`delete from projection_builds where name = 'place-balance'`);
    await database.query(
      `update projection_builds set fault_position = 3, fault_cause = 'poison' where name = 'pool-balance'`,
    );
    expect((await found()).toSorted()).toStrictEqual([
      'READ_MODEL_DIFFERS@3',
      'READ_MODEL_DIFFERS@3',
      'READ_MODEL_FAULTED@3',
      'READ_MODEL_MISSING@0',
    ]);
  });

  it('misses all of them when nothing was projected', async () => {
    expect(await found()).toStrictEqual(balanceProjections.map(() => 'READ_MODEL_MISSING@0'));
  });

  it('has none either where partitions stand at different positions, and has them when one is lost', async () => {
    // Another fund, whose book travels in another partition.
    const names = Array.from({ length: 20 }, (_, i) => `qbt-${i}`);
    const home = partitionOf('book-qbt-2023', PARTITIONS);
    const other = names.find((fund) => partitionOf(`book-${fund}-2023`, PARTITIONS) !== home) ?? '';
    await importBooks(
      `T,${other},2023,Quỹ huyện,district,nh-2,bank\n`,
      `C,${other},nh-2,1/4/2023,70,voluntary\n`,
    );
    const log = openSqliteLogReader(folder);
    const store = openPostgresStore(database);
    const topic = { group: 'projector', topic: 'ledger.events.v1', partitions: PARTITIONS };
    const projector = await createPartitionedProjector({
      ...topic,
      log,
      store,
      projections: balanceProjections,
    });
    const messages = await topicOf(log, PARTITIONS, randomFrom(1), { duplicate: 0, lost: 0, heartbeat: 0 });
    // The other fund's partition has seen nothing yet.
    await projector.assign(home);
    for (let more = true; more;) more = await projector.build();
    await projector.apply(home, messages[home] ?? []);
    const stands = (await projector.builds()).map(({ partitions }) => new Set(partitions).size);
    expect(Math.min(...stands)).toBeGreaterThan(1);
    expect(await found()).toStrictEqual([]);
    await database.query('delete from fund_balance_v5_1');
    expect(await found()).toHaveLength(1);
    await log.close();
  });
});
