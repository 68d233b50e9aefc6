import { BusError, type OutgoingMessage } from './bus.ts';
import { MESSAGE_BYTES_MAX } from './limits.ts';

/** UTF-8 bytes of text at most, without counting them one by one. */
const BYTES_PER_UNIT = 3;

/** UTF-8 bytes of key, value and headers, or a little more. */
export const sizeOf = ({ key, value, headers }: OutgoingMessage): number => {
  let units = key?.length ?? 0;
  for (const name in headers) units += name.length + (headers[name]?.length ?? 0);
  const rest = units * BYTES_PER_UNIT;
  return value === null ? rest : rest + Buffer.byteLength(value);
};

/** Throws for a partition the topic does not have and for a message that is too large; nothing is sent then. */
export function checkMessages(messages: readonly OutgoingMessage[], partitions: number): void {
  for (const message of messages) {
    const { partition } = message;
    if (!(Number.isSafeInteger(partition) && partition >= 0 && partition < partitions))
      throw new BusError('BUS_BAD_REQUEST', `there is no partition ${partition} of ${partitions}`);
    if ((message.value?.length ?? 0) * BYTES_PER_UNIT < MESSAGE_BYTES_MAX / 2) continue;
    const bytes = sizeOf(message);
    if (bytes > MESSAGE_BYTES_MAX)
      throw new BusError('BUS_TOO_LARGE', `a message of ${bytes} bytes exceeds ${MESSAGE_BYTES_MAX}`);
  }
}
