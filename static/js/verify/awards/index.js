// One module a selection method, each with `decide(entries, rules)`: rules are the rule set's file as read from TOML.

import * as average from "./average.js";
import * as creditDraw from "./credit_draw.js";
import * as direct from "./direct.js";
import * as draw from "./draw.js";
import * as live from "./live.js";
import * as merit from "./merit.js";
import { Unfit } from "./outcome.js";
import * as sealed from "./sealed.js";

const METHODS = { live, sealed, average, merit, draw, credit_draw: creditDraw, direct };

export async function decide(method, entries, rules) {
  if (!Object.hasOwn(METHODS, method)) throw new Unfit(`no rule is known for the method ${method}`);
  return METHODS[method].decide(entries, rules);
}
