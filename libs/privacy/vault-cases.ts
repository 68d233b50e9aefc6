import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert';
import { FILE_BYTES_MAX, type Vault, commit } from './vault.ts';

/** A vault under test. `another` is a second door to the same vault, as another process would have it. */
export interface VaultSubject {
  readonly vault: Vault;
  readonly another: () => Promise<Vault>;
  readonly dispose: () => Promise<void>;
}

/** One promise of the vault. `run` rejects with an AssertionError where a vault breaks it. */
export interface VaultCase {
  readonly title: string;
  readonly run: (subject: VaultSubject) => Promise<void>;
}

const COMMAND = '0190a0b0-0000-7000-8000-000000000001';
const OTHER_COMMAND = '0190a0b0-0000-7000-8000-000000000002';
const LAN = { name: 'Bà Lan' };
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
/** Puts of one command that are under way at once, half of them through each door. */
const AT_ONCE = 12;

/** What every vault owes, whatever it keeps its texts in. */
export const VAULT_CASES: readonly VaultCase[] = [
  {
    title: 'the same command, field and text give the same commitment, also through another door',
    run: async ({ vault, another }) => {
      const first = await vault.put(COMMAND, LAN);
      const door = await another();
      deepStrictEqual(await door.put(COMMAND, LAN), first);
      strictEqual(await door.get(first['name'] ?? ''), 'Bà Lan');
    },
  },
  {
    title: 'puts of one command at once, through two doors, give one commitment',
    run: async ({ vault, another }) => {
      const doors = [vault, await another()] as const;
      const fields = { name: 'Bà Lan', note: 'gửi trường Phùng Chí Kiên' };
      const given = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, at) => (doors[at % 2] ?? vault).put(COMMAND, fields)),
      );
      strictEqual(new Set(given.map(({ name, note }) => `${name} ${note}`)).size, 1);
    },
  },
  {
    title: 'another text, field or command gives another commitment',
    run: async ({ vault }) => {
      const given = await Promise.all([
        vault.put(COMMAND, LAN),
        vault.put(COMMAND, { name: 'Bà Hoa' }),
        vault.put(COMMAND, { reason: 'Bà Lan' }),
        vault.put(OTHER_COMMAND, LAN),
      ]);
      strictEqual(new Set(given.flatMap((of) => Object.values(of))).size, 4);
    },
  },
  {
    title: 'each field answers its own commitment, and each its own text',
    run: async ({ vault }) => {
      const fields = { z: 'một', a: 'hai "\\', m: 'ba\n{}' };
      const kept = await vault.put(COMMAND, fields);
      const back = await Promise.all(
        Object.entries(kept).map(async ([field, commitment]) => [field, await vault.get(commitment)]),
      );
      deepStrictEqual(Object.fromEntries(back), fields);
    },
  },
  {
    title: 'a commitment is salted: nobody finds the text by trying',
    run: async ({ vault }) => {
      const { name } = await vault.put(COMMAND, LAN);
      notStrictEqual(name, commit('name', new Uint8Array(0), 'Bà Lan'));
    },
  },
  {
    title: 'a text that was forgotten is gone, and put again it gets another commitment',
    run: async ({ vault }) => {
      const { name = '' } = await vault.put(COMMAND, LAN);
      await vault.forget([name]);
      strictEqual(await vault.get(name), undefined);
      notStrictEqual((await vault.put(COMMAND, LAN))['name'], name);
    },
  },
  {
    title: 'a text that was put twice and forgotten once is still there',
    run: async ({ vault, another }) => {
      const { name = '' } = await vault.put(COMMAND, LAN);
      await (await another()).put(COMMAND, LAN);
      await vault.forget([name]);
      strictEqual(await vault.get(name), 'Bà Lan');
      await vault.forget([name]);
      strictEqual(await vault.get(name), undefined);
    },
  },
  {
    title: 'puts and forgets at once leave a text exactly while a put of it is left',
    run: async ({ vault, another }) => {
      const door = await another();
      const { name = '' } = await vault.put(COMMAND, LAN);
      await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, at) => {
          const through = at % 2 ? vault : door;
          const { name: again = '' } = await through.put(COMMAND, LAN);
          await through.forget([again]);
        }),
      );
      strictEqual(await door.get(name), 'Bà Lan');
      await door.forget([name]);
      strictEqual(await vault.get(name), undefined);
    },
  },
  {
    title: 'a preview keeps nothing, and says what is kept',
    run: async ({ vault }) => {
      const { name = '' } = await vault.preview(COMMAND, LAN);
      strictEqual(await vault.get(name), undefined);
      const kept = await vault.put(COMMAND, LAN);
      deepStrictEqual(await vault.preview(COMMAND, LAN), kept);
    },
  },
  {
    title: 'a file stands under the hash of its bytes, also when it is kept twice at once',
    run: async ({ vault, another }) => {
      const door = await another();
      const names = await Promise.all([vault, door, vault].map((at) => at.putFile(Buffer.from('abc'))));
      deepStrictEqual(names, [ABC, ABC, ABC]);
      strictEqual(Buffer.from((await door.getFile(ABC)) ?? []).toString(), 'abc');
    },
  },
  {
    title: 'the largest file comes back whole, a larger one is refused, a name that is no hash is not found',
    run: async ({ vault }) => {
      const largest = Buffer.alloc(FILE_BYTES_MAX, 7);
      const back = await vault.getFile(await vault.putFile(largest));
      strictEqual(back !== undefined && largest.equals(back), true);
      const refused = await vault.putFile(Buffer.alloc(FILE_BYTES_MAX + 1)).catch((error: unknown) => error);
      strictEqual(refused instanceof RangeError, true);
      strictEqual(await vault.getFile('../vault.db'), undefined);
      strictEqual(await vault.getFile('0'.repeat(64)), undefined);
    },
  },
];
