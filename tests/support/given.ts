import type { Context, Fact, LedgerEvent, Refusal, RefusalTable, Result } from '#kernel';
import type { AnyHandler, States } from '#platform';

/** Who decides in a test, and when, unless it says otherwise. */
export const CONTEXT: Context = {
  commandId: '0190a0b0-0000-7000-8000-000000000001',
  actor: 'ke-toan',
  recordedAt: '2026-06-30T03:00:00.000Z',
  today: '2026-06-30',
};

/** Facts as the log would hand them to an evolve: with ids, revisions and positions in the order given. */
export function recorded(facts: readonly Fact[]): LedgerEvent[] {
  const revisions = new Map<string, number>();
  return facts.map((fact, i) => {
    const revision = revisions.get(fact.stream) ?? 0;
    revisions.set(fact.stream, revision + 1);
    const id = `0190a0b0-0000-7000-8000-${String(i + 1).padStart(12, '0')}`;
    const trace = { commandId: id, correlationId: id, causationId: id };
    return {
      ...fact,
      ...trace,
      id,
      revision,
      position: i + 1,
      recordedAt: CONTEXT.recordedAt,
      actor: CONTEXT.actor,
    };
  });
}

/** The states after these facts. A stream that the decision did not name is not known to it. */
export function given(facts: readonly Fact[], named?: readonly string[]): States {
  const events = recorded(facts);
  return {
    of(kind, stream) {
      if (named && !named.includes(stream)) throw new Error(`the handler did not name ${stream}`);
      return events.filter((event) => event.stream === stream).reduce(kind.evolve, kind.initial(stream));
    },
    all: (directory) =>
      events
        .filter(({ stream }) => stream.startsWith(directory.prefix))
        .reduce(directory.evolve, directory.initial()),
    history: () => [],
  };
}

/** Takes a body as a client sends it through the schema and the decision of a handler. */
export function decide(
  handler: AnyHandler,
  body: unknown,
  facts: readonly Fact[] = [],
  context: Context = CONTEXT,
): Result<readonly Fact[], Refusal> {
  const parsed = handler.schema.parse(body);
  const named = handler.streams(parsed, context, given(facts));
  return handler.decide(parsed, given(facts, named), context);
}

/** Decides commands one after another, each on the facts of those before; throws when one is refused. */
export function factsOf(
  commands: readonly (readonly [handler: AnyHandler, body: unknown])[],
  facts: readonly Fact[] = [],
): Fact[] {
  return commands.reduce<Fact[]>(
    (before, [handler, body]) => {
      const result = decide(handler, body, before);
      if (!result.ok) throw new Error(`${handler.name} was refused: ${JSON.stringify(result.error)}`);
      return [...before, ...result.value];
    },
    [...facts],
  );
}

/** Placeholders in the texts of a refusal that its details do not fill, or its code when no text tells it. */
export function leftOpen({ code, details }: Refusal, table: RefusalTable): string[] {
  const text = table[code];
  if (!text) return [code];
  const asked = [text.vi, text.en, text.nextVi, text.nextEn].join(' ').matchAll(/\{(\w+)\}/g);
  return [...asked].flatMap(([, name = '']) => (name in details ? [] : [name]));
}
