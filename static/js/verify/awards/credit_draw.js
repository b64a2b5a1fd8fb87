// 信用择优: a long list by credit, a short list by draw, and the buyer's reasoned choice (journal/awards/credit_draw.py).

import { compareText } from "../bytes.js";
import { parse } from "../money.js";
import { Rational } from "../rational.js";
import { drawn, failure, lists, standing } from "./lots.js";
import { barred, find, notice, outcome, Unfit, won } from "./outcome.js";

// Who is on the long list with how many tickets, and who is not.
export function longList(scores, numbers) {
  const known = scores.map((one) => ({ label: one.label, k: Rational.of(one.k), grade: one.grade }));
  known.sort((a, b) => b.k.compare(a.k) || compareText(a.label, b.label));
  if (known.length === 0) return { entries: [], missed: [] };
  const wanted = Math.max(numbers.long_list_least, Math.ceil((numbers.long_list_percent * known.length) / 100));
  const least = known[Math.min(wanted, known.length) - 1].k;
  const on = known.filter((one) => one.k.compare(least) >= 0);
  const entries = on.map((one) => ({ name: one.label, tickets: numbers.tickets[one.grade] }));
  entries.sort((a, b) => compareText(a.name, b.name));
  return { entries, missed: known.filter((one) => one.k.compare(least) < 0).map((one) => one.label) };
}

export function decide(entries, rules) {
  const numbers = rules.credit_draw;
  const draw = drawn(entries, "D");
  if (!draw) return outcome({ failure: failure(entries, "not_drawn") });
  checkLongList(entries, draw, numbers);
  const short = shortList(entries, draw, numbers);
  const void_ = barred(entries);
  if (!short) {
    const left = draw.order.some((label) => !void_.has(label));
    return outcome({ failure: failure(entries, left ? "not_picked" : "nobody_left") });
  }
  const picked = find(entries, "shortlist.picked");
  if (picked && !short.includes(picked.data.label)) throw new Unfit(`${picked.data.label} is not on the short list`);
  if (!picked && !find(entries, "shortlist.lapsed")) return outcome({ failure: failure(entries, "not_picked") });
  const first = [...(picked ? [picked.data.label] : []), ...short];
  if (first.every((label) => void_.has(label))) return outcome({ failure: failure(entries, "nobody_left") });
  const fee = parse(notice(entries).ceiling);
  return won([...new Set([...first, ...draw.order])].filter((label) => !void_.has(label)), () => fee);
}

function checkLongList(entries, draw, numbers) {
  const noted = find(entries, "credit.noted");
  if (!noted) throw new Unfit("no credit was noted when enrolment closed");
  const out = barred(entries, draw.sealed.seq);
  const entrants = standing(entries, draw.sealed.seq).filter((label) => !out.has(label));
  const scores = [...noted.data.scores].filter((one) => !out.has(one.label));
  if (scores.map((one) => one.label).sort(compareText).join("\0") !== entrants.join("\0")) {
    throw new Unfit("the credit noted is not that of all who were enrolled");
  }
  const { entries: wanted, missed } = longList(scores, numbers);
  const excluded = draw.excluded.map((one) => one.name);
  if (lists(draw.listed) !== lists(wanted) || !missed.every((label) => excluded.includes(label))) {
    throw new Unfit(`the long list of ${draw.name} does not follow from the credit noted`);
  }
}

function shortList(entries, draw, numbers) {
  const told = find(entries, "shortlist.drawn");
  if (!told) return null;
  const out = barred(entries, told.seq);
  const listed = draw.order.filter((label) => !out.has(label)).slice(0, numbers.short_list);
  if (told.seq < draw.made.seq || [...told.data.labels].join("\0") !== listed.join("\0")) {
    throw new Unfit(`the short list is not the first of the order of ${draw.name}`);
  }
  return listed;
}
