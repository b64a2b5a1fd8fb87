// Sealed prices as a record shows them (R6): which count, who comes first, and whether they were opened as they were
// committed to (journal/awards/prices.py).

import { commitment, compareText, hex, unhex } from "../bytes.js";
import { merkleRoot } from "../merkle.js";
import { parse } from "../money.js";
import { optional } from "../strict.js";
import { barred, find, notice, outcome, Unfit, won } from "./outcome.js";

const LEFT = ["offer.withdrawn", "request.left", "enrolment.barred"];

export function openedOffers(entries) {
  const found = entries.findLast((e) => e.kind === "offers.opened");
  return found ? [...found.data.offers] : [];
}

function ceilingOf(entries) {
  const written = find(entries, "request.published") ? optional(notice(entries), "ceiling", null) : null;
  return written === null ? null : parse(written);
}

// Label → fen of every offer that counts.
export function validPrices(entries) {
  const [ceiling, out, prices] = [ceilingOf(entries), barred(entries), new Map()];
  for (const offer of openedOffers(entries)) {
    if (offer.void !== null || offer.amount === null || out.has(offer.label)) continue;
    const amount = parse(offer.amount);
    if (amount > 0n && (ceiling === null || amount <= ceiling)) prices.set(offer.label, amount);
  }
  return prices;
}

// The order in which a draw `<number>-T…` put these labels; null as long as none of all of them was made.
function tieOrder(entries, labels) {
  for (const e of entries.toReversed()) {
    if (e.kind === "draw.drawn" && /^.*-T[1-9][0-9]*$/.test(e.data.draw)) {
      const order = [...e.data.order];
      if (labels.every((label) => order.includes(label))) return order.filter((label) => labels.includes(label));
    }
  }
  return null;
}

// Ranks labels by their keys, which `compare` puts in order, the least first. Who shares the first key is tied until a draw
// decides; who shares a later one comes as the draw put them, if it did, else by who sealed first.
export function ranked(entries, prices, keys, compare) {
  const sealed = new Map(entries.filter((e) => e.kind === "offer.sealed").map((e) => [e.data.label, e.seq]));
  const before = (a, b) => (sealed.get(a) ?? 0) - (sealed.get(b) ?? 0) || compareText(a, b);
  const labels = [...keys.keys()].sort((a, b) => compare(keys.get(a), keys.get(b)) || before(a, b));
  const order = [];
  let tied = [];
  while (order.length < labels.length) {
    const key = keys.get(labels[order.length]);
    const group = labels.slice(order.length).filter((label) => compare(keys.get(label), key) === 0);
    const drawn = group.length > 1 ? tieOrder(entries, group) : null;
    if (order.length === 0 && group.length > 1 && drawn === null) tied = [...group].sort(compareText);
    order.push(...(drawn ?? group));
  }
  if (order.length === 0) return outcome({ failure: "no_bids" });
  const found = won(order, (label) => prices.get(label));
  return tied.length ? outcome({ ranking: found.ranking, tied }) : found;
}

// Throws Unfit unless what was closed is what was sealed, and what was opened fits it. `usccOf` by label.
export async function check(entries, usccOf) {
  const closed = find(entries, "offers.closed");
  if (!closed) {
    if (openedOffers(entries).length) throw new Unfit("prices were opened that were never closed");
    return;
  }
  const shut = new Map([...closed.data.offers].map((one) => [one.label, one.commitment]));
  if (!sameMap(shut, inForce(entries, closed.seq))) throw new Unfit("the offers closed are not those in force at the deadline");
  const labels = [...shut.keys()].sort(compareText);
  const root = hex(await merkleRoot(labels.map((label) => unhex(shut.get(label)))));
  if (root !== closed.data.root) throw new Unfit(`the commitments give the root ${root}`);
  if (!find(entries, "offers.opened")) return;
  const shown = openedOffers(entries);
  if (shown.map((one) => one.label).join("\0") !== labels.join("\0")) throw new Unfit("the offers opened are not those closed");
  for (const one of shown) await checkOffer(one, shut.get(one.label), usccOf, ceilingOf(entries));
}

async function checkOffer({ label, amount, nonce, void: reason }, committed, usccOf, ceiling) {
  if (amount === null || nonce === null) {
    if (reason === null) throw new Unfit(`the offer of ${label} counts, but was not opened`);
    return;
  }
  const uscc = usccOf.get(label);
  if (uscc !== undefined && (await commitment("offer", unhex(nonce), { amount, uscc })) !== committed) {
    throw new Unfit(`the price of ${label} does not fit its commitment`);
  }
  const fen = parse(amount);
  const outside = fen <= 0n || (ceiling !== null && fen > ceiling);
  if (outside !== (reason !== null)) throw new Unfit(`the offer of ${label} is void or valid against the ceiling`);
}

// Label → commitment of the offers that stood before the entry `before`.
function inForce(entries, before) {
  const stood = new Map();
  for (const e of entries) {
    if (e.seq >= before) break;
    if (e.kind === "offer.sealed") stood.set(e.data.label, e.data.commitment);
    else if (LEFT.includes(e.kind)) stood.delete(e.data.label);
  }
  return stood;
}

function sameMap(a, b) {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
