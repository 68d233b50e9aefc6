import { hash } from 'node:crypto';
import type { EventLogReader } from '#event-log';
import { type Day, type Refusal, type Result, ok, refuse, yearOf } from '#kernel';
import { type Command, type Ledger, canonicalJson } from '#platform';
import { FILE_BYTES_MAX, type Vault } from '#privacy';
import type { BankAccountRegistered } from '../domain/events.ts';
import { bankName, binOfLayout } from '../domain/read-statement/layouts.ts';
import { type ReadLine, type ReadStatement, type StatementException, bounded } from '../domain/statement.ts';
import { readStatementFile } from '../files/index.ts';
import { lineIds, lineKey, statementId, uuidFrom } from './line-ids.ts';
import { loadAccount } from './load-account.ts';
import type { ImportStatementBody, RecordLinesBody } from './record-lines.ts';
import { LINES_MAX } from './shared.ts';

/** What an import stands on. */
export interface ImportPorts {
  readonly ledger: Pick<Ledger, 'execute' | 'executeMany'>;
  readonly vault: Vault;
  readonly log: Pick<EventLogReader, 'readStream'>;
}

export interface ImportFile {
  readonly account: string;
  readonly bytes: Uint8Array;
  /** The person who imports, an opaque id. */
  readonly actor: string;
  readonly onProgress?: (done: number, all: number) => void;
}

/** What became of one statement of the file. */
export interface ImportedStatement {
  readonly statement: string;
  readonly format: string;
  readonly layout: string;
  readonly from: Day;
  readonly to: Day;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  readonly lines: number;
  /** Lines that no earlier file had brought. */
  readonly recorded: number;
  readonly known: number;
  /** Lines before the day the account starts on. */
  readonly beforeStart: number;
  readonly exceptions: readonly StatementException[];
}

export interface ImportReport {
  readonly account: string;
  /** Name of the original bytes in the vault; null: they were more than it takes. */
  readonly file: string | null;
  /** Why nothing was recorded; null: all was. */
  readonly refusal: Refusal | null;
  readonly statements: readonly ImportedStatement[];
  /** Sections of the file that are of other accounts. */
  readonly otherAccounts: number;
}

/** Commands that are under way at once: some thousand lines, so that memory and waiting stay bounded. */
const COMMANDS_AT_ONCE = 25;
/** Characters of a bank's own number that are kept. */
const BANK_REF_CHARS_MAX = 100;

/**
 * Imports one bank file for an account. The original bytes are kept first, whatever becomes of them; a file that is
 * refused leaves nothing else. Lines that are there already are left out, so importing again, overlapping files and
 * any order of files lead to the same lines. Rejects only when a store does not answer.
 */
export async function importBankFile(ports: ImportPorts, file: ImportFile): Promise<ImportReport> {
  const { account, bytes } = file;
  const none = { account, statements: [], otherAccounts: 0 };
  if (bytes.byteLength > FILE_BYTES_MAX) {
    const limit = `${FILE_BYTES_MAX / 1024 / 1024} MB`;
    return { ...none, file: null, refusal: { code: 'STATEMENT_TOO_LARGE', details: { limit } } };
  }
  const name = await ports.vault.putFile(bytes);
  const { registered, layouts } = await loadAccount(ports.log, account);
  if (!registered)
    return { ...none, file: name, refusal: { code: 'BANK_ACCOUNT_UNKNOWN', details: { account } } };
  const { bin, commodity } = registered;
  const read = await readStatementFile(bytes, { saved: layouts, bin, commodity });
  if (!read.ok) return { ...none, file: name, refusal: read.error };
  const own = await ownStatements(read.value, registered, ports.vault);
  if (!own.ok) return { ...none, file: name, refusal: own.error };
  const otherAccounts = read.value.length - own.value.length;
  const statements: ImportedStatement[] = [];
  for (const [index, statement] of own.value.entries()) {
    const imported = await importStatement(ports, file, name, registered, statement, index);
    if (!imported.ok) return { account, file: name, refusal: imported.error, statements, otherAccounts };
    statements.push(imported.value);
  }
  return { account, file: name, refusal: null, statements, otherAccounts };
}

/** The statements of the file that are of this account; refused when the file is of another account, bank or currency. */
async function ownStatements(
  statements: readonly ReadStatement[],
  registered: BankAccountRegistered,
  vault: Vault,
): Promise<Result<readonly ReadStatement[]>> {
  const number = await vault.get(registered.number);
  const isNamed = ({ accountNumbers }: ReadStatement): boolean =>
    number !== undefined && accountNumbers.includes(number);
  const own = statements.filter(isNamed);
  const unnamed = statements.filter(({ accountNumbers }) => accountNumbers.length === 0);
  const [only, ...others] = unnamed;
  const chosen =
    own.length > 0
      ? own
      : only && others.length === 0 && statements.length === 1
        ? [{ ...only, exceptions: [...only.exceptions, { code: 'ACCOUNT_NOT_STATED', details: {} }] }]
        : [];
  for (const statement of chosen.length > 0 ? chosen : statements) {
    const layoutBin = isNamed(statement) ? null : binOfLayout(statement.layout);
    const bin = statement.bin ?? layoutBin;
    if (bin !== null && bin !== registered.bin)
      return refuse('STATEMENT_OF_ANOTHER_BANK', {
        found: bankName(bin),
        expected: bankName(registered.bin),
      });
  }
  if (chosen.length === 0) return refuse('STATEMENT_OF_ANOTHER_ACCOUNT', { account: registered.account });
  const foreign = chosen.find(({ commodity }) => commodity !== null && commodity !== registered.commodity);
  return foreign
    ? refuse('STATEMENT_OF_ANOTHER_CURRENCY', {
        found: foreign.commodity ?? '',
        expected: registered.commodity,
      })
    : ok(chosen);
}

async function importStatement(
  { ledger, vault }: ImportPorts,
  { account, actor, onProgress }: ImportFile,
  file: string,
  { startsOn }: BankAccountRegistered,
  statement: ReadStatement,
  index: number,
): Promise<Result<ImportedStatement>> {
  const id = statementId(file, account, index);
  const body = statementBody(statement, { account, statement: id, file });
  const command = commandOf('import-bank-statement', body, actor);
  // Asked before any line is sent: a day to come or an account that is gone refuses the file as a whole.
  const asked = await ledger.execute({ ...command, dryRun: true });
  if (!asked.ok && asked.error.code !== 'BANK_STATEMENT_KNOWN') return asked;
  const ids = lineIds(await lineKey(vault, account), account, statement.lines);
  const kept = statement.lines.flatMap((line, i) =>
    line.bookedOn < startsOn ? [] : [{ line, id: ids[i] ?? '' }],
  );
  const byYear = Map.groupBy(kept, ({ line }) => yearOf(line.bookedOn));
  const batches = [...byYear].flatMap(([year, lines]) =>
    chunks(lines, LINES_MAX).map((lines) => ({ year, lines })),
  );
  let recorded = 0;
  let done = 0;
  for (const some of chunks(batches, COMMANDS_AT_ONCE)) {
    // All their texts become durable together.
    const bodies = await Promise.all(some.map(({ year, lines }) => linesBody(vault, account, year, lines)));
    const commands = bodies.map((body) => commandOf('record-bank-lines', body, actor));
    for (const outcome of await ledger.executeMany(commands)) {
      if (outcome.ok && !outcome.value.duplicate) recorded += outcome.value.events.length;
      if (!outcome.ok && outcome.error.code !== 'BANK_LINES_KNOWN') return outcome;
    }
    done += some.reduce((sum, { lines }) => sum + lines.length, 0);
    onProgress?.(done, kept.length);
  }
  const outcome = await ledger.execute(command);
  if (!outcome.ok && outcome.error.code !== 'BANK_STATEMENT_KNOWN') return outcome;
  const { format, layout, from, to, opening, closing, exceptions } = statement;
  return ok({
    statement: id,
    format,
    layout,
    from,
    to,
    opening,
    closing,
    exceptions,
    lines: statement.lines.length,
    recorded,
    known: kept.length - recorded,
    beforeStart: statement.lines.length - kept.length,
  });
}

/** A command whose key is made from what it says: the same again is the same command, whoever sends it when. */
const commandOf = (handler: string, body: object, actor: string): Command => ({
  handler,
  body,
  actor,
  key: uuidFrom(`${handler}\n${hash('sha256', canonicalJson(body), 'hex')}`),
});

const sumOf = (lines: readonly ReadLine[], direction: ReadLine['direction']): string =>
  String(lines.reduce((sum, line) => (line.direction === direction ? sum + line.amount : sum), 0n));

const text = (value: bigint | null): string | null => (value === null ? null : String(value));

const statementBody = (
  { format, layout, from, to, opening, closing, lines, exceptions }: ReadStatement,
  ids: Pick<ImportStatementBody, 'account' | 'statement' | 'file'>,
): ImportStatementBody => ({
  ...ids,
  format,
  layout,
  from,
  to,
  opening: text(opening),
  closing: text(closing),
  lines: lines.length,
  totalIn: sumOf(lines, 'in'),
  totalOut: sumOf(lines, 'out'),
  exceptions: bounded(exceptions).map(({ code, details }) => ({ code, details: { ...details } })),
});

/** The lines of one command, their texts kept in the vault under the id of the line: once, whatever file brings it. */
async function linesBody(
  vault: Vault,
  account: string,
  year: number,
  lines: readonly { readonly line: ReadLine; readonly id: string }[],
): Promise<RecordLinesBody> {
  const kept = await Promise.all(
    lines.map(async ({ line, id }) => {
      const { narrative, counterparty, bookedOn, valueOn, amount, direction, balance, bankRef } = line;
      const texts = { ...(narrative !== '' && { narrative }), ...(counterparty && { counterparty }) };
      const sealed =
        Object.keys(texts).length === 0 ? {} : await vault.put(uuidFrom(`${account}/${id}`), texts);
      return {
        line: id,
        bookedOn,
        valueOn,
        direction,
        amount: String(amount),
        balance: text(balance),
        narrative: sealed['narrative'] ?? null,
        counterparty: sealed['counterparty'] ?? null,
        bankRef: printable(bankRef),
      };
    }),
  );
  return { account, year, lines: kept };
}

/** A number as a bank gives it, on one line and without what can not be shown. */
function printable(bankRef: string | null): string | null {
  const shown = (bankRef ?? '')
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ')
    .trim()
    .slice(0, BANK_REF_CHARS_MAX);
  return shown === '' ? null : shown;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < items.length; at += size) found.push(items.slice(at, at + size));
  return found;
}
