// The draws of one case (R4): each is made again from what its own entries committed to, sealed and opened
// (journal/verify/draws.py).

import { sealEnvelope } from "../draws/envelope.js";
import { compareText, hex, Malformed, same, unhex, utf8 } from "./bytes.js";
import { checkedList, h, orderOf, sealOf, seedOf } from "./lots.js";
import { Broken } from "./reader.js";
import { optional, strict } from "./strict.js";

export class Unsupported extends Error {}

export class Draws {
  constructor() {
    this.known = new Map();
  }

  get made() {
    return [...this.known.values()].filter((draw) => draw.order.length);
  }

  async take(entry) {
    if (!entry.kind.startsWith("draw.")) return;
    try {
      await this.look(entry.kind.slice("draw.".length), entry.seq, strict(entry.data));
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new Broken(entry.seq, "draw", "malformed", { why: error.message });
    }
  }

  async look(kind, seq, data) {
    if (!["draw", "by", "of"].every((name) => typeof optional(data, name, "") === "string")) throw new Broken(seq, "draw", "types");
    if (kind === "opened") {
      if (this.known.has(data.draw)) throw new Broken(seq, "draw", "order_of_steps", { draw: data.draw });
      this.known.set(data.draw, new Draw(data));
      return;
    }
    const draw = this.known.get(data.draw);
    if (!draw) throw new Broken(seq, "draw", "order_of_steps", { draw: String(data.draw) });
    if (kind === "contributed") draw.contribute(seq, data);
    else if (kind === "sealed") await draw.seal(seq, data);
    else if (kind === "shared") draw.share(data);
    else if (kind === "revealed") await draw.reveal(seq, data);
    else if (kind === "drawn") await draw.draw(seq, data);
  }
}

class Draw {
  constructor(data) {
    const keys = [...data.trustees.keys].map((key) => (unhex(key), key));
    this.name = data.draw;
    this.trustees = { keys, threshold: data.trustees.threshold };
    this.compulsory = [...data.compulsory];
    Object.assign(this, { given: new Map(), answered: new Map(), counted: new Map(), list: null });
    Object.assign(this, { forced: 0, void: 0, order: [] });
  }

  wrong(seq, code, facts = {}) {
    return new Broken(seq, "draw", code, { draw: this.name, ...facts });
  }

  contribute(seq, data) {
    if (this.list || this.given.has(data.by)) throw this.wrong(seq, "order_of_steps");
    const { ephemeral, shares } = data.envelope;
    for (const written of [data.commitment, ephemeral, ...shares]) unhex(written);
    this.given.set(data.by, { commitment: data.commitment, envelope: { ephemeral, shares: [...shares] } });
  }

  async seal(seq, data) {
    if (this.list) throw this.wrong(seq, "order_of_steps");
    const missing = this.compulsory.filter((name) => !this.given.has(name));
    if (missing.length) throw this.wrong(seq, "compulsory", { who: missing.join(", ") });
    const list = checkedList(data.list);
    const names = [...this.given.keys()].sort(compareText);
    const computed = await sealOf(list, this.trustees, names.map((id) => ({ id, ...this.given.get(id) })));
    if (computed !== data.seal) throw this.wrong(seq, "seal", { said: data.seal, computed });
    this.list = list;
  }

  share(data) {
    if (!this.answered.has(data.of)) this.answered.set(data.of, new Set());
    this.answered.get(data.of).add(data.trustee);
  }

  async reveal(seq, data) {
    const given = this.given.get(data.of);
    if (!this.list || !given || this.counted.has(data.of)) throw this.wrong(seq, "order_of_steps");
    const committed = unhex(given.commitment);
    let r = null;
    if (data.nonce === null) {
      // Nobody could open it; that is the word of all trustees together.
      const answered = this.answered.get(data.of) ?? new Set();
      if (!this.trustees.keys.every((_key, n) => answered.has(n + 1))) throw this.wrong(seq, "void_unproven", { who: data.of });
    } else {
      r = unhex(data.nonce);
      const fits = r.length === 32 && same(await h("nonce", utf8(data.of), r), committed);
      if (!fits) throw this.wrong(seq, "reveal", { who: data.of });
    }
    const honest = r !== null && (await this.madeOf(given, r, committed));
    this.counted.set(data.of, honest ? r : await h("void", utf8(data.of), committed));
    this.forced += data.by === "trustees" ? 1 : 0;
    this.void += honest ? 0 : 1;
  }

  // Is this the envelope that an honest sender of r makes, byte for byte?
  async madeOf({ envelope }, r, committed) {
    let made;
    try {
      made = await sealEnvelope(r, this.trustees.keys.map(unhex), this.trustees.threshold, committed);
    } catch (error) {
      if (error?.name === "NotSupportedError" || error?.name === "SyntaxError") throw new Unsupported("x25519");
      throw new Malformed(error.message);
    }
    return made.ephemeral === envelope.ephemeral && made.shares.join() === envelope.shares.join();
  }

  async draw(seq, data) {
    if (!this.list || this.order.length) throw this.wrong(seq, "order_of_steps");
    const left = [...this.given.keys()].filter((name) => !this.counted.has(name));
    if (left.length) throw this.wrong(seq, "left_out", { who: left.join(", ") });
    const seed = await seedOf(this.list, this.counted);
    if (hex(seed) !== data.seed) throw this.wrong(seq, "seed", { said: data.seed, computed: hex(seed) });
    const order = await orderOf(seed, this.list.entries);
    if (order.join("\0") !== [...data.order].join("\0")) throw this.wrong(seq, "drawn_order", { computed: order.join(", ") });
    this.order = order;
  }
}
