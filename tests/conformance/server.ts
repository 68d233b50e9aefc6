import { spawnSync } from 'node:child_process';
import { KurrentDbContainer } from '@testcontainers/kurrentdb';

/** The server that Docker runs: one version, so that every machine tests the same. */
const IMAGE = 'docker.io/kurrentplatform/kurrentdb:26.1.0';
const DOCKER_MS = 10_000;

export type FoundServer =
  | { readonly url: string; readonly stop: () => Promise<void> }
  /** Why the suite is not run on a real server. */
  | { readonly missing: string };

/** `KURRENTDB_URL` (a server for tests alone, with no other events in it), else a container, else the reason. */
export const findServer = async (): Promise<FoundServer> => {
  const url = process.env['KURRENTDB_URL'];
  if (url !== undefined && url !== '') return { url, stop: async () => undefined };
  const docker = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: DOCKER_MS });
  if (docker.status !== 0)
    return { missing: 'not run: no server (KURRENTDB_URL is not set, Docker does not answer)' };
  const container = await new KurrentDbContainer(IMAGE).start();
  return {
    url: container.getConnectionString(),
    stop: async () => void (await container.stop()),
  };
};
