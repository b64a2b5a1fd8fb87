// 随机抽取: every entrant has one ticket; the first drawn wins at the fixed fee (journal/awards/draw.py).

import { parse } from "../money.js";
import { drawn, failure, lists, standing } from "./lots.js";
import { barred, notice, outcome, Unfit, won } from "./outcome.js";

export function decide(entries) {
  const draw = drawn(entries, "D");
  if (!draw) return outcome({ failure: failure(entries, "not_drawn") });
  const out = barred(entries, draw.sealed.seq);
  const wanted = standing(entries, draw.sealed.seq).filter((label) => !out.has(label));
  if (lists(draw.listed) !== lists(wanted.map((name) => ({ name, tickets: 1 })))) {
    throw new Unfit(`${draw.name} was not made among all who were enrolled, with one ticket each`);
  }
  const fee = parse(notice(entries).ceiling);
  const void_ = barred(entries);
  const left = draw.order.filter((label) => !void_.has(label));
  return left.length ? won(left, () => fee) : outcome({ failure: failure(entries, "nobody_left") });
}
