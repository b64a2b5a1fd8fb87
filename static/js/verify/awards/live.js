// 网上竞价 (R5): the lowest price that stands when all is said (journal/awards/live.py).

import { parse } from "../money.js";
import * as floors from "./floors.js";
import { barred, outcome } from "./outcome.js";
import * as tieOut from "./tie_out.js";

export async function decide(entries, rules) {
  await tieOut.check(entries, rules);
  await floors.check(entries);
  const rejected = new Set(entries.filter((e) => e.kind === "low.decided" && !e.data.accepted).map((e) => e.data.label));
  const ranked = byPrice(entries);
  const left = ranked.filter((place) => !rejected.has(place.label));
  if (left.length === 0) return outcome({ failure: ranked.length ? "low_rejected" : "no_bids" });
  // Next in rank after a price that was not accepted, if close enough to it (R5.9); else the auction has failed.
  const first = ranked.find((place) => rejected.has(place.label));
  const percent = BigInt(rules.standstill.next_in_rank_percent);
  if (first && left[0].amount * 100n > first.amount * percent) return outcome({ failure: "low_rejected" });
  const ranking = withFloors(left, entries, rejected).map((place, n) => ({ ...place, rank: n + 1 }));
  return outcome({ winner: ranking[0].label, amount: ranking[0].amount, ranking });
}

// Everybody's last price, the lowest first; equal ones in the order of the live auction.
function byPrice(entries) {
  const [seats, out, last] = [tieOut.seats(entries), barred(entries), new Map()];
  const note = (label, fen, seq) => out.has(label) || last.set(label, { label, amount: fen, seq });
  for (const e of entries) {
    if (e.kind === "bid.placed") note(e.data.label, parse(e.data.amount), e.seq);
    else if (e.kind === "tie_out.closed") {
      for (const one of e.data.offers) if (one.amount !== null) note(one.label, parse(one.amount), e.seq);
    }
  }
  const seat = (one) => seats.get(one.label) ?? 0;
  const order = [...last.values()].sort((a, b) => compare(a.amount, b.amount) || seat(a) - seat(b) || a.seq - b.seq);
  return order.map((one, n) => ({ rank: n + 1, label: one.label, amount: one.amount }));
}

// The winner first, then the others by what they would have gone down to, as the closing entry has opened it.
function withFloors([winner, ...others], entries, rejected) {
  const known = new Map(others.map((place) => [place.label, place]));
  const out = barred(entries);
  for (const [label, amount] of floors.opened(entries)) {
    const had = known.get(label);
    if (out.has(label) || rejected.has(label) || label === winner.label || (had && amount >= had.amount)) continue;
    known.set(label, { rank: 0, label, amount });
  }
  const behind = (place) => place.rank || others.length + 1;
  return [winner, ...[...known.values()].sort((a, b) => compare(a.amount, b.amount) || behind(a) - behind(b))];
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
