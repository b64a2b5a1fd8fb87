// "为什么我不能报价": drawn again when a refresh brings other reasons than the page began with.
import { fill } from "./format.js";
import { element } from "./log.js";

export class Blockers {
  constructor({ box, list }, texts, { policy, desk, request }) {
    Object.assign(this, { box, list, texts, policy, desk, request });
    this.codes = [...list.children].map((item) => item.dataset.code).join();
  }

  draw(blockers) {
    const codes = blockers.map((blocker) => blocker.code).join();
    if (codes === this.codes) return;
    this.codes = codes;
    this.box.hidden = !blockers.length;
    this.list.replaceChildren(...blockers.map((blocker) => this.item(blocker)));
  }

  item({ code, message, basis, fix }) {
    const item = element("li", { class: "blocker" });
    Object.assign(item.dataset, { testid: "blocker", code });
    const links = element("p", { class: "blocker-links" });
    for (const clause of basis) {
      links.append(element("a", { href: `${this.policy}#${clause}` }, fill(this.texts.basis, { basis: clause })));
    }
    const remedy = ["E_NOT_ENROLLED", "E_ENROLMENT_OVER"].includes(code) ? this.request : this.desk;
    if (fix) links.append(element("a", { href: remedy }, fix));
    links.append(element("code", {}, code));
    item.append(element("p", { class: "blocker-message" }, message), links);
    return item;
  }
}
