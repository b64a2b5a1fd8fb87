// The seal of a record: a signed checkpoint of the log, and a proof for each entry that is in it (journal/verify/seals.py).

import { Malformed, unhex } from "./bytes.js";
import { leafHash, Trail } from "./merkle.js";
import { Forged, readCheckpoint, readKey, readNote, signers } from "./notes.js";
import { Broken } from "./reader.js";

const LEEWAY = 10 * 60 * 1000; // a checkpoint says until when it is complete; a transaction may take a while

export class Seals {
  constructor(trusted = []) {
    Object.assign(this, { trusted, sealed: 0, checkpoint: null, signers: [], unchecked: null, hashes: [], times: [] });
  }

  hold(hash, at) {
    this.hashes.push(hash);
    this.times.push(at);
  }

  async open({ checkpoint, keys }) {
    try {
      if (typeof checkpoint !== "string" || !Array.isArray(keys)) throw new Malformed("fields of the wrong type");
      const known = this.trusted.length ? this.trusted : await Promise.all(keys.map(readKey));
      const note = readNote(checkpoint);
      this.checkpoint = readCheckpoint(note.text);
      this.signers = await signers(note, known);
    } catch (error) {
      if (error instanceof Forged || error instanceof Malformed) throw new Broken(null, "seal", "forged", { why: error.message });
      if (error?.name !== "NotSupportedError" && error?.name !== "SyntaxError") throw error;
      this.unchecked = "ed25519";
    }
    this.trail = new Trail(this.checkpoint.size, this.checkpoint.root);
  }

  async take(proof) {
    const seq = this.sealed + 1;
    const names = proof !== null && typeof proof === "object" ? Object.keys(proof).sort().join() : "";
    if (names !== "hashes,index,seq" || proof.seq !== seq || !Number.isSafeInteger(proof.index)) {
      throw new Broken(Math.min(seq, this.times.length) || null, "seal", "no_proof");
    }
    if (seq > this.times.length) throw new Broken(null, "seal", "proof_too_many", { entry: seq });
    try {
      const hashes = proof.hashes.map((text) => {
        if (!/^[0-9a-f]{64}$/.test(text)) throw new Malformed("no hash");
        return unhex(text);
      });
      await this.trail.check(await leafHash(this.hashes[seq - 1]), BigInt(proof.index), hashes);
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof TypeError)) throw error;
      throw new Broken(seq, "seal", "not_sealed", { index: proof.index });
    }
    this.sealed = seq;
  }

  finish() {
    if (this.checkpoint === null) {
      if (this.trusted.length) throw new Broken(null, "seal", "unsealed");
      return;
    }
    const { until } = this.checkpoint;
    if (until === null || this.sealed === this.times.length) return;
    const at = this.times[this.sealed];
    if (Date.parse(at) < Date.parse(until) - LEEWAY) throw new Broken(this.sealed + 1, "seal", "kept_out", { at, until });
  }
}
