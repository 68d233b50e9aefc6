import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventId, uuidBytes } from './event-id.ts';

const COMMAND = '018f3a5b-7c1d-7abc-9def-0123456789ab';

/** The rule written down as bytes, the long way. */
const byTheRule = (commandId: string, index: number): string => {
  const command = uuidBytes(commandId);
  const tail = createHash('sha256').update(command).update(String(index)).digest();
  const id = Buffer.concat([command.subarray(0, 6), tail.subarray(0, 10)]);
  id.writeUInt8(0x80 | (id.readUInt8(6) & 0x0f), 6);
  id.writeUInt8(0x80 | (id.readUInt8(8) & 0x3f), 8);
  return id.toString('hex');
};

describe('an event id', () => {
  it('is made by the rule, for every index', () => {
    for (let index = 0; index < 300; index += 1)
      expect(eventId(COMMAND, index).replaceAll('-', '')).toBe(byTheRule(COMMAND, index));
  });

  it('is a UUID v8 that keeps the time of its command', () => {
    expect(eventId(COMMAND, 0)).toMatch(/^018f3a5b-7c1d-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is the same for a retry and another for another index or command', () => {
    const ids = [
      eventId(COMMAND, 0),
      eventId(COMMAND, 1),
      eventId(COMMAND, 10),
      eventId(COMMAND.replace('9ab', '9ac'), 0),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(eventId(COMMAND, 0)).toBe(ids[0]);
  });
});
