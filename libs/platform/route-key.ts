import type { AnyHandler, Directory } from './command.ts';
import type { Command } from './prepare.ts';

/** A command asked for a directory while it was only asked where it belongs. */
class AsksDirectory extends Error {
  readonly prefix: string;
  constructor(prefix: string) {
    super(prefix);
    this.prefix = prefix;
  }
}

const NOWHEN = { recordedAt: '1970-01-01T00:00:00.000Z', today: '1970-01-01' };

/**
 * What a command is routed by: the fund its body names, so that all books of one fund are decided in one
 * place; else the directory it reads or writes, since its rules go across the streams of it; else its first
 * stream. Undefined where the body has no such form: whoever gets it refuses it.
 */
export function routeKeyFinder(
  handlers: readonly AnyHandler[],
  directories: readonly Directory<unknown>[],
): (command: Command) => string | undefined {
  const byName = new Map(handlers.map((handler) => [handler.name, handler]));
  const all = ({ prefix }: { readonly prefix: string }): never => {
    throw new AsksDirectory(prefix);
  };
  const history = (): [] => [];
  return ({ handler: name, key, actor, body }) => {
    if (typeof body !== 'object' || body === null) return undefined;
    if ('fund' in body && typeof body.fund === 'string') return `fund ${body.fund}`;
    try {
      const [stream] =
        byName.get(name)?.streams(body, { commandId: key, actor, ...NOWHEN }, { all, history }) ?? [];
      const directory = directories.find(({ prefix }) => stream?.startsWith(prefix));
      return directory?.prefix ?? stream;
    } catch (error) {
      // A body that is not checked yet may have any shape; the executor says what is wrong with it.
      return error instanceof AsksDirectory ? error.prefix : undefined;
    }
  };
}
