// 均价: prices far from the others are dropped; who is nearest to the mean of the rest times a drawn factor wins
// (journal/awards/average.py). All in exact fractions of fen.

import { compareText } from "../bytes.js";
import { median, Rational, sum } from "../rational.js";
import { outcome, Unfit } from "./outcome.js";
import { ranked, validPrices } from "./prices.js";

const MAD_TO_SIGMA = new Rational(14826n, 10000n);

// The prices that count for the mean: none further from the median than the rule set allows, at least `keep_least` of them.
export function kept(prices, numbers) {
  const middle = median([...prices.values()]);
  const far = new Map([...prices].map(([label, price]) => [label, Rational.of(price).minus(middle).size]));
  const nearest = [...far.values()].sort((a, b) => a.compare(b));
  let limit = MAD_TO_SIGMA.times(numbers.outlier_mads).times(median(nearest));
  const least = nearest[Math.min(numbers.keep_least, nearest.length) - 1];
  if (limit.compare(least) < 0) limit = least;
  return new Map([...prices].filter(([label]) => far.get(label).compare(limit) <= 0));
}

export function factorNames(numbers) {
  return [...numbers.factors_permille].map(String).sort(compareText);
}

export function decide(entries, rules) {
  const numbers = rules.average;
  const prices = validPrices(entries);
  if (prices.size === 0) return outcome({ failure: "no_bids" });
  const made = entries.find((e) => e.kind === "draw.drawn" && String(e.data.draw).endsWith("-F"));
  if (!made) return outcome({ failure: "not_drawn" });
  const permille = String(made.data.order[0]);
  if (!factorNames(numbers).includes(permille)) throw new Unfit(`the factor ${permille} is none of the rule set's`);
  const rest = kept(prices, numbers);
  const mark = sum([...rest.values()]).by(BigInt(rest.size)).times(Rational.of(permille)).by(1000n);
  const keys = new Map([...rest].map(([label, price]) => [label, Rational.of(price).minus(mark)]));
  const above = (gap) => (gap.over > 0n ? 1 : 0);
  return ranked(entries, rest, keys, (a, b) => above(a) - above(b) || a.size.compare(b.size));
}
