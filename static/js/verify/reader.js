// Reads a record piece by piece in the order that its format gives, as journal/verify/reader.py does. JSON.parse would let a
// name that is given twice pass, and could not say in which entry a file is cut off.

export const FORMATS = ["case-record/1", "case-record/2"];
const DEEPEST = 400;
const BLANKS = " \t\r\n";
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

// The record does not hold; `entry` is the first that is wrong, null where it is the file as a whole. `says` is why, as a
// code with facts, which the page puts into words.
export class Broken extends Error {
  constructor(entry, area, code, facts = {}) {
    super(`${area}/${code} ${entry ?? ""} ${JSON.stringify(facts)}`);
    Object.assign(this, { entry, area, code, facts });
  }
}

// What to do with a file that is no record: said without an entry, whoever reads entries adds it.
function unreadable(code, facts) {
  return new Broken(null, "", code, facts);
}

export class Reader {
  constructor(bytes) {
    try {
      this.text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw unreadable("no_utf8");
    }
    this.at = 0;
  }

  opening() {
    this.expect("{", '"format"', ":");
    const format = this.value();
    if (!FORMATS.includes(format)) throw unreadable("other_format");
    this.expect(",", '"case"', ":");
    const name = this.value();
    if (typeof name !== "string") throw unreadable("no_case");
    this.expect(",", '"entries"', ":");
    return { format, name };
  }

  count() {
    this.expect(",", '"seq"', ":");
    const seq = this.value();
    this.expect(",", '"head"', ":");
    return { seq, head: this.value() };
  }

  ruleset() {
    this.expect(",", '"ruleset"', ":");
    return this.value();
  }

  // The checkpoint and keys; the proofs follow, to be read with `items` and then `end`. Null without a seal.
  sealing() {
    this.expect(",", '"sealing"', ":");
    if (!this.follows("{")) {
      if (this.value() !== null) throw unreadable("no_sealing");
      return null;
    }
    this.expect('"checkpoint"', ":");
    const checkpoint = this.value();
    this.expect(",", '"keys"', ":");
    const keys = this.value();
    this.expect(",", '"inclusion"', ":");
    return { checkpoint, keys };
  }

  end() {
    this.expect("}");
    this.skip();
    if (this.at < this.text.length) throw unreadable("more_follows");
  }

  *items() {
    this.expect("[");
    if (this.follows("]")) return;
    for (;;) {
      yield this.value();
      if (this.follows("]")) return;
      this.expect(",");
    }
  }

  expect(...tokens) {
    for (const token of tokens) if (!this.follows(token)) throw this.cut();
  }

  follows(token) {
    this.skip();
    const found = this.text.startsWith(token, this.at);
    if (found) this.at += token.length;
    return found;
  }

  skip() {
    while (this.at < this.text.length && BLANKS.includes(this.text[this.at])) this.at += 1;
  }

  value(depth = 0) {
    if (depth > DEEPEST) throw unreadable("nested");
    this.skip();
    const sign = this.text[this.at];
    if (sign === "{") return this.object(depth);
    if (sign === "[") return this.list(depth);
    if (sign === '"') return JSON.parse(this.match(STRING));
    for (const [word, meaning] of [["null", null], ["true", true], ["false", false]]) {
      if (this.follows(word)) return meaning;
    }
    return Number(this.match(NUMBER));
  }

  object(depth) {
    this.at += 1;
    const found = Object.create(null);
    if (this.follows("}")) return found;
    do {
      this.skip();
      const name = JSON.parse(this.match(STRING));
      if (name in found) throw unreadable("name_twice", { name });
      this.expect(":");
      found[name] = this.value(depth + 1);
    } while (this.follows(","));
    this.expect("}");
    return found;
  }

  list(depth) {
    this.at += 1;
    const found = [];
    if (this.follows("]")) return found;
    do found.push(this.value(depth + 1));
    while (this.follows(","));
    this.expect("]");
    return found;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) throw this.cut();
    this.at += found[0].length;
    return found[0];
  }

  cut() {
    return unreadable("cut_off", { character: this.at });
  }
}
