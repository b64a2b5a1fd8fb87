// 直接选取: the agency that an enterprise named, at the price it named, once it has confirmed (journal/awards/direct.py).

import { parse } from "../money.js";
import { optional } from "../strict.js";
import { barred, find, notice, outcome, Unfit, won } from "./outcome.js";

export function decide(entries) {
  const published = notice(entries);
  const named = optional(published, "direct", null);
  if (named === null || published.public_funds || published.buyer.kind === "department") {
    throw new Unfit("this notice lets nobody select directly");
  }
  const confirmed = find(entries, "direct.confirmed");
  if (!confirmed) return outcome({ failure: find(entries, "direct.declined") ? "declined" : "unconfirmed" });
  const { label, amount } = confirmed.data;
  const price = parse(named.price);
  if (parse(amount) !== price || price > parse(published.ceiling)) {
    throw new Unfit("another price was confirmed than the notice names, or it is above the ceiling");
  }
  return barred(entries).has(label) ? outcome({ failure: "nobody_left" }) : won([label], () => price);
}
