import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { CliFailure } from '../failure.ts';

/** Written last: a folder that has it is a whole backup. */
export const MANIFEST = 'backup.json';

/** What a backup holds, in the words of its manifest. `root` is the RFC 6962 root over the stored bytes of all events. */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  program: z.string(),
  takenAt: z.string(),
  events: z.number().int().nonnegative(),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  files: z.array(
    z.strictObject({
      name: z.string(),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Every file of a backup folder but its manifest, with its size and hash, by name. */
export async function filesOf(folder: string): Promise<Manifest['files']> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => name !== MANIFEST)
    .toSorted();
  const files: Manifest['files'] = [];
  for (const name of names) files.push({ name, ...(await digest(join(folder, name))) });
  return files;
}

async function digest(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Reads the manifest of a backup; says what is wrong when the folder is none. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST);
  const refuse = (vi: string, en: string): never => {
    throw new CliFailure(vi, en);
  };
  if (!existsSync(file))
    return refuse(
      `${folder} không phải là bản sao lưu hoàn chỉnh (thiếu ${MANIFEST}).`,
      `${folder} is no complete backup (it lacks ${MANIFEST}).`,
    );
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return parsed.success
    ? parsed.data
    : refuse(
        `Không hiểu được ${file}; có thể nó do một phiên bản mới hơn ghi.`,
        `${file} can not be understood; a newer version may have written it.`,
      );
}

/** Files of a backup that are missing, changed, or there without being listed. */
export async function damagedFiles(folder: string, { files }: Manifest): Promise<string[]> {
  const found = new Map((await filesOf(folder)).map((file) => [file.name, file]));
  const listed = new Set(files.map(({ name }) => name));
  return [
    ...files.filter(({ name, sha256 }) => found.get(name)?.sha256 !== sha256).map(({ name }) => name),
    ...[...found.keys()].filter((name) => !listed.has(name)),
  ];
}
