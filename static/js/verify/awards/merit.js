// 综合比选: price, experts' marks for unnamed plans, and credit, weighed as the notice said (journal/awards/merit.py).

import { median, Rational } from "../rational.js";
import { optional } from "../strict.js";
import { marksByLabel } from "./experts.js";
import { failure } from "./lots.js";
import { find, notice, outcome, Unfit } from "./outcome.js";
import { ranked, validPrices } from "./prices.js";

const PARTS = "credit,price,quality";

// In percent, within the bounds of the rule set.
function weightsOf(entries, numbers) {
  const published = notice(entries);
  const said = optional(published, "weights", null);
  const government = Boolean(optional(published, "public_funds", false)) || buyerKind(published) === "department";
  const parts = said === null ? [] : Object.keys(said).sort();
  const whole = parts.join() === PARTS && parts.every((name) => Number.isInteger(said[name]) && said[name] >= 0);
  const priceLeast = government ? numbers.government_price_percent_least : 0;
  const within = whole && said.price >= priceLeast && said.credit <= numbers.credit_percent_most;
  if (!within || said.price + said.quality + said.credit !== 100) {
    throw new Unfit("the notice does not say how price, quality and credit weigh, or not within the bounds");
  }
  return said;
}

function buyerKind(published) {
  const buyer = optional(published, "buyer", null);
  return buyer === null ? null : optional(buyer, "kind", null);
}

export async function decide(entries, rules) {
  const numbers = rules.merit;
  const marks = await marksByLabel(entries, numbers);
  const prices = new Map([...validPrices(entries)].filter(([label]) => marks.has(label)));
  if (prices.size === 0) return outcome({ failure: failure(entries, "no_bids") });
  const weights = weightsOf(entries, numbers);
  const noted = find(entries, "credit.noted");
  if (!noted) throw new Unfit("no credit was noted when enrolment closed");
  const credit = new Map([...noted.data.scores].map((one) => [one.label, Rational.of(one.k)]));
  const missing = [...prices.keys()].filter((label) => !credit.has(label));
  if (missing.length) throw new Unfit(`no credit was noted of ${missing.join(", ")}`);
  const lowest = [...prices.values()].reduce((a, b) => (b < a ? b : a));
  const keys = new Map();
  for (const [label, price] of prices) {
    const points = median(marks.get(label)).times(weights.quality).by(100n);
    const k = credit.get(label).times(weights.credit).by(100n);
    keys.set(label, { score: new Rational(lowest, price).times(weights.price).plus(points).plus(k), price });
  }
  return ranked(entries, prices, keys, (a, b) => b.score.compare(a.score) || (a.price < b.price ? -1 : a.price > b.price ? 1 : 0));
}
