// Exact fractions: an award must not hang on how a machine rounds.

import { Malformed } from "./bytes.js";

export class Rational {
  constructor(over, under = 1n) {
    if (under === 0n) throw new Malformed("a division by nothing");
    const sign = under < 0n ? -1n : 1n;
    const shared = divisor(over < 0n ? -over : over, under * sign) || 1n;
    this.over = (over * sign) / shared;
    this.under = (under * sign) / shared;
  }

  // From a whole number, or a decimal text such as "84.2".
  static of(value) {
    if (value instanceof Rational) return value;
    if (typeof value === "bigint" || Number.isSafeInteger(value)) return new Rational(BigInt(value));
    const found = typeof value === "string" && /^(-?[0-9]+)(?:\.([0-9]+))?$/.exec(value);
    if (!found) throw new Malformed(`${value} is no number`);
    const decimals = found[2] ?? "";
    return new Rational(BigInt(found[1] + decimals), 10n ** BigInt(decimals.length));
  }

  plus(other) {
    const b = Rational.of(other);
    return new Rational(this.over * b.under + b.over * this.under, this.under * b.under);
  }

  minus(other) {
    return this.plus(Rational.of(other).times(-1n));
  }

  times(other) {
    const b = Rational.of(other);
    return new Rational(this.over * b.over, this.under * b.under);
  }

  by(other) {
    const b = Rational.of(other);
    return new Rational(this.over * b.under, this.under * b.over);
  }

  get size() {
    return this.over < 0n ? this.times(-1n) : this;
  }

  // Less than nothing, nothing, or more, as a sort wants it.
  compare(other) {
    const b = Rational.of(other);
    const [left, right] = [this.over * b.under, b.over * this.under];
    return left < right ? -1 : left > right ? 1 : 0;
  }
}

export function sum(values) {
  return values.reduce((total, value) => total.plus(value), new Rational(0n));
}

export function median(values) {
  const sorted = values.map(Rational.of).sort((a, b) => a.compare(b));
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : sorted[middle - 1].plus(sorted[middle]).by(2n);
}

function divisor(a, b) {
  return b === 0n ? a : divisor(b, a % b);
}
