// Merkle trees of RFC 6962, and proofs of many leaves that say nothing twice (journal/merkle.py, journal/trails.py).

import { Malformed, same, sha256 } from "./bytes.js";

const [LEAF, NODE] = [Uint8Array.of(0), Uint8Array.of(1)];

export const leafHash = (leaf) => sha256(LEAF, leaf);
export const nodeHash = (left, right) => sha256(NODE, left, right);

// The root over leaves' bytes: pairing from the left and passing an odd last one up splits as the RFC says.
export async function merkleRoot(leaves) {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  let row = await Promise.all(leaves.map(leafHash));
  while (row.length > 1) {
    const above = [];
    for (let n = 0; n + 1 < row.length; n += 2) above.push(await nodeHash(row[n], row[n + 1]));
    if (row.length % 2) above.push(row.at(-1));
    row = above;
  }
  return row[0];
}

// Checks leaves in ascending order; each climbs until a proof before it has shown where it stands.
export class Trail {
  constructor(size, root) {
    Object.assign(this, { size, root, shown: new Map(), last: -1n });
  }

  async check(leaf, index, hashes) {
    if (!(this.last < index && index < this.size)) throw new Malformed("the leaf is not in this tree, or out of order");
    const made = [];
    const given = hashes[Symbol.iterator]();
    let [hash, expected] = [leaf, this.root];
    for (const [level, node, sibling] of climb(index, this.size)) {
      const known = this.shown.get(level)?.get(node);
      if (known) {
        expected = known;
        break;
      }
      const pair = new Map([[node, hash]]);
      if (sibling !== null) {
        const { value: beside, done } = given.next();
        if (done) throw new Malformed("the proof is too short");
        pair.set(sibling, beside);
        hash = node & 1n ? await nodeHash(beside, hash) : await nodeHash(hash, beside);
      }
      made.push([level, pair]);
    }
    if (!given.next().done) throw new Malformed("the proof is too long");
    if (!same(hash, expected)) throw new Malformed("the proof leads elsewhere");
    for (const [level, pair] of made) this.shown.set(level, pair);
    this.last = index;
  }
}

function* climb(start, size) {
  let [index, last, level] = [start, size - 1n, 0];
  while (last > 0n) {
    if (index & 1n) yield [level, index, index - 1n];
    else yield [level, index, index < last ? index + 1n : null];
    [index, last, level] = [index >> 1n, last >> 1n, level + 1];
  }
}
