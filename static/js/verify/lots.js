// Lots (R4): the hash of draws, the list's form, the seed, and the order that follows from it (journal/lots.py).

import { compareBytes, compareText, hex, joined, Malformed, sha256, u32, utf8 } from "./bytes.js";
import { canonical } from "./jcs.js";

const MOST_TICKETS = 10000;

// SHA-256("draw/" ‖ tag ‖ "/v1\0" ‖ for each part: u32be(its length) ‖ part).
export function h(tag, ...parts) {
  const counted = parts.flatMap((part) => [u32(part.length), part]);
  return sha256(joined(utf8(`draw/${tag}/v1\0`), ...counted));
}

// The list as it is hashed; throws Malformed for what may not stand in one.
export function checkedList(list) {
  const entries = [...list.entries].map((one) => ({ name: one.name, tickets: one.tickets }));
  const excluded = [...list.excluded].map((one) => ({ name: one.name, reason: one.reason }));
  const [names, barred] = [entries.map((one) => one.name), excluded.map((one) => one.name)];
  for (const some of [names, barred]) {
    if (some.some((name, n) => n && compareText(some[n - 1], name) >= 0)) throw new Malformed("the list is not in order");
  }
  if (names.some((name) => barred.includes(name))) throw new Malformed("somebody is both entered and excluded");
  const counts = ({ tickets }) => Number.isInteger(tickets) && tickets >= 1 && tickets <= MOST_TICKETS;
  if (!entries.every(counts)) throw new Malformed("tickets are not counted from 1");
  if (!excluded.every(({ reason }) => reason.trim() !== "")) throw new Malformed("somebody is excluded without a reason");
  return { entries, excluded, rules: list.rules };
}

// `given`: who contributed → the bytes that count.
export async function seedOf(list, given) {
  const parts = [await sha256(utf8(canonical(list)))];
  for (const name of [...given.keys()].sort(compareText)) parts.push(utf8(name), given.get(name));
  return h("seed", ...parts);
}

export async function orderOf(seed, entries) {
  const keyed = [];
  for (const { name, tickets } of entries) {
    const hashes = [];
    for (let ticket = 0; ticket < tickets; ticket += 1) hashes.push(await h("ticket", seed, utf8(name), u32(ticket)));
    keyed.push({ name, key: hashes.sort(compareBytes)[0] });
  }
  return keyed.sort((a, b) => compareBytes(a.key, b.key) || compareText(a.name, b.name)).map(({ name }) => name);
}

export async function sealOf(list, trustees, contributions) {
  return hex(await sha256(utf8(canonical({ list, trustees, contributions, beacon_source: null }))));
}
