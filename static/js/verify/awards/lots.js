// What the methods that draw read of the case file (journal/awards/lots.py). The draw itself was made again before (draws.js).

import { compareText } from "../bytes.js";
import { Unfit } from "./outcome.js";

const GONE = ["request.left", "enrolment.barred"];

// The draw whose name ends in `-<which>`, such as D; null before it is made.
export function drawn(entries, which) {
  const own = entries.filter((e) => e.kind.startsWith("draw.") && String(e.data.draw).endsWith(`-${which}`));
  const only = (kind) => {
    const found = own.filter((e) => e.kind === kind);
    if (found.length !== 1) throw new Unfit(`there are ${found.length} entries ${kind} of one draw`);
    return found[0];
  };
  if (!own.some((e) => e.kind === "draw.drawn")) return null;
  only("draw.opened");
  const [sealed, made] = [only("draw.sealed"), only("draw.drawn")];
  const { entries: listed, excluded } = sealed.data.list;
  return { name: made.data.draw, listed: [...listed], excluded: [...excluded], order: [...made.data.order], sealed, made };
}

// The labels of those enrolled when the entry `before` was written.
export function standing(entries, before) {
  const labels = new Set();
  for (const e of entries) {
    if (e.seq >= before) break;
    if (e.kind === "request.enrolled") labels.add(e.data.label);
    else if (GONE.includes(e.kind)) labels.delete(e.data.label);
  }
  return [...labels].sort(compareText);
}

export function failure(entries, otherwise) {
  return entries.find((e) => e.kind === "selection.failed")?.data.reason ?? otherwise;
}

export function lists(listed) {
  return listed.map(({ name, tickets }) => `${name}\0${tickets}`).join("\0\0");
}
