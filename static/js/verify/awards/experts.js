// The experts of a 综合比选: drawn, recused or replaced, and what each marked (journal/awards/experts.py).

import { commitment, compareText, unhex } from "../bytes.js";
import { drawn } from "./lots.js";
import { find, Unfit } from "./outcome.js";

const MOST_POINTS = 100;
const REPLACED = ["expert.recused", "expert.replaced"];
const LEFT = ["plan.withdrawn", "request.left", "enrolment.barred"];

// Label → the experts' points for its plan; empty before they were published.
export async function marksByLabel(entries, numbers) {
  const shown = find(entries, "marks.published");
  const opened = entries.find((e) => e.kind === "offers.opened" && e.data.offers.length);
  if (opened && !(shown && shown.seq < opened.seq)) throw new Unfit("prices were opened before the experts' marks were published");
  const found = new Map();
  if (!shown) return found;
  const wanted = plansMarked(entries, shown);
  const sat = seated(entries, numbers, shown.seq);
  const marking = [...shown.data.experts].map((one) => String(one.expert)).sort(compareText);
  if (marking.join("\0") !== [...sat].sort(compareText).join("\0") || sat.length < numbers.experts_least) {
    throw new Unfit(`the marks are not those of the experts drawn: ${sat.join(", ")}`);
  }
  for (const label of wanted) found.set(label, []);
  const given = new Map();
  for (const e of entries) if (e.kind === "marks.given" && e.seq < shown.seq) given.set(e.data.expert, e.data.commitment);
  for (const { expert, salt, marks } of shown.data.experts) {
    if (given.get(expert) !== (await commitment("marks", unhex(salt), marks))) {
      throw new Unfit(`the marks of ${expert} do not fit what was committed to`);
    }
    if ([...marks].map((one) => one.label).join("\0") !== wanted.join("\0")) throw new Unfit(`${expert} did not mark every plan once`);
    for (const mark of marks) found.get(mark.label).push(points(expert, mark));
  }
  return found;
}

function points(expert, { label, points: given, reason }) {
  if (!Number.isInteger(given) || given < 0 || given > MOST_POINTS) throw new Unfit(`${expert} gives ${given} points`);
  if (String(reason).trim() === "") throw new Unfit(`${expert} gives no reason for ${label}`);
  return given;
}

// Who had to mark when the entry `before` was written.
function seated(entries, numbers, before) {
  const draw = drawn(entries, "E");
  if (!draw || draw.made.seq > before) throw new Unfit("no experts had been drawn when the marks were published");
  if (draw.listed.some((one) => one.tickets !== 1)) throw new Unfit(`${draw.name} gave an expert more than one ticket`);
  const gone = entries.filter((e) => REPLACED.includes(e.kind) && e.seq < before).map((e) => e.data.expert);
  return draw.order.filter((expert) => !gone.includes(expert)).slice(0, numbers.experts_least);
}

// The labels of the plans that were closed, in their order: the last ones sent in before the deadline.
function plansMarked(entries, shown) {
  const closed = find(entries, "plans.closed");
  if (!closed || closed.seq > shown.seq) throw new Unfit("marks were published for plans that were never closed");
  const last = new Map();
  for (const e of entries) {
    if (e.seq >= closed.seq) break;
    if (e.kind === "plan.submitted") last.set(e.data.label, e.data.sha256);
    else if (LEFT.includes(e.kind)) last.delete(e.data.label);
  }
  const plans = [...closed.data.plans];
  if (plans.some((one) => last.get(one.label) !== one.sha256)) throw new Unfit("the plans closed are not those in force at the deadline");
  return plans.map((one) => one.label).sort(compareText);
}
