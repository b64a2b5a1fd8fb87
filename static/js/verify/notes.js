// Signed notes and checkpoints of C2SP with Ed25519 keys (journal/notes.py).

import { hex, Malformed, same, sha256, unbase64, utf8 } from "./bytes.js";

export class Forged extends Error {}

// `name+hex key id+base64(0x01 ‖ key)`.
export async function readKey(text) {
  const parts = /^([^\s+]+)\+([0-9a-fA-F]+)\+(.+)$/.exec(String(text).trim());
  if (!parts) throw new Malformed("a key is written as name+id+base64");
  const whole = unbase64(parts[3], 33);
  const [name, key] = [parts[1], whole.slice(1)];
  const id = (await sha256(utf8(`${name}\n`), whole)).slice(0, 4);
  if (whole[0] !== 1 || hex(id) !== parts[2].toLowerCase()) throw new Malformed("the key does not fit its id");
  return { name, id, key, text: `${name}+${hex(id)}+${parts[3]}` };
}

export function readNote(note) {
  const gap = typeof note === "string" ? note.lastIndexOf("\n\n") : -1;
  // eslint-disable-next-line no-control-regex
  if (gap < 0 || !note.endsWith("\n") || /[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new Malformed("this is no signed note");
  const lines = note.slice(gap + 2, -1).split("\n");
  return { text: note.slice(0, gap + 1), signatures: lines.map(signature) };
}

function signature(line) {
  const found = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
  const whole = found && unbase64(found[2]);
  if (!whole || whole.length < 5) throw new Malformed("a signature line is not written as it has to be");
  return { name: found[1], id: whole.slice(0, 4), signature: whole.slice(4) };
}

// Which of the keys signed the note: at least one has to. Throws Forged; what a browser without Ed25519 throws goes on up.
export async function signers(note, keys) {
  const found = [];
  for (const one of note.signatures) {
    const key = keys.find((known) => known.name === one.name && same(known.id, one.id));
    if (!key) continue;
    const imported = await crypto.subtle.importKey("raw", key.key, "Ed25519", false, ["verify"]);
    if (!(await crypto.subtle.verify("Ed25519", imported, one.signature, utf8(note.text)))) throw new Forged("forged");
    found.push(key);
  }
  if (found.length === 0) throw new Forged("no known key signed it");
  return found;
}

export function readCheckpoint(text) {
  const lines = text.split("\n");
  const last = lines.pop();
  const [origin, size, root, ...extensions] = lines;
  if (lines.length < 3 || last !== "" || lines.includes("")) throw new Malformed("this is no checkpoint");
  if (!/^(0|[1-9][0-9]{0,18})$/.test(size)) throw new Malformed("the checkpoint's size is no number");
  const until = extensions.find((line) => line.startsWith("until "))?.slice("until ".length) ?? null;
  if (until !== null && (Number.isNaN(Date.parse(until)) || !/(Z|[+-][0-9]{2}:[0-9]{2})$/.test(until))) {
    throw new Malformed("until is no time");
  }
  return { origin, size: BigInt(size), root: unbase64(root, 32), until };
}
