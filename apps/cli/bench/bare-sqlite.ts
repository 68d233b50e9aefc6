import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { receiptBody, uuidV7 } from './receipts.ts';

/**
 * What the machine does with SQLite alone: rows as large as our events, each with a unique id, durable
 * (`synchronous=FULL`) after every `group` rows. The limit our own figures are held against.
 */
export function bareInserts(folder: string, rows: number, group: number): number {
  const file = join(folder, 'bare.db');
  const db = new DatabaseSync(file);
  db.exec(
    'pragma page_size=8192; pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-65536',
  );
  db.exec(
    'create table e (position integer primary key, id blob not null unique, envelope text not null) strict',
  );
  const insert = db.prepare('insert into e values (?, ?, ?)');
  const envelope = receiptBody('bench-0', 1, 2).padEnd(800, 'x');
  const ids = Array.from({ length: rows }, () =>
    Buffer.concat([Buffer.from(uuidV7().slice(0, 8), 'hex'), randomBytes(12)]),
  );
  const started = performance.now();
  for (let at = 0; at < rows; at += group) {
    db.exec('begin immediate');
    for (let i = at; i < Math.min(at + group, rows); i += 1)
      insert.run(i + 1, ids[i] ?? Buffer.alloc(16), envelope);
    db.exec('commit');
  }
  const seconds = (performance.now() - started) / 1000;
  db.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  return rows / seconds;
}
