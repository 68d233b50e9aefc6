import { type ImportCommand, ledgerGate } from '#batches';
import { EventLogError } from '#event-log';
import type { Fact, Refusal } from '#kernel';
import { type OpenFolder, openLedgerFolder } from '../ledger/open-folder.ts';
import type { CommandGate } from './do/command-file.ts';
import { CliFailure } from './failure.ts';
import { httpGate } from './http-gate.ts';
import { serverOf } from './server-file.ts';

/** What a command would append, or why it is refused. */
export type PreviewAnswer =
  | { readonly ok: true; readonly wouldAppend: readonly Fact[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** A gate that somebody has to close. */
export interface OpenGate extends CommandGate {
  /** How the commands reach the ledger, for people. */
  readonly through: 'folder' | 'server';
  /** What a command would lead to; it leaves nothing. */
  preview(command: ImportCommand): Promise<PreviewAnswer>;
  close(): Promise<void>;
}

/**
 * Opens the way to the ledger of a data folder: the folder itself, or the server that holds it. Whether a
 * server lives is decided by the writer lock, which dies with its process; `server.json` only says where.
 */
export async function openGate(folder: string): Promise<OpenGate> {
  try {
    return await folderGate(folder);
  } catch (error) {
    if (!(error instanceof EventLogError) || error.code !== 'ES_LOCKED') throw error;
    const address = serverOf(folder);
    if (address === undefined)
      throw new CliFailure(
        `Một tiến trình khác đang ghi vào ${folder} và không cho biết địa chỉ. Hãy đợi hoặc dừng nó.`,
        `Another process writes ${folder} and does not say where it listens. Wait for it or stop it.`,
        undefined,
        { cause: error },
      );
    return { through: 'server', ...httpGate(address) };
  }
}

/** The folder itself, as its only writer; rejects with `ES_LOCKED` when another process is. */
export async function folderGate(folder: string, options: OpenFolder = {}): Promise<OpenGate> {
  const { ledger, vault, close } = await openLedgerFolder(folder, options);
  return {
    through: 'folder',
    ...ledgerGate(ledger),
    preview: async ({ name, key, actor, body }) => {
      const outcome = await ledger.execute({ handler: name, key, actor, body, dryRun: true });
      return outcome.ok
        ? { ok: true, wouldAppend: outcome.value.wouldAppend ?? [] }
        : { ok: false, refusal: outcome.error };
    },
    keep: (bytes) => vault.putFile(bytes),
    close,
  };
}
