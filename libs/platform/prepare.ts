import { hash } from 'node:crypto';
import { eventId } from '#event-log';
import { type Result, isId, isUuid, refuse } from '#kernel';
import { type Vault, VaultUnavailableError } from '#privacy';
import type { z } from 'zod';
import { canonicalJson } from './canonical.ts';
import type { AnyHandler, Commitment } from './command.ts';
import type { CommandRefusal, FieldError } from './refusals.ts';

/** A command as it comes from outside. */
export interface Command {
  /** Name of its handler: `record-receipt`. */
  readonly handler: string;
  /** UUID; the same key with the same body is the same command, for ever. */
  readonly key: string;
  readonly body: unknown;
  /** The acting person, an opaque id. */
  readonly actor: string;
  /** UUID that several commands share; the command's own key when absent. */
  readonly correlationId?: string | undefined;
  /** Decides and answers what would be appended, and leaves nothing. */
  readonly dryRun?: boolean | undefined;
}

/** A command whose form is right: parsed, its personal texts replaced, its body hashed. */
export interface Prepared {
  readonly handler: AnyHandler;
  readonly key: string;
  readonly actor: string;
  readonly correlationId: string;
  /** Id of its first event, by which it is looked up. */
  readonly firstId: string;
  readonly body: unknown;
  /** Hex SHA-256 of name and body, independent of the order of members. */
  readonly bodyHash: string;
  readonly commitments: readonly Commitment[];
  readonly dryRun: boolean;
}

/** A refusal with the list of fields; it bears the code of the first. */
export const fieldsRefusal = (errors: readonly [FieldError, ...FieldError[]]): CommandRefusal => ({
  code: errors[0].code,
  details: { pointer: errors[0].pointer },
  errors,
});

/** Checks a command's form. Personal texts stand in the vault, durable, when this answers. */
export function prepare(
  { handler: name, key, body, actor, correlationId = key, dryRun = false }: Command,
  handlers: ReadonlyMap<string, AnyHandler>,
  vault: Vault,
): Result<Prepared, CommandRefusal> | Promise<Result<Prepared, CommandRefusal>> {
  const handler = handlers.get(name);
  if (!handler) return refuse('COMMAND_UNKNOWN', { name });
  if (key === '') return refuse('KEY_MISSING');
  if (!isUuid(key)) return refuse('KEY_INVALID');
  if (actor === '') return refuse('ACTOR_MISSING');
  if (!isId(actor)) return refuse('ACTOR_INVALID');
  if (!isUuid(correlationId)) return refuse('UUID_INVALID');
  const parsed = handler.schema.safeParse(body);
  if (!parsed.success) return { ok: false, error: fieldsRefusal(fieldErrors(parsed.error.issues)) };
  const known = { handler, key, actor, correlationId, firstId: eventId(key, 0), dryRun };
  const personal = personalTexts(handler, parsed.data);
  if (personal === undefined) return { ok: true, value: sealed(known, parsed.data, body, {}) };
  const kept = dryRun ? vault.preview(key, personal) : vault.put(key, personal);
  return kept.then(
    (commitments) => ({ ok: true, value: sealed(known, parsed.data, body, commitments) }),
    (error: unknown) => {
      if (error instanceof VaultUnavailableError) return refuse('LEDGER_UNAVAILABLE', { reason: 'VAULT' });
      throw error;
    },
  );
}

const sealed = (
  known: Omit<Prepared, 'body' | 'bodyHash' | 'commitments'>,
  parsed: unknown,
  given: unknown,
  commitments: Readonly<Record<string, Commitment>>,
): Prepared => {
  const replaced = Object.values(commitments);
  const none = replaced.length === 0;
  // What was given is hashed, not what was parsed: a default that a later version adds changes no old hash.
  const text = canonicalJson(none ? given : { ...(given as object), ...commitments });
  return {
    ...known,
    body: none ? parsed : { ...(parsed as object), ...commitments },
    bodyHash: hash('sha256', `${known.handler.name}\n${text}`, 'hex'),
    commitments: replaced,
  };
};

function personalTexts(handler: AnyHandler, body: unknown): Record<string, string> | undefined {
  let texts: Record<string, string> | undefined;
  for (const field of handler.personal) {
    const text = (body as Readonly<Record<string, unknown>>)[field];
    if (typeof text === 'string') texts = { ...texts, [field]: text };
  }
  return texts;
}

const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
/** Errors of one body that are listed. */
const FIELD_ERRORS_MAX = 20;

/** What zod found, as our own codes: a schema's message is a code when it looks like one. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): readonly [FieldError, ...FieldError[]] {
  const errors = issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ code: 'FIELD_UNKNOWN', pointer: pointer([...issue.path, key]) }));
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    const code = CODE.test(issue.message) ? issue.message : missing ? 'FIELD_MISSING' : 'FIELD_INVALID';
    return [{ code, pointer: pointer(issue.path) }];
  });
  const [first = { code: 'FIELD_INVALID', pointer: '' }, ...rest] = errors;
  return [first, ...rest.slice(0, FIELD_ERRORS_MAX - 1)];
}

/** JSON pointer (RFC 6901) of a path into a document. */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
