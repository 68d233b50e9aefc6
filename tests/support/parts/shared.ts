import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { inject } from 'vitest';
import { ensureSchema, openDatabase, type Database } from '#postgres';

/** What the run shares; see global-setup.ts. */
export interface Shared {
  readonly postgres: { readonly url: string };
  readonly kafka: { readonly bootstrap: readonly string[] };
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where to ask for a shared server. */
    readonly parts: string;
  }
}

/** A database of the caller's own on the run's PostgreSQL: nobody else sees its tables, locks or notifications. */
export interface FreshDatabase {
  readonly url: string;
  readonly schema: string;
  readonly database: Database;
  /** Closes `database`, ends what else is connected and removes it. */
  drop(): Promise<void>;
}

const schema = 'spec';

/** For `beforeAll` or `beforeEach`; the first call of a run starts the server. Needs no other spec to behave. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { url } = await ask('postgres');
  const name = freshName('spec_');
  await command(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = name;
  const database = openDatabase({ url: own.href, schema });
  await ensureSchema(database, schema);
  return {
    url: own.href,
    schema,
    database,
    drop: async () => {
      await database.close();
      await command(url, `drop database ${name} with (force)`);
    },
  };
}

export interface FreshTopic {
  readonly bootstrap: readonly string[];
  readonly topic: string;
}

/** A topic of the caller's own on the run's single broker; it goes with the run. */
export async function freshTopic({ partitions }: { readonly partitions: number }): Promise<FreshTopic> {
  const bootstrap = await sharedKafka();
  const topic = freshName('spec.');
  const admin = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
  return { bootstrap, topic };
}

/** The addresses of the run's single broker, for code that makes its topics itself. */
export const sharedKafka = async (): Promise<readonly string[]> => (await ask('kafka')).bootstrap;

async function ask<Name extends keyof Shared>(name: Name): Promise<Shared[Name]> {
  const answer = await fetch(`${inject('parts')}/${name}`);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Shared[Name];
}

async function command(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

const freshName = (prefix: string): string => `${prefix}${randomBytes(8).toString('hex')}`;
