import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frontier, hashHex, inclusionProof, leafHash, nodeHash, rootOf, verifyInclusion } from './index.ts';

const leaves = (count: number): string[] => Array.from({ length: count }, (_, at) => leafHash(`event ${at}`));

describe('hashes', () => {
  it('are those of RFC 6962: the published vectors', () => {
    expect(hashHex(leafHash(''))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hashHex(new Frontier().root())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(hashHex(leafHash('L123456'))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
  });

  it('are taken over the UTF-8 bytes', () => {
    const plain = createHash('sha256')
      .update(Buffer.from([0]))
      .update(Buffer.from('Quỹ 🌿'))
      .digest('hex');
    expect(hashHex(leafHash('Quỹ 🌿'))).toBe(plain);
  });

  it('tell a node from a leaf of the same bytes', () => {
    const [left = '', right = ''] = leaves(2);
    expect(nodeHash(left, right)).not.toBe(leafHash(left + right));
  });
});

describe('a frontier', () => {
  it('has the root that the definition gives, at every size', () => {
    const all = leaves(130);
    const frontier = new Frontier();
    for (const [at, leaf] of all.entries()) {
      frontier.push(leaf);
      expect(frontier.size).toBe(at + 1);
      expect(frontier.root()).toBe(rootOf(all.slice(0, at + 1)));
    }
  });

  it('grows on from its stored bytes', () => {
    fc.assert(
      fc.property(fc.nat(70), fc.nat(70), (before, after) => {
        const all = leaves(before + after);
        const first = new Frontier();
        all.slice(0, before).forEach((leaf) => first.push(leaf));
        const second = Frontier.fromBytes(before, first.toBytes());
        all.slice(before).forEach((leaf) => second?.push(leaf));
        expect(second?.root()).toBe(rootOf(all));
      }),
    );
  });

  it('is not read from bytes of another size', () => {
    const frontier = new Frontier();
    leaves(5).forEach((leaf) => frontier.push(leaf));
    expect(Frontier.fromBytes(5, frontier.toBytes())?.size).toBe(5);
    expect(Frontier.fromBytes(7, frontier.toBytes())).toBe(undefined);
  });

  it('copied, leaves the original alone', () => {
    const frontier = new Frontier();
    const [a = '', b = ''] = leaves(2);
    frontier.push(a);
    frontier.copy().push(b);
    expect(frontier.root()).toBe(a);
  });
});

describe('an inclusion proof', () => {
  it('holds for its leaf, index, size and root, and for nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(), (size, pick) => {
        const all = leaves(size);
        const index = pick % size;
        const [leaf = '', root] = [all[index], rootOf(all)];
        const proof = inclusionProof(all, index);
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leafHash('another'), index, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof, leafHash('another root'))).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false);
        if (proof.length > 0) expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
        if (size > 1) expect(verifyInclusion(leaf, (index + 1) % size, size, proof, root)).toBe(false);
      }),
    );
  });

  it('is refused for an index outside the tree', () => {
    const [leaf = ''] = leaves(1);
    expect(verifyInclusion(leaf, 0, 1, [], leaf)).toBe(true);
    for (const index of [-1, 1, 0.5]) expect(verifyInclusion(leaf, index, 1, [], leaf)).toBe(false);
    expect(verifyInclusion(leaf, 0, 0, [], leaf)).toBe(false);
  });
});
