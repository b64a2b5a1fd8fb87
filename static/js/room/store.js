// What this page knows of the room: a copy of the case file's numbered entries, and what follows from them.
import { fen } from "./format.js";

const SHOWN = 50;
const FAR_BEHIND = 2000;
const EXTENDS = ["auction.extended", "bidder.barred"];

export class Store {
  constructor(state, extensions) {
    this.rows = new Map(); // seq → {seq, at, kind, label, amount, …}
    this.names = new Map();
    this.barred = {}; // label → why all its bids are void
    this.extensions = extensions;
    this.extension = null;
    this.view = -1;
    this.seq = state.seq; // up to here we have everything
    this.take(state);
  }

  get limit() {
    return this.best === null ? this.ceiling : this.best - this.step;
  }

  get over() {
    return this.status === "closed" || this.status === "failed";
  }

  get ordered() {
    return [...this.rows.values()].sort((a, b) => a.seq - b.seq);
  }

  get bids() {
    return this.ordered.filter((row) => row.kind === "bid.placed");
  }

  // The sealed prices of a tie-out once they are open, as bids are.
  get sealed() {
    const opened = this.ordered.filter((row) => row.kind === "tie_out.closed");
    const prices = opened.flatMap((row) => row.data.offers.map((one) => ({ at: row.at, label: one.label, amount: fen(one.amount) })));
    return prices.filter((price) => price.amount !== null);
  }

  // When nobody could bid: `{from, to}`, the last one without an end while it lasts.
  get pauses() {
    const found = [];
    for (const { kind, at } of this.ordered) {
      if (kind === "auction.paused") found.push({ from: at, to: null });
      if (kind === "auction.resumed" && found.length) found.at(-1).to = at;
    }
    return found;
  }

  // The bids that count: whoever was barred has none.
  get standing() {
    return this.bids.filter((bid) => !this.struck(bid));
  }

  // Why this row's bid is void; undefined if it stands.
  struck(row) {
    return row.kind === "bid.placed" ? this.barred[row.label] : undefined;
  }

  // Where to resume on the first connection, so that the marks between the shown bids come too.
  get backfillFrom() {
    const bids = this.bids;
    return bids.length ? bids[0].seq - 1 : this.seq;
  }

  // A `state` message: a full refresh. Old ones change nothing.
  take(state) {
    if (state.watchers !== null && state.watchers !== undefined) this.watchers = state.watchers;
    if (state.seq < this.view) return;
    this.view = state.seq;
    if (state.seq - this.seq > FAR_BEHIND) this.seq = state.seq;
    Object.assign(this, { status: state.status, leader: state.leader, you: state.you });
    this.barred = { ...state.barred };
    this.paused = state.paused ?? null; // {because, reason, opens_again_at}
    this.tieOut = state.tie_out ?? null; // {closes_at, seats}
    this.rankedAt = fen(state.you?.best);
    this.readyAt = Date.parse(state.ready_at ?? state.opens_at);
    this.opensAt = Date.parse(state.opens_at);
    this.closesAt = Date.parse(state.closes_at);
    for (const name of ["ceiling", "step", "best"]) this[name] = fen(state[name]);
    for (const bid of state.bids) this.keep({ ...bid, kind: "bid.placed", data: bid });
    this.rank();
  }

  // Entries in order. Returns those that are news; asks for a gap to be filled by returning null.
  hear(entries) {
    const news = [];
    for (const entry of entries) {
      if (entry.seq > this.seq + 1) return null;
      this.seq = Math.max(this.seq, entry.seq);
      const known = this.rows.has(entry.seq);
      const row = this.keep(entry);
      if (EXTENDS.includes(entry.kind) && (!this.extension || this.extension.seq < entry.seq)) this.extension = row;
      if (entry.seq <= this.view) continue;
      this.view = entry.seq;
      this.follow(row);
      if (!known) news.push(row);
    }
    this.rank();
    return news;
  }

  keep(entry) {
    const row = { ...this.rows.get(entry.seq), ...entry, at: Date.parse(entry.at) };
    row.label = entry.data.label;
    row.amount = typeof entry.data.amount === "string" ? fen(entry.data.amount) : null;
    this.rows.set(row.seq, row);
    for (const one of entry.data.reveals ?? []) this.names.set(one.label, one.name);
    return row;
  }

  follow({ kind, data, label, amount }) {
    switch (kind) {
      case "bid.placed":
        this.best = amount;
        this.leader = label;
        this.status = "live";
        if (this.you?.label === label) Object.assign(this.you, { best: data.amount });
        break;
      case "auction.ready":
        this.status = "ready";
        this.opensAt = Date.parse(data.opens_at);
        break;
      case "auction.opened":
        this.status = "live";
        this.opensAt = Date.parse(data.opens_at);
        this.closesAt = Date.parse(data.closes_at);
        break;
      case "auction.extended":
        this.closesAt = Date.parse(data.closes_at);
        this.extensions += 1;
        break;
      case "bidder.barred":
        this.barred[label] = data.because;
        this.best = fen(data.best);
        this.leader = data.leader;
        this.closesAt = Date.parse(data.closes_at);
        this.rankedAt = null;
        if (this.you?.label === label) Object.assign(this.you, { best: null, rank: null });
        break;
      case "auction.paused":
        this.status = "paused";
        this.paused = { because: data.because, reason: data.reason ?? "", opens_again_at: null };
        break;
      case "auction.resumes":
        this.closesAt = Date.parse(data.closes_at);
        this.paused = { ...this.paused, opens_again_at: data.opens_again_at };
        break;
      case "auction.resumed":
        this.status = "live";
        this.paused = null;
        this.closesAt = Date.parse(data.closes_at);
        break;
      case "tie_out.opened":
        this.status = "tie_out";
        this.tieOut = { closes_at: data.closes_at, seats: data.seats.map((seat) => seat.label) };
        break;
      case "tie_out.closed":
        this.tieOut = null;
        this.best = fen(data.best);
        this.leader = data.leader;
        break;
      case "auction.low":
        this.status = "review";
        this.best = amount;
        this.leader = label;
        break;
      case "auction.closed":
        this.status = "closed";
        this.winner = this.leader = data.winner;
        this.best = amount;
        break;
      case "auction.failed":
        this.status = "failed";
        break;
    }
  }

  // Prices that stand only fall, so whoever bid after our best is ahead of us.
  rank() {
    if (!this.you) return;
    this.you.leading = this.leader !== null && this.leader === this.you.label;
    const mine = fen(this.you.best);
    if (mine === null) return;
    if (this.you.leading) {
      this.you.rank = 1;
      this.rankedAt = mine;
      return;
    }
    const ahead = new Set(this.standing.filter((bid) => bid.amount < mine).map((bid) => bid.label));
    const same = this.rankedAt === mine;
    this.you.rank = Math.max(ahead.size + 1, same ? (this.you.rank ?? 1) : 1);
    this.rankedAt = mine;
  }

  get shown() {
    return this.ordered.slice(-SHOWN);
  }

  // Old rows beyond what the chart can use are dropped.
  trim() {
    if (this.rows.size <= 1200) return;
    for (const row of this.ordered.slice(0, -800)) this.rows.delete(row.seq);
  }
}
