import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from './vault.ts';

const COMMAND = '0190a0b0-0000-7000-8000-000000000001';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('given a text', () => {
  it('gives the same commitment for the same command, field and text, also after opening again', async () => {
    const vault = openVault(folder);
    const first = await vault.put(COMMAND, { name: 'Bà Lan' });
    vault.close();
    const again = openVault(folder);
    expect(await again.put(COMMAND, { name: 'Bà Lan' })).toStrictEqual(first);
    expect(again.get(first['name'] ?? '')).toBe('Bà Lan');
    again.close();
  });

  it('gives another commitment for another text, field or command', async () => {
    const vault = openVault(folder);
    const commitments = await Promise.all([
      vault.put(COMMAND, { name: 'Bà Lan' }),
      vault.put(COMMAND, { name: 'Bà Hoa' }),
      vault.put(COMMAND, { reason: 'Bà Lan' }),
      vault.put(COMMAND.replace('1', '2'), { name: 'Bà Lan' }),
    ]);
    expect(new Set(commitments.flatMap((of) => Object.values(of))).size).toBe(4);
    vault.close();
  });

  it('no longer has it once it was forgotten', async () => {
    const vault = openVault(folder);
    const { name = '' } = await vault.put(COMMAND, { name: 'Bà Lan' });
    await vault.forget([name]);
    expect(vault.get(name)).toBeUndefined();
    vault.close();
  });

  it('keeps nothing of a preview', () => {
    const vault = openVault(folder);
    const { name = '' } = vault.preview(COMMAND, { name: 'Bà Lan' });
    expect(vault.get(name)).toBeUndefined();
    vault.close();
  });
});

describe('given a file', () => {
  it('keeps it under the hash of its bytes', () => {
    const vault = openVault(folder);
    const name = vault.putFile(Buffer.from('abc'));
    expect(name).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(Buffer.from(vault.getFile(name) ?? []).toString()).toBe('abc');
    expect(vault.getFile('../vault.db')).toBeUndefined();
    vault.close();
  });
});
