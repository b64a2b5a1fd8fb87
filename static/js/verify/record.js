// One record from its first entry to its award (journal/verify/record.py): `verify(bytes)` answers what was proved, as lines
// that every verifier of this format comes to, or throws Broken at the first thing wrong.

import { hex, sha256, utf8 } from "./bytes.js";
import { Chain } from "./chain.js";
import { Commitments } from "./commitments.js";
import { Draws } from "./draws.js";
import { wire } from "./money.js";
import { Broken, Reader } from "./reader.js";
import { Seals } from "./seals.js";
import { Selection } from "./selection.js";
import { optional } from "./strict.js";
import { NoToml, readToml } from "./toml.js";

const TELL_EVERY = 200;

export async function verify(bytes, { progress = () => {}, keys = [] } = {}) {
  const whole = { seals: new Seals(keys), commitments: new Commitments(), draws: new Draws(), selection: new Selection() };
  const { reader, format } = inArea("form", () => {
    const reader = new Reader(bytes);
    const { format, name } = reader.opening();
    whole.chain = new Chain(name);
    return { reader, format };
  });
  await readEntries(reader, whole, progress);
  inArea("form", () => checkCount(reader, whole.chain));
  if (format === "case-record/2") {
    const said = inArea("ruleset", () => reader.ruleset());
    whole.rules = await checkRuleset(said, whole.named);
    await readSeal(reader, whole, progress);
  }
  inArea("form", () => reader.end());
  whole.seals.finish();
  await whole.selection.checkOffers();
  whole.award = whole.rules && whole.selection.entries.length ? await whole.selection.checkAward(toml(whole.rules)) : null;
  return lines(whole);
}

async function readEntries(reader, whole, progress) {
  const { chain } = whole;
  const items = reader.items();
  for (;;) {
    const { value: entry, done } = inArea("chain", () => items.next(), chain);
    if (done) break;
    await chain.take(entry);
    await whole.commitments.take(entry);
    await whole.draws.take(entry);
    whole.selection.take(entry);
    whole.seals.hold(chain.head, entry.at);
    if (entry.kind === "request.published" && !whole.named) whole.named = optional(entry.data, "ruleset", null);
    if (chain.entries % TELL_EVERY === 0) progress({ entry: chain.entries, share: reader.at / reader.text.length });
  }
  progress({ entry: chain.entries, share: reader.at / (reader.text.length || 1) });
}

function checkCount(reader, chain) {
  const { seq, head } = reader.count();
  if (seq !== chain.entries) throw new Broken(null, "form", "count", { said: String(seq), computed: chain.entries });
  if (head !== hex(chain.head)) throw new Broken(null, "form", "head", { said: String(head), computed: hex(chain.head) });
}

async function checkRuleset(said, named) {
  if (said === null) {
    if (named) throw new Broken(null, "ruleset", "left_out", { id: named.id });
    return null;
  }
  const fits = typeof said === "object" && Object.keys(said).sort().join() === "id,toml" && typeof said.toml === "string";
  if (!fits) throw new Broken(null, "ruleset", "types");
  const computed = hex(await sha256(utf8(said.toml)));
  if (said.id !== named?.id || computed !== named?.sha256) {
    throw new Broken(null, "ruleset", "other", { id: said.id, computed, said: named?.sha256 ?? "—" });
  }
  return said.toml;
}

async function readSeal(reader, { seals, chain }, progress) {
  const seal = inArea("seal", () => reader.sealing());
  if (seal === null) return;
  await seals.open(seal);
  const proofs = reader.items();
  for (;;) {
    const { value: proof, done } = inArea("seal", () => proofs.next());
    if (done) break;
    await seals.take(proof);
    if (seals.sealed % TELL_EVERY === 0) progress({ entry: chain.entries, share: reader.at / reader.text.length });
  }
  inArea("seal", () => reader.expect("}"));
}

function toml(text) {
  try {
    return readToml(text);
  } catch (error) {
    if (!(error instanceof NoToml || error instanceof SyntaxError)) throw error;
    throw new Broken(null, "ruleset", "no_toml", { why: error.message });
  }
}

// What the reader finds wrong belongs to this part of the check; among entries, to the next of the chain.
function inArea(area, work, chain) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Broken && error.area === "") {
      throw new Broken(chain ? chain.entries + 1 : null, area, error.code, error.facts);
    }
    throw error;
  }
}

function lines({ chain, commitments, draws, selection, seals, award }) {
  const found = [
    { line: "chain", case: chain.name, entries: chain.entries, head: hex(chain.head) },
    { line: "reveals", count: commitments.reveals },
  ];
  for (const draw of draws.made) {
    const { name, given, forced, void: empty, order } = draw;
    found.push({ line: "draw", draw: name, contributors: given.size, forced, void: empty, first: order[0] });
  }
  if (selection.offers) found.push({ line: "offers", ...selection.offers });
  if (selection.entries.length) found.push(awardLine(award));
  if (seals.checkpoint === null) return [...found, { line: "unsealed" }];
  const { size, until } = seals.checkpoint;
  found.push({ line: "sealed", entries: seals.sealed, of: chain.entries, size: Number(size), until });
  if (seals.unchecked) found.push({ line: "unsigned", lacks: seals.unchecked });
  return [...found, ...seals.signers.map((key) => ({ line: "signed", key: key.text, known: seals.trusted.length > 0 }))];
}

function awardLine(award) {
  if (award === null) return { line: "no_ruleset" };
  const { method, winner, amount, rank, failed, entry } = award;
  if (failed !== null) return { line: "failed", method, reason: failed, entry };
  if (winner === null) return { line: "undecided", method };
  return { line: "award", method, winner, amount: wire(amount), rank, entry };
}
