// The health check of the image: exit code 0 when the service beside it is alive.
const port = process.env.LALANH_PORT ?? 4606;
const answer = await fetch(`http://127.0.0.1:${port}/health/live`, {
  signal: AbortSignal.timeout(2_000),
}).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
