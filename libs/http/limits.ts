/** Bytes of one JSON body. The largest command, a disbursement of 200 lines, stays far below. */
export const BODY_BYTES_MAX = 256 * 1024;
/** Milliseconds a read waits for the position it asks for, before it answers 503. */
export const AT_LEAST_MS_MAX = 2_000;
/** Milliseconds that everything under way has to end in when the server stops. */
export const SHUTDOWN_MS_MAX = 10_000;
/** Streams of live updates that are open at once. */
export const LIVE_STREAMS_MAX = 200;

/** On every answer: no script but our own, no framing, no guessing of types. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
} as const;
