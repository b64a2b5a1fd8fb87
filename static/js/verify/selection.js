// The award, computed anew from rule set and case file (I8), and held against what the case file says of it
// (journal/verify/selection.py).

import { factorNames } from "./awards/average.js";
import { decide } from "./awards/index.js";
import { Unfit } from "./awards/outcome.js";
import { check as checkPrices } from "./awards/prices.js";
import { checkBids } from "./bids.js";
import { Malformed } from "./bytes.js";
import { NotCanonical } from "./jcs.js";
import { wire } from "./money.js";
import { Broken } from "./reader.js";
import { optional, strict } from "./strict.js";

const CLOSED = ["auction.closed", "selection.closed"];
const FAILED = ["auction.failed", "selection.failed"];
const TEXTS = ["label", "commitment", "expert"]; // whoever stands in one of these is looked up by it
const REVEALING = [...CLOSED, ...FAILED, "shortlist.drawn"];

const unfit = (error) => [Unfit, Malformed, NotCanonical, TypeError, RangeError].some((kind) => error instanceof kind);

export class Selection {
  constructor() {
    Object.assign(this, { entries: [], offers: null });
  }

  // Nothing is kept before a notice that names its method.
  take({ seq, at, kind, data }) {
    if (this.entries.length || (kind === "request.published" && typeof optional(data, "method", null) === "string")) {
      if (!TEXTS.every((name) => typeof optional(data, name, "") === "string")) throw new Broken(seq, "award", "types");
      this.entries.push({ seq, at, kind, data: strict(data) });
    }
  }

  async checkOffers() {
    const opening = this.entries.filter((e) => REVEALING.includes(e.kind));
    const usccOf = new Map(opening.flatMap((e) => [...optional(e.data, "reveals", [])].map((one) => [one.label, one.uscc])));
    for (const [n, e] of this.entries.entries()) {
      if (e.kind !== "offers.closed" && e.kind !== "offers.opened") continue;
      try {
        await checkPrices(this.entries.slice(0, n + 1), usccOf);
        this.count(e, usccOf);
      } catch (error) {
        if (!unfit(error)) throw error;
        throw new Broken(e.seq, "offers", "unfit", { why: error.message });
      }
    }
  }

  count(e, usccOf) {
    const found = this.offers ?? { closed: 0, opened: 0, void: 0, checked: 0 };
    const offers = [...e.data.offers];
    const many = (wanted) => offers.filter(wanted).length;
    if (e.kind === "offers.closed") this.offers = { ...found, closed: offers.length };
    else {
      const opened = (one) => one.nonce !== null;
      this.offers = {
        ...found,
        opened: many(opened),
        void: many((one) => one.void !== null),
        checked: many((one) => opened(one) && usccOf.has(one.label)),
      };
    }
  }

  checkAward(rules) {
    return new Course(this.entries, strict(rules)).run();
  }
}

// One way through the entries, from the notice to the last award.
class Course {
  constructor(entries, rules) {
    Object.assign(this, { entries, rules, outcome: null, awaits: null, standing: false });
    Object.assign(this, { names: new Map(), fallen: new Set(), passed: new Set() });
    this.award = { method: entries[0].data.method, winner: null, amount: null, rank: 0, failed: null, entry: 0 };
  }

  async run() {
    for (const [n, e] of this.entries.entries()) {
      try {
        await this.step(n, e);
      } catch (error) {
        if (!unfit(error)) throw error;
        throw new Broken(e.seq, "award", "unfit", { why: error.message });
      }
    }
    return this.award;
  }

  async step(n, e) {
    if (REVEALING.includes(e.kind)) for (const one of optional(e.data, "reveals", [])) this.names.set(one.label, one);
    if (e.kind === "draw.opened") await this.checkTieWasKnown(n, e);
    else if (e.kind === "draw.sealed") await this.checkList(n, e);
    else if (CLOSED.includes(e.kind)) await this.closed(n, e);
    else if (FAILED.includes(e.kind)) await this.failed(n, e);
    else if (e.kind === "award.published") this.published(e);
    else if (e.kind === "award.declined" || e.kind === "award.voided") this.fell(e);
    else if (e.kind === "award.passed_over") this.passedOver(e);
  }

  decide(until) {
    return decide(this.award.method, this.entries.slice(0, until), this.rules);
  }

  async checkTieWasKnown(n, e) {
    if (which(e).startsWith("T") && (await this.decide(n)).tied.length === 0) {
      throw new Broken(e.seq, "award", "no_tie", { draw: e.data.draw });
    }
  }

  // Among whom a tie is drawn follows from the prices; which factors a mean may have, from the rule set.
  async checkList(n, e) {
    const tie = which(e).startsWith("T");
    if (!tie && which(e) !== "F") return;
    const wanted = tie ? (await this.decide(n)).tied : factorNames(this.rules.average);
    const listed = [...e.data.list.entries].map(({ name, tickets }) => `${name}\0${tickets}`);
    if (listed.join("\0\0") !== wanted.map((name) => `${name}\u00001`).join("\0\0")) {
      throw new Broken(e.seq, "award", "draws_among_others", { computed: wanted.join(", ") });
    }
  }

  async closed(n, e) {
    if (this.award.entry) throw new Broken(e.seq, "award", "ends_twice");
    if (this.award.method === "live") checkBids(this.entries.slice(0, n));
    const outcome = await this.decided(n);
    const { winner, amount } = e.data;
    if (outcome.winner === null) {
      throw new Broken(e.seq, "award", "no_winner", { winner, why: outcome.tied.join(", ") || outcome.failure });
    }
    if (winner !== outcome.winner || amount !== wire(outcome.amount)) {
      const facts = { winner, amount, computed: outcome.winner, computed_amount: wire(outcome.amount) };
      throw new Broken(e.seq, "award", "winner", facts);
    }
    [this.outcome, this.awaits] = [outcome, outcome.ranking[0]];
    this.say(outcome.ranking[0], e);
  }

  async failed(n, e) {
    if (this.outcome === null) {
      const { winner } = await this.decided(n);
      if (winner !== null) throw new Broken(e.seq, "award", "fails_though_won", { computed: winner });
    } else if (this.standing || this.awaits !== null) {
      throw new Broken(e.seq, "award", "fails_though_won", { computed: (this.awaits ?? this.award.winner)?.label ?? this.award.winner });
    }
    this.award = { ...this.award, winner: null, amount: null, failed: String(e.data.reason), entry: e.seq };
  }

  published(e) {
    const [due, { label, uscc, name }, amount] = [this.awaits, e.data.winner, e.data.amount];
    if (due === null || label !== due.label || amount !== wire(due.amount)) {
      const facts = { winner: label, amount, computed: due?.label ?? "—", computed_amount: due ? wire(due.amount) : "—" };
      throw new Broken(e.seq, "award", "winner", facts);
    }
    const known = this.names.get(label);
    if (!known || known.uscc !== uscc || known.name !== name) throw new Broken(e.seq, "award", "other_name", { winner: label, name });
    this.fallen.add(label);
    [this.awaits, this.standing] = [null, true];
    this.say(due, e);
  }

  fell(e) {
    if (!this.standing || e.data.label !== this.award.winner) throw new Broken(e.seq, "award", "not_its_award", { winner: e.data.label });
    [this.standing, this.passed] = [false, new Set()];
    this.awaits = this.next();
  }

  passedOver(e) {
    if (this.awaits === null || e.data.label !== this.awaits.label) throw new Broken(e.seq, "award", "not_next", { winner: e.data.label });
    this.passed.add(e.data.label);
    this.awaits = this.next();
  }

  // R5.9: the best of the rest, if its price is within so many percent of the winning one.
  next() {
    const place = this.outcome.ranking.find(({ label }) => !this.fallen.has(label) && !this.passed.has(label));
    const most = this.outcome.amount * BigInt(this.rules.standstill.next_in_rank_percent);
    return place && place.amount * 100n <= most ? place : null;
  }

  say({ label, amount, rank }, e) {
    this.award = { ...this.award, winner: label, amount, rank, entry: e.seq };
  }

  // The outcome at entry n; where the record contradicts itself, the first entry with which it began to. No bid does that.
  async decided(n) {
    try {
      return await this.decide(n + 1);
    } catch (error) {
      if (!unfit(error)) throw error;
      for (const [m, e] of this.entries.slice(0, n).entries()) {
        if (e.kind === "bid.placed") continue;
        try {
          await this.decide(m + 1);
        } catch (first) {
          if (!unfit(first)) throw first;
          throw new Broken(e.seq, "award", "unfit", { why: first.message });
        }
      }
      throw new Broken(this.entries[n].seq, "award", "unfit", { why: error.message });
    }
  }
}

// D, F, E, T1 …: what the draw is for.
function which(e) {
  return String(e.data.draw).split("-").at(-1);
}
