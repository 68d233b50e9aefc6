import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';

/** A state as it stood right after one event. Disposable: it only saves replaying. */
export interface Snapshot {
  readonly name: string;
  /** Of the shape of the state; a snapshot of another version is not found. */
  readonly version: number;
  /** Revision (of a stream) or position (of the log) of the event. */
  readonly at: number;
  /** Id of that event; whoever loads the snapshot asks the log whether it stands there. */
  readonly eventId: string;
  readonly state: unknown;
}

/** Where states are kept between two starts. */
export interface Snapshots {
  save(snapshot: Snapshot): void;
  load(name: string, version: number): Snapshot | undefined;
  close(): void;
}

/**
 * Opens `snapshots.db` of a data folder. Nothing waits for the disk here: a lost or torn snapshot is not
 * believed, because the log has to confirm it.
 */
export function openSnapshots(folder: string): Snapshots {
  const db = new DatabaseSync(join(folder, 'snapshots.db'), { timeout: 5_000 });
  db.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma trusted_schema = off;
    create table if not exists snapshots (name text primary key, version integer not null,
      at integer not null, event_id text not null, state blob not null) strict, without rowid`);
  const save = db.prepare(
    `insert into snapshots values (?, ?, ?, ?, ?) on conflict (name) do update set version = excluded.version,
      at = excluded.at, event_id = excluded.event_id, state = excluded.state`,
  );
  const load = db.prepare('select at, event_id, state from snapshots where name = ? and version = ?');
  return {
    save: ({ name, version, at, eventId, state }) => {
      save.run(name, version, at, eventId, serialize(state));
    },
    load: (name, version) => {
      const row = load.get(name, version);
      if (!row) return undefined;
      const state: unknown = deserialize(row['state'] as Uint8Array);
      return { name, version, at: row['at'] as number, eventId: row['event_id'] as string, state };
    },
    close: () => db.close(),
  };
}
