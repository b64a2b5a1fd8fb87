// 密封报价: the lowest valid price wins at itself; equal ones are drawn (journal/awards/sealed.py).

import { ranked, validPrices } from "./prices.js";

export function decide(entries) {
  const prices = validPrices(entries);
  return ranked(entries, prices, prices, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
