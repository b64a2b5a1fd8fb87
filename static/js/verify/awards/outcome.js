// What a selection decides, as plain values (journal/awards/outcome.py). Amounts are fen as BigInt.

import { strict } from "../strict.js";

// The case file lacks, or contradicts, what its method needs to decide.
export class Unfit extends Error {}

export function outcome(fields) {
  return { winner: null, amount: null, ranking: [], failure: null, tied: [], ...fields };
}

// Places from labels in their order, and the first as winner.
export function won(labels, amountOf) {
  const ranking = labels.map((label, n) => ({ rank: n + 1, label, amount: amountOf(label) }));
  return outcome({ winner: ranking[0].label, amount: ranking[0].amount, ranking });
}

// The labels of those whose offers are void, for whatever reason (R8).
export function barred(entries, before = Infinity) {
  return new Set(entries.filter((e) => e.kind === "bidder.barred" && e.seq < before).map((e) => e.data.label));
}

export function find(entries, kind) {
  return entries.find((e) => e.kind === kind);
}

// The notice as it was last changed (R3).
export function notice(entries) {
  const found = find(entries, "request.published");
  if (!found) throw new Unfit("nothing was published in this case file");
  const changes = entries.filter((e) => e.kind === "request.changed").flatMap((e) => [...e.data.changes]);
  const changed = Object.fromEntries(changes.map((one) => [one.field, one.new]));
  return strict({ ...found.data, ...changed });
}
