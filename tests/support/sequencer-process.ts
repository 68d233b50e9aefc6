// A sequencer as a process of its own, for tests that kill and stop it: KurrentDB, PostgreSQL, schema, holder, lease.
import { openKurrentFeed, runSequencer } from '#event-log';
import { openDatabase } from '#postgres';

const [connectionString = '', url = '', schema = '', holder = '', leaseMs = ''] = process.argv.slice(2);
const feed = await openKurrentFeed({ connectionString });
const database = openDatabase({ url, schema, name: holder });
// Small pages, so that a signal falls between two of them as often as not.
const running = runSequencer({ feed, database, holder, leaseMs: Number(leaseMs), pageRecords: 7 });
await running.ended;
