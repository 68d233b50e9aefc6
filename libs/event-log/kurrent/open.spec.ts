import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serverCertificate } from '../../../tests/support/certificate.ts';
import { type DoubleOptions, openKurrentDouble } from '../../../tests/support/kurrent-double/index.ts';
import { A, append } from '../conformance/index.ts';
import { apart } from './connection.ts';
import { type ConnectionOptions, EventLogError, openKurrentLog, openMemoryLog } from '../index.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const given = async (options: DoubleOptions = {}) => {
  const double = await openKurrentDouble(options);
  ends.push(double.close);
  return double;
};
/** Shorter waits where nothing answers. Not shorter than the half second the client's reading part takes to connect. */
const opened = async (connectionString: string, more: Partial<ConnectionOptions> = {}) => {
  const sequence = openMemoryLog();
  const log = await openKurrentLog({ connectionString, sequence, callMs: 2_000, openMs: 4_000, ...more });
  ends.push(log.close);
  return log;
};
const IMPATIENT = { callMs: 300, openMs: 700 };
const refusal = async (opening: Promise<unknown>): Promise<EventLogError> => {
  const error: unknown = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EventLogError);
  return error as EventLogError;
};
const first = append(1, [{ stream: A, expected: 'no-stream' }]);

describe('a server', () => {
  it.each(['24.10.5', '25.0.1', '22.10.0', 'unknown'])(
    'of version %s is refused in two languages that say what to do',
    async (version) => {
      const double = await given({ version });
      const { code, message } = await refusal(opened(double.url));
      expect(code).toBe('ES_UNSUPPORTED');
      expect(message).toContain(`KurrentDB ${version} quá cũ: cần bản 25.1 trở lên`);
      expect(message).toContain(`KurrentDB ${version} is too old: 25.1 or newer is needed`);
    },
  );

  it.each([
    ['25.1.0', false, 917_504],
    ['26.0.2', false, 1_048_576],
    ['26.1.0', true, 1_048_576],
    ['27.0.0', true, 1_048_576],
  ])(
    'of version %s is used for what it can do',
    async (version, checksOnUnwrittenStreams, maxAppendBytes) => {
      const log = await opened((await given({ version })).url);
      expect(log.serverVersion).toBe(version);
      expect(log.capabilities).toStrictEqual({
        atomicMultiStream: true,
        checksOnUnwrittenStreams,
        positionsAtAppend: false,
        dedupe: 'by-event-id',
        maxAppendBytes,
        maxEventBytes: 65_535,
      });
    },
  );

  it('that is not there is given up after a while', async () => {
    const double = await given();
    await double.stop();
    expect((await refusal(opened(double.url, IMPATIENT))).code).toBe('ES_UNAVAILABLE');
  });

  it('that says nothing is given up after a while', async () => {
    const double = await given();
    double.order({ on: 'features', fault: 'silent', times: 1_000 });
    expect((await refusal(opened(double.url, IMPATIENT))).code).toBe('ES_UNAVAILABLE');
  });

  it.each(['overloaded', 'silent', 'denied', 'unavailable'] as const)(
    'that is %s at first is asked again, by a client that has not kept the refusal',
    async (fault) => {
      const double = await given();
      double.order({ on: 'features', fault });
      const log = await opened(double.url);
      expect((await log.append(first)).kind).toBe('appended');
      expect(double.faultsDelivered()).toBe(1);
    },
  );
});

describe('a setting', () => {
  it.each([
    ['another scheme', 'http://127.0.0.1:2113', 'kurrentdb+discover://'],
    ['a certificate nobody checks', 'kurrentdb://127.0.0.1:2113?tlsVerifyCert=false', 'tlsCAFile'],
    ['the same in other letters', 'kurrentdb://127.0.0.1:2113?TLSVERIFYCERT=false&tls=true', 'tlsCAFile'],
    ['failures that look like success', 'kurrentdb://127.0.0.1:2113?throwOnAppendFailure=false', 'throwOn'],
  ])('with %s is refused before anything is sent', async (_, url, says) => {
    const { code, message } = await refusal(opened(url));
    expect(code).toBe('ES_UNSUPPORTED');
    expect(message).toContain(says);
  });
});

describe('the settings of a client made anew', () => {
  it.each([
    ['kurrentdb://a:2113', 'kurrentdb://a:2113?keepAliveTimeout=10003'],
    ['kurrentdb://a:2113?tls=false', 'kurrentdb://a:2113?tls=false&keepAliveTimeout=10003'],
    ['kurrentdb://a?keepAliveTimeout=500&tls=false', 'kurrentdb://a?keepAliveTimeout=503&tls=false'],
    ['kurrentdb://a?tls=false&keepalivetimeout=-1', 'kurrentdb://a?tls=false&keepalivetimeout=-1'],
  ])('of %s are %s', (given, expected) => {
    expect(apart(given, 3)).toBe(expected);
  });
});

describe('TLS', () => {
  const served = async () => {
    const { root, certificate, key } = serverCertificate();
    const folder = await mkdtemp(join(tmpdir(), 'lalanh-tls-'));
    ends.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'root.pem');
    await writeFile(file, root);
    const double = await given({ tls: { certificate, key } });
    return { url: double.url, file };
  };

  it('with the root that vouches for the server: events are written and read', async () => {
    const { url, file } = await served();
    const log = await opened(`${url}&tlsCAFile=${encodeURIComponent(file)}`);
    expect((await log.append(first)).kind).toBe('appended');
    expect((await log.readStream(A, { limit: 5 })).length).toBe(1);
  });

  it('without it, no connection', async () => {
    const { url } = await served();
    expect((await refusal(opened(url, IMPATIENT))).code).toBe('ES_UNAVAILABLE');
  });
});

describe('a cluster', () => {
  it('is discovered from one of its nodes, and followed to another leader', async () => {
    const double = await given({ nodes: 3 });
    const log = await opened(double.url);
    expect((await log.append(first)).kind).toBe('appended');
    for (const leader of [1, 2, 0]) {
      double.elect(leader);
      const more = append(10 + leader, [{ stream: `book-l${leader}-2023`, expected: 'no-stream' }]);
      expect((await log.append(more)).kind).toBe('appended');
      expect((await log.readStream(`book-l${leader}-2023`, { limit: 5 })).length).toBe(1);
    }
  });
});
