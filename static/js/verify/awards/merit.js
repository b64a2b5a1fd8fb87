// 综合比选: price, experts' marks for unnamed plans, and credit, weighed as the notice said (journal/awards/merit.py).

import { commitment, unhex } from "../bytes.js";
import { median, Rational } from "../rational.js";
import { find, notice, outcome, Unfit } from "./outcome.js";
import { ranked, validPrices } from "./prices.js";

const MOST_POINTS = 100;

// Label → the experts' points for its plan.
async function marksByLabel(entries) {
  const found = new Map();
  const shown = find(entries, "marks.published");
  if (!shown) return found;
  const given = new Map();
  for (const e of entries) if (e.kind === "marks.given" && e.seq < shown.seq) given.set(e.data.expert, e.data.commitment);
  for (const one of shown.data.experts) {
    const fits = await commitment("marks", unhex(one.salt), one.marks);
    if (given.get(one.expert) !== fits) throw new Unfit(`the marks of ${one.expert} do not fit what was committed to`);
    for (const { label, points } of one.marks) {
      if (!Number.isInteger(points) || points < 0 || points > MOST_POINTS) throw new Unfit(`${one.expert} gives ${points} points`);
      found.set(label, [...(found.get(label) ?? []), points]);
    }
  }
  return found;
}

function weightsOf(entries) {
  const { price, quality, credit } = notice(entries).weights;
  if (price + quality + credit !== 100) throw new Unfit("the weights do not add up to 100");
  return { price, quality, credit };
}

export async function decide(entries, rules) {
  const marks = await marksByLabel(entries);
  const [opened, published] = [find(entries, "offers.opened"), find(entries, "marks.published")];
  if (opened && !(published && published.seq < opened.seq)) throw new Unfit("prices were opened before the marks were published");
  const prices = new Map([...validPrices(entries)].filter(([label]) => marks.has(label)));
  if (prices.size === 0) return outcome({ failure: "no_bids" });
  const least = rules.merit.experts_least;
  if ([...marks.values()].some((points) => points.length < least)) throw new Unfit(`a plan has fewer than ${least} marks`);
  const weights = weightsOf(entries);
  const noted = find(entries, "credit.noted");
  const credit = new Map(noted ? [...noted.data.scores].map((one) => [one.label, Rational.of(one.k)]) : []);
  const lowest = [...prices.values()].reduce((a, b) => (b < a ? b : a));
  const keys = new Map();
  for (const [label, price] of prices) {
    const points = median(marks.get(label)).times(weights.quality).by(100n);
    const k = (credit.get(label) ?? Rational.of(0n)).times(weights.credit).by(100n);
    keys.set(label, { score: new Rational(lowest, price).times(weights.price).plus(points).plus(k), price });
  }
  return ranked(entries, prices, keys, (a, b) => b.score.compare(a.score) || (a.price < b.price ? -1 : a.price > b.price ? 1 : 0));
}
