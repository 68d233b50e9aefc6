import { BusError } from '../bus.ts';

/** Answers of a broker that no repeat changes: a person has to. */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_CONFIG',
  'POLICY_VIOLATION',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'UNSUPPORTED_VERSION',
]);

/** Errors an error of kafkajs may be wrapped in. */
const CAUSES_MAX = 5;

/** The protocol's name for what went wrong (`NOT_LEADER_FOR_PARTITION`); undefined for faults of the network. */
export function protocolErrorOf(error: unknown): string | undefined {
  let at = error;
  for (let depth = 0; depth < CAUSES_MAX && at instanceof Error; depth += 1) {
    if ('type' in at && typeof at.type === 'string') return at.type;
    at = at.cause;
  }
  return undefined;
}

/** The error that ends all tries at once; undefined where another may go well. */
export function refusalOf(error: unknown): BusError | undefined {
  if (error instanceof BusError) return error;
  const type = protocolErrorOf(error);
  return type !== undefined && REFUSALS.has(type)
    ? new BusError('BUS_REFUSED', `the broker refuses: ${type}`, 'no', { cause: error })
    : undefined;
}

/** Waits for `work`, but not longer than so many milliseconds; what it comes to later is nobody's any more. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
