import { hash } from 'node:crypto';

/** SHA-256 of nothing: the root of the empty tree (RFC 6962 §2.1). */
const EMPTY_ROOT = hash('sha256', '', 'buffer');

// RFC 6962 §2.1: a leaf is hashed behind 0x00 and an inner node behind 0x01, so that neither passes for the other.
const pair = Buffer.alloc(65, 1);

/** Leaf hash of stored text: SHA-256(0x00 || UTF-8 bytes). The text must be well-formed Unicode. */
export const leafHash = (envelope: string): Buffer => hash('sha256', `\0${envelope}`, 'buffer');

/** Hash of an inner node: SHA-256(0x01 || left || right), 32 bytes each. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  pair.set(left, 1);
  pair.set(right, 33);
  return hash('sha256', pair, 'buffer');
};

/**
 * The right edge of a growing RFC 6962 tree: one hash per set bit of `size`, largest subtree first. Enough to
 * add leaves and to name the root. Sizes stay below 2^31.
 */
export class Frontier {
  #size: number;
  readonly #hashes: Uint8Array[];

  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    this.#size = size;
    this.#hashes = [...hashes];
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  push(leaf: Uint8Array): void {
    let subtree = leaf;
    // A set low bit is a full subtree of the same height on the left: join the two and go one level up.
    for (let n = this.#size; (n & 1) === 1; n >>>= 1)
      subtree = nodeHash(this.#hashes.pop() ?? EMPTY_ROOT, subtree);
    this.#hashes.push(subtree);
    this.#size += 1;
  }

  root(): Buffer {
    const [last, ...larger] = [...this.#hashes].reverse();
    if (last === undefined) return EMPTY_ROOT;
    return Buffer.from(larger.reduce((right, left) => nodeHash(left, right), last));
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#hashes);
  }

  /** The hashes one after another, 32 bytes each. */
  toBytes(): Buffer {
    return Buffer.concat(this.#hashes);
  }

  /** Reads what `toBytes` wrote. Undefined when the length does not belong to a tree of that size. */
  static fromBytes(size: number, bytes: Uint8Array): Frontier | undefined {
    let subtrees = 0;
    for (let n = size; n > 0; n >>>= 1) subtrees += n & 1;
    if (bytes.length !== subtrees * 32) return undefined;
    return new Frontier(
      size,
      Array.from({ length: subtrees }, (_, at) => bytes.slice(at * 32, at * 32 + 32)),
    );
  }
}
