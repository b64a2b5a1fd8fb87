// What was committed to and is revealed later: names, experts' marks, marks of an evaluation (journal/verify/commitments.py).

import { commitment, Malformed, unhex } from "./bytes.js";
import { Broken } from "./reader.js";
import { optional, strict } from "./strict.js";

const OPENING = ["auction.closed", "auction.failed", "selection.closed", "selection.failed", "shortlist.drawn"];
const MARK = ["by", "comment", "document", "grades", "outcome", "reasons"];

export class Commitments {
  constructor() {
    Object.assign(this, { reveals: 0, made: new Map() });
  }

  async take(entry) {
    try {
      await this.look(entry.seq, entry.kind, strict(entry.data));
    } catch (error) {
      if (error instanceof Malformed || error instanceof TypeError) throw new Broken(entry.seq, "reveal", "malformed");
      throw error;
    }
  }

  async look(seq, kind, data) {
    if (kind === "request.enrolled") this.made.set(data.label, data.commitment);
    else if (kind === "marks.given") this.made.set(`expert ${data.expert}`, data.commitment);
    else if (kind === "evaluation.given") this.made.set(`evaluation ${data.by}`, data.commitment);
    else if (OPENING.includes(kind)) for (const one of data.reveals) await this.name(seq, one);
    else if (kind === "marks.published") for (const one of data.experts) await this.expert(seq, strict(one));
    else if (kind === "evaluation.revealed") for (const one of data.marks) await this.mark(seq, strict(one));
  }

  async name(seq, shown) {
    const reveal = strict(shown);
    const committed = this.made.get(reveal.label);
    if (committed === undefined) throw new Broken(seq, "reveal", "stranger", { who: reveal.label });
    if ((await commitment("enrolment", unhex(reveal.salt), reveal.uscc)) !== committed) {
      throw new Broken(seq, "reveal", "name", { who: reveal.label, uscc: reveal.uscc });
    }
    this.reveals += 1;
  }

  async expert(seq, one) {
    const fits = await commitment("marks", unhex(one.salt), one.marks);
    if (fits !== this.made.get(`expert ${one.expert}`)) throw new Broken(seq, "reveal", "marks", { who: one.expert });
    this.reveals += 1;
  }

  async mark(seq, one) {
    const committed = this.made.get(`evaluation ${one.by}`);
    const salt = optional(one, "salt", null);
    if (salt === null) {
      if (committed !== undefined || one.by !== "platform") throw new Broken(seq, "reveal", "marks", { who: one.by });
      return;
    }
    const said = Object.fromEntries(MARK.map((name) => [name, one[name]]));
    const fits = await commitment("evaluation", unhex(salt), said);
    if (committed === undefined || fits !== committed) throw new Broken(seq, "reveal", "marks", { who: one.by });
    this.reveals += 1;
  }
}
