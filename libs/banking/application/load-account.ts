import { type EventLogReader, PAGE_MAX } from '#event-log';
import { parseEnvelope } from '#platform';
import { type BankAccountState, bankAccountKind } from '../domain/bank.ts';
import { bankAccountStream } from '../domain/events.ts';

/** The account as the log tells it now. Its stream is short: a registration and saved layouts. */
export async function loadAccount(
  log: Pick<EventLogReader, 'readStream'>,
  account: string,
): Promise<BankAccountState> {
  const stream = bankAccountStream(account);
  const records = await log.readStream(stream, { from: 0, limit: PAGE_MAX });
  return records.map(parseEnvelope).reduce(bankAccountKind.evolve, bankAccountKind.initial(stream));
}
