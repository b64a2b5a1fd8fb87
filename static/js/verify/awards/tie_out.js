// The sealed tie-out at the hard end (R5.5, journal/awards/tie_out.py).

import { commitment, unhex } from "../bytes.js";
import { parse, wire } from "../money.js";
import { barred, find, Unfit } from "./outcome.js";

// Who sends a sealed price, by position; empty unless the hard end cut an extension short.
export function due(entries, rules) {
  const rule = Object.keys(rules).includes("tie_out") ? rules.tie_out : null;
  if (rule === null || !cutShort(entries, rules.live)) return [];
  const out = barred(entries);
  const last = new Map();
  for (const e of entries) {
    if (e.kind === "bid.placed" && !out.has(e.data.label)) last.set(e.data.label, { fen: parse(e.data.amount), seq: e.seq });
  }
  const order = [...last].map(([label, one]) => ({ label, ...one }));
  order.sort((a, b) => (a.fen < b.fen ? -1 : a.fen > b.fen ? 1 : a.seq - b.seq));
  const near = order.filter((one) => one.fen * 100n <= order[0].fen * (100n + BigInt(rule.within_percent)));
  return near.length >= rule.least ? near.slice(0, rule.most) : [];
}

// Label → position in the live auction of those who could send a sealed price.
export function seats(entries) {
  const opened = find(entries, "tie_out.opened");
  return new Map(opened ? [...opened.data.seats].map((one, n) => [one.label, n + 1]) : []);
}

export async function check(entries, rules) {
  const at = entries.findIndex((e) => e.kind === "tie_out.opened");
  if (at < 0) return;
  const written = (one) => `${one.label}\0${one.amount}`;
  const wanted = due(entries.slice(0, at), rules).map((one) => written({ label: one.label, amount: wire(one.fen) }));
  if ([...entries[at].data.seats].map(written).join("\0\0") !== wanted.join("\0\0")) {
    throw new Unfit(`entry ${entries[at].seq} opens a tie-out that was not due, or not among these`);
  }
  const closed = find(entries, "tie_out.closed");
  if (!closed) return;
  const committed = new Map();
  for (const e of entries) if (e.kind === "tie_out.offered") committed.set(e.data.label, e.data.commitment);
  const out = barred(entries);
  const opened = new Set([...closed.data.offers].map((one) => one.label));
  const sent = [...committed.keys()].filter((label) => !out.has(label));
  const differs = (label) => !out.has(label) && !committed.has(label);
  if (sent.some((label) => !opened.has(label)) || [...opened].some(differs)) {
    throw new Unfit(`entry ${closed.seq} leaves out a price that was sent, or adds one`);
  }
  for (const { label, amount, nonce } of closed.data.offers) {
    if ((await commitment("tie-out", unhex(nonce), { amount, label })) !== committed.get(label)) {
      throw new Unfit(`the sealed price of ${label} does not fit its commitment`);
    }
  }
}

// Did a change of lead ask for more time than the hard end left?
function cutShort(entries, live) {
  const [window, extension] = [live.soft_close_window_seconds * 1000, live.soft_close_extension_seconds * 1000];
  let [hardEnd, closesAt, cut, best] = [null, null, false, "null null"];
  for (const e of entries) {
    if (e.kind === "auction.opened" || e.kind === "auction.resumed") {
      [hardEnd, closesAt, cut] = [Date.parse(e.data.hard_end), Date.parse(e.data.closes_at), false];
    } else if (hardEnd === null) {
      continue;
    } else if (e.kind === "bid.placed") {
      const at = Date.parse(e.at);
      cut = closesAt - at < window && at + extension > hardEnd;
      best = `${e.data.amount} ${e.data.label}`;
    } else if (e.kind === "bidder.barred" && `${e.data.best} ${e.data.leader}` !== best) {
      cut = Date.parse(e.at) + extension > hardEnd;
      closesAt = e.data.closes_at ? Date.parse(e.data.closes_at) : closesAt;
      best = `${e.data.best} ${e.data.leader}`;
    } else if (e.kind === "auction.extended") {
      closesAt = Date.parse(e.data.closes_at);
    }
  }
  return cut && closesAt === hardEnd;
}
