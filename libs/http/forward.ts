import type { Command, Forward, Ledger, Outcome } from '#platform';
import { z } from 'zod';
import type { Route } from './endpoint.ts';

/** Where ledgers hand commands to each other. The same rights as the public routes: it decides, nothing else. */
const PATH = '/internal/commands';
/** Its body is no JSON request of the public surface, and may be larger. */
const CONTENT_TYPE = 'application/vnd.lalanh.commands+json';
/** Bytes of one forwarded batch. */
export const FORWARD_BYTES_MAX = 64 * 1024 * 1024;
/** Milliseconds the other ledger has to answer in; after that the command is decided here. */
export const FORWARD_MS_MAX = 5_000;
/** Says who forwarded: such a command is decided where it arrives and goes no further. */
const FORWARDED_BY = 'lalanh-forwarded';

const commandsSchema: z.ZodType<readonly Command[]> = z.array(
  z.object({
    handler: z.string(),
    key: z.string(),
    body: z.unknown(),
    actor: z.string(),
    correlationId: z.string().optional(),
    dryRun: z.boolean().optional(),
  }),
);

/** Forwards over HTTP, on connections that stay open. */
export const forwardOverHttp =
  (self: string, timeoutMs = FORWARD_MS_MAX): Forward =>
  async ({ address }, commands) => {
    const response = await fetch(new URL(PATH, address), {
      method: 'POST',
      headers: { 'content-type': CONTENT_TYPE, [FORWARDED_BY]: self },
      body: JSON.stringify(commands),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = (await response.json()) as readonly Outcome[];
    if (response.status !== 200 || answer.length !== commands.length)
      throw new Error(`the ledger at ${address} answered ${response.status}`);
    return answer;
  };

/** Takes forwarded commands and decides them with `local`, never with a ledger that would forward them again. */
export const forwardedEndpoint = (local: Ledger): Route => ({
  spec: {
    method: 'POST',
    path: PATH,
    tag: 'internal',
    summary: 'Lệnh chuyển tiếp / Forwarded commands',
    internal: true,
  },
  accepts: { types: [CONTENT_TYPE], bytesMax: FORWARD_BYTES_MAX },
  route:
    ({ problems, onFault }) =>
    (request, reply) => {
      const commands = parsed(request.body);
      if (request.headers[FORWARDED_BY] === undefined || !commands)
        return problems.send(reply, { code: 'BODY_NOT_JSON', details: {} });
      local.executeMany(commands).then(
        (outcomes) => reply.header('content-type', 'application/json').send(JSON.stringify(outcomes)),
        (error: unknown) => {
          onFault(error);
          problems.send(reply, { code: 'INTERNAL', details: {} });
        },
      );
    },
});

const parsed = (body: unknown): readonly Command[] | undefined => {
  try {
    return commandsSchema.safeParse(JSON.parse(String(body))).data;
  } catch {
    return undefined;
  }
};
