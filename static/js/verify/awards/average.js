// 均价: prices far from the others are dropped; who is nearest to the mean of the rest times a drawn factor wins
// (journal/awards/average.py). All in exact fractions of fen.

import { compareText } from "../bytes.js";
import { median, Rational, sum } from "../rational.js";
import { drawn, failure, lists } from "./lots.js";
import { find, outcome, Unfit } from "./outcome.js";
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

// The factor in thousandths; null before it was drawn. Its draw was sealed before the prices were opened.
function factor(entries, numbers) {
  const draw = drawn(entries, "F");
  if (!draw) return null;
  if (lists(draw.listed) !== lists(factorNames(numbers).map((name) => ({ name, tickets: 1 })))) {
    throw new Unfit(`${draw.name} was not made among the factors of the rule set, with one ticket each`);
  }
  const opened = find(entries, "offers.opened");
  if (!opened || draw.sealed.seq > opened.seq) throw new Unfit(`${draw.name} was not sealed before the prices were opened`);
  return draw.order[0];
}

export function decide(entries, rules) {
  const numbers = rules.average;
  const prices = validPrices(entries);
  if (prices.size === 0) return outcome({ failure: failure(entries, "no_bids") });
  const permille = factor(entries, numbers);
  if (permille === null) return outcome({ failure: failure(entries, "not_drawn") });
  const rest = kept(prices, numbers);
  const mark = sum([...rest.values()]).by(BigInt(rest.size)).times(Rational.of(permille)).by(1000n);
  const keys = new Map([...rest].map(([label, price]) => [label, Rational.of(price).minus(mark)]));
  const above = (gap) => (gap.over > 0n ? 1 : 0);
  return ranked(entries, rest, keys, (a, b) => above(a) - above(b) || a.size.compare(b.size));
}
