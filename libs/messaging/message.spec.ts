import { readFileSync } from 'node:fs';
import type { RecordedEvent } from '#event-log';
import { describe, expect, it } from 'vitest';
import { BusError, type BusMessage, type OutgoingMessage } from './bus.ts';
import { decodeMessage, encodeEvent, encodeHeartbeat, recordedAtOf } from './message.ts';

/** What partner systems read. A file here changes only together with the topic's version. */
const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8'));

const event: RecordedEvent = {
  id: '018f0000-0000-8abc-8000-000000000001',
  type: 'donor.registered.v1',
  stream: 'donor-nha-tai-tro-1',
  revision: 0,
  position: 42,
  envelope:
    '{"id":"018f0000-0000-8abc-8000-000000000001","type":"donor.registered.v1","stream":"donor-nha-tai-tro-1",' +
    '"revision":0,"effectiveOn":"2026-01-02","recordedAt":"2026-01-02T03:04:05.678Z","actor":"ke-toan",' +
    '"bodyHash":"ab","data":{"donor":"nha-tai-tro-1","note":"\\"recordedAt\\":\\"Quỹ\\""}}',
};
const place = { source: '/ledger', partition: 7, previous: 40 };

const received = ({ partition: _partition, ...rest }: OutgoingMessage, offset = 5): BusMessage => ({
  ...rest,
  offset,
});

describe('the form of a message', () => {
  it('of an event is as it always was', () => {
    expect(JSON.stringify(encodeEvent(event, place), null, 2)).toBe(JSON.stringify(golden('event'), null, 2));
  });

  it('of a heartbeat is as it always was', () => {
    expect(JSON.stringify(encodeHeartbeat(42, place), null, 2)).toBe(
      JSON.stringify(golden('heartbeat'), null, 2),
    );
  });

  it('of an event without a recorded moment has no time', () => {
    const { headers } = encodeEvent({ ...event, envelope: '{"id":"x"}' }, place);
    expect('ce_time' in headers).toBe(false);
    expect(recordedAtOf('{"id":"x"}')).toBe(undefined);
  });
});

describe('a message that is read', () => {
  it('gives the event back, its place and its leaf hash', () => {
    const { ce_leafhash: leafHash } = encodeEvent(event, place).headers;
    expect(decodeMessage(received(encodeEvent(event, place)))).toStrictEqual({
      kind: 'event',
      ...event,
      previous: 40,
      leafHash,
    });
  });

  it('says how far a partition is complete when it is a heartbeat', () => {
    expect(decodeMessage(received(encodeHeartbeat(42, place)))).toStrictEqual({
      kind: 'heartbeat',
      position: 42,
      previous: 40,
    });
  });

  const without = (name: string): BusMessage => {
    const message = received(encodeEvent(event, place));
    return {
      ...message,
      headers: Object.fromEntries(Object.entries(message.headers).filter(([key]) => key !== name)),
    };
  };
  const withHeader = (name: string, value: string): BusMessage => {
    const message = received(encodeEvent(event, place));
    return { ...message, headers: { ...message.headers, [name]: value } };
  };
  it.each([
    ['without a type', without('ce_type')],
    ['without a position', without('ce_position')],
    ['without a previous one', without('ce_previous')],
    ['without a leaf hash', without('ce_leafhash')],
    ['with a position that is no number', withHeader('ce_position', '4x')],
    ['with a negative position', withHeader('ce_position', '-4')],
    ['without an envelope', { ...received(encodeEvent(event, place)), value: null }],
  ])('is refused %s', (_title, message) => {
    expect(() => decodeMessage(message)).toThrow(BusError);
  });
});
