// Hidden floors as the record shows them (R5.6, journal/awards/floors.py): the closing entry opens those of the losers.

import { commitment, unhex } from "../bytes.js";
import { parse } from "../money.js";
import { optional } from "../strict.js";
import { barred, find, Unfit } from "./outcome.js";

const ENDS = ["auction.closed", "auction.failed"];
const floorsOf = (e) => (ENDS.includes(e.kind) ? [...optional(e.data, "floors", [])] : []);

// Label → the floor in fen that stood at the close.
export function opened(entries) {
  const standing = standingFloors(entries);
  const found = new Map();
  for (const one of entries.flatMap(floorsOf)) if (standing.get(one.label) === one.seq) found.set(one.label, parse(one.amount));
  return found;
}

export async function check(entries) {
  const end = entries.findIndex((e) => floorsOf(e).length);
  if (end < 0) return;
  const amounts = await checkedAmounts(entries, entries[end]);
  const standing = new Map();
  for (const e of entries.slice(0, end)) {
    if (e.kind === "bid.placed" && optional(e.data, "proxy", false)) {
      const seq = standing.get(e.data.label);
      if (seq === undefined) throw new Unfit(`entry ${e.seq} bids for ${e.data.label}, who had set no floor`);
      if (amounts.has(seq) && parse(e.data.amount) < amounts.get(seq)) throw new Unfit(`entry ${e.seq} bids below a floor`);
    }
    follow(standing, e);
  }
  checkNoneCouldBid(entries.slice(0, end), standing, amounts);
}

// The entry that set it → fen, each checked against its commitment.
async function checkedAmounts(entries, end) {
  const found = new Map();
  for (const { seq, label, amount, nonce } of end.data.floors) {
    const source = entries.find((e) => e.kind === "proxy.set" && e.seq === seq);
    if (!source || source.data.label !== label) throw new Unfit(`entry ${end.seq} opens a floor that ${label} never set`);
    if ((await commitment("floor", unhex(nonce), { amount, label })) !== source.data.commitment) {
      throw new Unfit(`the floor opened for entry ${seq} does not fit its commitment`);
    }
    found.set(seq, parse(amount));
  }
  return found;
}

function follow(standing, e) {
  if (e.kind === "proxy.set") standing.set(e.data.label, e.seq);
  else if (e.kind === "proxy.withdrawn" || e.kind === "bidder.barred") standing.delete(e.data.label);
  else if (e.kind === "tie_out.closed") for (const one of e.data.offers) standing.delete(one.label);
}

function standingFloors(entries) {
  const standing = new Map();
  for (const e of entries) follow(standing, e);
  return standing;
}

function checkNoneCouldBid(entries, floors, amounts) {
  const start = find(entries, "auction.opened");
  const prices = entries.filter((e) => e.kind === "bid.placed").map((e) => ({ fen: parse(e.data.amount), label: e.data.label }));
  for (const e of entries) {
    if (e.kind === "tie_out.closed") for (const one of e.data.offers) prices.push({ fen: parse(one.amount), label: one.label });
  }
  const out = barred(entries);
  const valid = prices.filter((one) => !out.has(one.label));
  if (!start || valid.length === 0) return;
  const best = valid.reduce((a, b) => (b.fen < a.fen || (b.fen === a.fen && b.label < a.label) ? b : a));
  const limit = best.fen - parse(start.data.step);
  for (const [label, seq] of floors) {
    if (label !== best.label && (amounts.get(seq) ?? best.fen) <= limit) {
      throw new Unfit(`the floor of entry ${seq} could have bid and was not asked`);
    }
  }
}
