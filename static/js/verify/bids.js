// The bids of a live auction (R5.4): each at least one step below the lead, and before the close that held then
// (journal/verify/bids.py).

import { Malformed } from "./bytes.js";
import { parse, wire } from "./money.js";
import { Broken } from "./reader.js";
import { optional } from "./strict.js";

const SETS_CLOSE = ["auction.opened", "auction.extended", "auction.resumed"];

export function checkBids(entries) {
  let [best, ceiling, step, closesAt] = [null, 0n, 0n, ""];
  for (const { seq, at, kind, data } of entries) {
    if (kind === "auction.opened") [ceiling, step] = [parse(data.ceiling), parse(data.step)];
    if (SETS_CLOSE.includes(kind)) closesAt = data.closes_at;
    else if (kind === "bidder.barred" || kind === "tie_out.closed") {
      best = data.best === null ? null : parse(data.best);
      if (kind === "bidder.barred") closesAt = data.closes_at || closesAt;
    } else if (kind === "bid.placed") {
      const amount = parse(data.amount);
      if (!optional(data, "opening", false) && !optional(data, "proxy", false)) {
        const highest = best === null ? ceiling : best - step;
        if (amount <= 0n || amount > highest) {
          throw new Broken(seq, "award", "bid_too_high", { said: wire(amount), computed: wire(highest) });
        }
        if (typeof closesAt !== "string") throw new Malformed("the close is no time");
        if (!closesAt || at >= closesAt) throw new Broken(seq, "award", "bid_too_late", { at, until: closesAt });
      }
      best = amount;
    }
  }
}
