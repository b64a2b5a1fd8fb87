// The part of TOML that rule sets are written in: tables, arrays, inline tables, texts, whole numbers, decimals, true and false.
// Anything else is refused, never guessed.

export class NoToml extends Error {}

const BARE = /[A-Za-z0-9_-]+/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERAL = /'[^'\n]*'/y;
const NUMBER = /[+-]?[0-9](?:_?[0-9])*(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9]+)?/y;

export function readToml(text) {
  const reader = new Toml(text);
  return reader.document();
}

class Toml {
  constructor(text) {
    [this.text, this.at] = [text, 0];
  }

  document() {
    const root = Object.create(null);
    const opened = new Set();
    let table = root;
    for (this.gap(); this.at < this.text.length; this.gap()) {
      if (this.follows("[")) {
        if (this.follows("[")) throw this.wrong();
        const path = this.key();
        this.take("]");
        if (opened.has(path.join("\0"))) throw this.wrong();
        opened.add(path.join("\0"));
        table = this.inside(root, path);
      } else {
        this.pair(table);
      }
      this.lineEnds();
    }
    return root;
  }

  pair(table) {
    const path = this.key();
    this.take("=");
    const parent = this.inside(table, path.slice(0, -1));
    const name = path.at(-1);
    if (name in parent) throw this.wrong();
    this.blanks();
    parent[name] = this.value();
  }

  inside(table, path) {
    return path.reduce((found, name) => {
      if (!(name in found)) found[name] = Object.create(null);
      const next = found[name];
      if (next === null || typeof next !== "object" || Array.isArray(next)) throw this.wrong();
      return next;
    }, table);
  }

  key() {
    const path = [];
    do {
      this.blanks();
      path.push(this.text[this.at] === '"' ? JSON.parse(this.match(STRING)) : this.match(BARE));
      this.blanks();
    } while (this.follows("."));
    return path;
  }

  value() {
    const sign = this.text[this.at];
    if (sign === "[") return this.list();
    if (sign === "{") return this.inline();
    if (this.text.startsWith('"""', this.at) || this.text.startsWith("'''", this.at)) throw this.wrong();
    if (sign === '"') return JSON.parse(this.match(STRING));
    if (sign === "'") return this.match(LITERAL).slice(1, -1);
    if (this.follows("true")) return true;
    if (this.follows("false")) return false;
    const found = this.match(NUMBER);
    const number = Number(found.replaceAll("_", ""));
    if (/^[+-]?0[0-9]/.test(found) || (!/[.eE]/.test(found) && !Number.isSafeInteger(number))) throw this.wrong();
    return number;
  }

  list() {
    this.at += 1;
    const found = [];
    for (this.gap(); !this.follows("]"); this.gap()) {
      found.push(this.value());
      this.gap();
      if (this.follows(",")) continue;
      this.take("]");
      break;
    }
    return found;
  }

  inline() {
    this.at += 1;
    const found = Object.create(null);
    this.blanks();
    if (this.follows("}")) return found;
    do this.pair(found);
    while ((this.blanks(), this.follows(",")));
    this.take("}");
    return found;
  }

  // Blanks, line breaks and comments.
  gap() {
    for (;;) {
      while (" \t\r\n".includes(this.text[this.at] ?? "x")) this.at += 1;
      if (this.text[this.at] !== "#") return;
      this.comment();
    }
  }

  comment() {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  blanks() {
    while (" \t".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  lineEnds() {
    this.blanks();
    if (this.text[this.at] === "#") this.comment();
    if (this.text[this.at] === "\r") this.at += 1;
    if (this.at < this.text.length && this.text[this.at] !== "\n") throw this.wrong();
  }

  take(sign) {
    this.blanks();
    if (!this.follows(sign)) throw this.wrong();
  }

  follows(sign) {
    const found = this.text.startsWith(sign, this.at);
    if (found) this.at += sign.length;
    return found;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) throw this.wrong();
    this.at += found[0].length;
    return found[0];
  }

  wrong() {
    const line = this.text.slice(0, this.at).split("\n").length;
    return new NoToml(`line ${line} is not written as a rule set is`);
  }
}
