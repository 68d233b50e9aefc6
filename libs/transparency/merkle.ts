import { hash } from 'node:crypto';

/**
 * 32 bytes as a string of 32 latin1 characters. Node allocates such a string several times faster than a
 * Buffer, and the log makes two hashes per event.
 */
export type Hash = string;

/** Bytes of a hash. */
export const HASH_BYTES = 32;

/** SHA-256 of nothing: the root of the empty tree (RFC 6962 §2.1). */
export const EMPTY_ROOT: Hash = hash('sha256', '', 'latin1');

// RFC 6962 §2.1: a leaf is hashed behind 0x00 and an inner node behind 0x01, so that neither passes for the other.
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** Leaf hash of stored text: SHA-256(0x00 || UTF-8 bytes). The text must be well-formed Unicode. */
export const leafHash = (envelope: string): Hash => hash('sha256', `\0${envelope}`, 'latin1');

/** Hash of an inner node: SHA-256(0x01 || left || right). */
export const nodeHash = (left: Hash, right: Hash): Hash => {
  pair.write(left, 1, 'latin1');
  pair.write(right, 1 + HASH_BYTES, 'latin1');
  return hash('sha256', pair, 'latin1');
};

export const hashBytes = (value: Hash): Buffer => Buffer.from(value, 'latin1');
export const hashHex = (value: Hash): string => hashBytes(value).toString('hex');
/** The hash in 32 bytes from `start`. */
export const hashFrom = (bytes: Uint8Array, start = 0): Hash =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, HASH_BYTES).toString('latin1');

/**
 * The right edge of a growing RFC 6962 tree: one hash per set bit of `size`, largest subtree first. Enough to
 * add leaves and to name the root. Sizes stay below 2^31.
 */
export class Frontier {
  #size: number;
  readonly #hashes: Hash[];

  constructor(size = 0, hashes: readonly Hash[] = []) {
    this.#size = size;
    this.#hashes = [...hashes];
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  push(leaf: Hash): void {
    let subtree = leaf;
    // A set low bit is a full subtree of the same height on the left: join the two and go one level up.
    for (let n = this.#size; (n & 1) === 1; n >>>= 1) subtree = nodeHash(this.#hashes.pop() ?? '', subtree);
    this.#hashes.push(subtree);
    this.#size += 1;
  }

  root(): Hash {
    return this.#hashes.length === 0
      ? EMPTY_ROOT
      : this.#hashes.reduceRight((right, left) => nodeHash(left, right));
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#hashes);
  }

  /** The hashes one after another, 32 bytes each. */
  toBytes(): Buffer {
    return Buffer.from(this.#hashes.join(''), 'latin1');
  }

  /** Reads what `toBytes` wrote. Undefined when the length does not belong to a tree of that size. */
  static fromBytes(size: number, bytes: Uint8Array): Frontier | undefined {
    let subtrees = 0;
    for (let n = size; n > 0; n >>>= 1) subtrees += n & 1;
    if (bytes.length !== subtrees * HASH_BYTES) return undefined;
    return new Frontier(
      size,
      Array.from({ length: subtrees }, (_, at) => hashFrom(bytes, at * HASH_BYTES)),
    );
  }
}

/** The largest power of two below `size` (RFC 6962 §2.1), for sizes from 2. */
const splitOf = (size: number): number => 2 ** (31 - Math.clz32(size - 1));

/** Root of the tree over `leaves`, by the definition of RFC 6962 §2.1. For tests and short lists. */
export const rootOf = (leaves: readonly Hash[]): Hash => {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
};

/** Audit path of leaf `index`, leaf to root (RFC 6962 §2.1.1). `index` must be below the number of leaves. */
export const inclusionProof = (leaves: readonly Hash[], index: number): Hash[] => {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(left, index), rootOf(right)]
    : [...inclusionProof(right, index - split), rootOf(left)];
};

/** Whether `leaf` is number `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2). */
export const verifyInclusion = (
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean => {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size && size < 2 ** 31)) return false;
  let fn = index;
  let sn = size - 1;
  let subtree = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if ((fn & 1) === 1 || fn === sn) {
      subtree = nodeHash(sibling, subtree);
      while (fn !== 0 && (fn & 1) === 0) {
        fn >>>= 1;
        sn >>>= 1;
      }
    } else {
      subtree = nodeHash(subtree, sibling);
    }
    fn >>>= 1;
    sn >>>= 1;
  }
  return sn === 0 && subtree === root;
};
