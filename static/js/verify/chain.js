// The chain of a case file: each entry's form, place, time and hash (journal/verify/chain.py).

import { hex, sha256, utf8 } from "./bytes.js";
import { canonical, NotCanonical } from "./jcs.js";
import { Broken } from "./reader.js";

const FIELDS = "at,case,data,hash,kind,seq";

export class Chain {
  constructor(name) {
    Object.assign(this, { name, entries: 0, head: new Uint8Array(32), firstAt: "", lastAt: "" });
  }

  async take(entry) {
    const seq = this.entries + 1;
    this.checkForm(entry, seq);
    const { at, kind, data, hash } = entry;
    let body;
    try {
      body = canonical({ at, case: this.name, data, kind, seq });
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      throw new Broken(seq, "chain", "not_canonical", { why: error.message });
    }
    const computed = await sha256(this.head, utf8(body));
    if (hex(computed) !== hash) throw new Broken(seq, "chain", "hash", { said: hash, computed: hex(computed) });
    Object.assign(this, { entries: seq, head: computed, firstAt: this.firstAt || at, lastAt: at });
  }

  checkForm(entry, seq) {
    const plain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
    if (!plain(entry) || Object.keys(entry).sort().join() !== FIELDS) throw new Broken(seq, "chain", "fields");
    if (entry.seq !== seq) throw new Broken(seq, "chain", "number", { said: String(entry.seq) });
    if (entry.case !== this.name) throw new Broken(seq, "chain", "other_case", { said: String(entry.case) });
    const texts = [entry.at, entry.kind, entry.hash].every((text) => typeof text === "string");
    if (!texts || !plain(entry.data)) throw new Broken(seq, "chain", "types");
    if (entry.at < this.lastAt) throw new Broken(seq, "chain", "time", { at: entry.at, before: this.lastAt });
  }
}
