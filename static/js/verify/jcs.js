// The canonical form of JSON (RFC 8785): a browser's own way to write numbers and texts is the one that it prescribes.

const DEEPEST = 400;

export class NotCanonical extends Error {}

export function canonical(value, depth = 0) {
  if (depth > DEEPEST) throw new NotCanonical("it is nested too deeply");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return string(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new NotCanonical(`${typeof value} cannot be written`);
  const names = Object.keys(value).sort(); // by UTF-16 units, as the RFC says
  return `{${names.map((name) => `${string(name)}:${canonical(value[name], depth + 1)}`).join(",")}}`;
}

function number(value) {
  if (!Number.isFinite(value)) throw new NotCanonical(`${value} is no number of JSON`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new NotCanonical(`${value} is too large`);
  return JSON.stringify(value === 0 ? 0 : value);
}

function string(text) {
  if (!text.isWellFormed()) throw new NotCanonical("half a character stands in a text");
  return JSON.stringify(text);
}
