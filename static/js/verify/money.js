// Money: whole fen as BigInt, a text with two decimals in entries (core/money.py).

import { Malformed } from "./bytes.js";

export function parse(text) {
  const found = typeof text === "string" && /^(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?$/.exec(text);
  if (!found) throw new Malformed(`${text} is no amount`);
  return BigInt(found[1]) * 100n + BigInt((found[2] ?? "").padEnd(2, "0"));
}

export function wire(fen) {
  const plain = fen < 0n ? -fen : fen;
  return `${fen < 0n ? "-" : ""}${plain / 100n}.${String(plain % 100n).padStart(2, "0")}`;
}
