// What stands in a file is anybody's: whoever reads a field that is not there is told so, instead of going on with `undefined`.

import { Malformed } from "./bytes.js";

export function strict(value) {
  return value !== null && typeof value === "object" ? new Proxy(value, RULES) : value;
}

// A field that may be missing.
export function optional(data, name, otherwise) {
  return Object.keys(data).includes(name) ? data[name] : otherwise;
}

const RULES = {
  get(target, name) {
    const list = Array.isArray(target);
    if (typeof name === "symbol" || name === "then" || (list && !/^\d+$/.test(name))) return Reflect.get(target, name);
    if (!Object.hasOwn(target, name)) throw new Malformed(`${name} is missing`);
    return strict(target[name]);
  },
};
