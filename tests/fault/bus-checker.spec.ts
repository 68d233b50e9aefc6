import { describe, expect, it } from 'vitest';
import { type RecordedEvent, eventId, partitionOf } from '#event-log';
import { encodeEvent, encodeHeartbeat } from '#messaging';
import { type TopicMessage, checkMessages } from './distributed/bus-checker.ts';
import { seeded } from './random.ts';

const PARTITIONS = 2;
const EVENTS = 12;
const SOURCE = '/ledger';

const asRead = ({ partition, key, headers, value }: ReturnType<typeof encodeEvent>): TopicMessage => ({
  partition,
  key,
  headers,
  value: value ?? '',
});

/** A log over a few streams, and the topic that a relay makes of it, with a heartbeat in between. */
const given = (): { log: RecordedEvent[]; topic: TopicMessage[] } => {
  const random = seeded(20231231);
  const previous = Array.from({ length: PARTITIONS }, () => 0);
  const log = Array.from({ length: EVENTS }, (_, index): RecordedEvent => {
    const [id, stream] = [eventId(random.uuid(), 0), `donor-nt-${index % 4}`];
    const revision = Math.floor(index / 4);
    const envelope = JSON.stringify({ id, stream, revision, recordedAt: '2024-01-01T00:00:00.000Z' });
    return { id, type: 'donor.changed.v1', stream, revision, position: index + 1, envelope };
  });
  const topic = log.flatMap((event) => {
    const partition = partitionOf(event.stream, PARTITIONS);
    const place = { source: SOURCE, partition, previous: previous[partition] ?? 0 };
    previous[partition] = event.position;
    const heartbeat = encodeHeartbeat(event.position, { ...place, previous: event.position });
    return [encodeEvent(event, place), ...(event.position % 5 === 0 ? [heartbeat] : [])].map(asRead);
  });
  return { log, topic };
};

const isOf = ({ headers }: TopicMessage, position: number): boolean =>
  headers['ce_position'] === String(position) && headers['ce_leafhash'] !== undefined;
const third = ({ topic }: ReturnType<typeof given>): TopicMessage => {
  const found = topic.find((message) => isOf(message, 3));
  if (found === undefined) throw new Error('the topic is too short');
  return found;
};
const detailsOf = (topic: readonly TopicMessage[], log: readonly RecordedEvent[]): string[] =>
  checkMessages(topic, PARTITIONS, log).violations.map(({ detail }) => detail);

describe('given a topic that holds the log', () => {
  it('nothing is found', () => {
    const { log, topic } = given();
    const found = checkMessages(topic, PARTITIONS, log);
    expect(found).toStrictEqual({ messages: EVENTS, repeated: 0, violations: [] });
  });

  it('a message that comes again, whenever, is a repeat and nothing else', () => {
    const { log, topic } = given();
    const found = checkMessages([...topic, ...topic.toReversed()], PARTITIONS, log);
    expect(found).toStrictEqual({ messages: 2 * EVENTS, repeated: EVENTS, violations: [] });
  });
});

describe('given a topic that was tampered with, the checker names', () => {
  it('a missing message', () => {
    const whole = given();
    const topic = whole.topic.filter((message) => !isOf(message, 3));
    expect(detailsOf(topic, whole.log)).toStrictEqual(['position 3 is not on the bus']);
  });

  it('a message that comes again with other bytes', () => {
    const whole = given();
    const again = { ...third(whole), value: `${third(whole).value} ` };
    expect(detailsOf([...whole.topic, again], whole.log)).toStrictEqual([
      'the message of 3 has other bytes',
      'the message of 3 stands there again, and differs',
    ]);
  });

  it('a message that comes again and names another one before it', () => {
    const whole = given();
    const again = { ...third(whole), headers: { ...third(whole).headers, ce_previous: '0' } };
    expect(again.headers).not.toStrictEqual(third(whole).headers);
    expect(detailsOf([...whole.topic, again], whole.log)).toStrictEqual([
      'the message of 3 stands there again, and differs',
    ]);
  });

  it('a message that comes too late in its partition', () => {
    const whole = given();
    const late = third(whole);
    const topic = [...whole.topic.filter((message) => !isOf(message, 3)), late];
    const last = whole.log.filter(({ stream }) => partitionOf(stream, PARTITIONS) === late.partition).at(-1);
    expect(detailsOf(topic, whole.log)).toStrictEqual([
      `3 comes after ${last?.position} in partition ${late.partition}`,
    ]);
  });

  it('a message in a foreign partition', () => {
    const whole = given();
    const topic = whole.topic.map((message) =>
      isOf(message, 3) ? { ...message, partition: 1 - message.partition } : message,
    );
    expect(detailsOf(topic, whole.log)[0]).toBe(`3 is in partition ${1 - third(whole).partition}`);
  });

  it('a message that nobody recorded', () => {
    const whole = given();
    const headers = { ...third(whole).headers, ce_id: 'forged', ce_position: String(EVENTS + 1) };
    expect(detailsOf([...whole.topic, { ...third(whole), headers }], whole.log)).toStrictEqual([
      `forged is not what stands at ${EVENTS + 1}`,
    ]);
  });
});
