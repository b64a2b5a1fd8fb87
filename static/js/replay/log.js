// The room's log, which also tells of presses that were refused: they are in no case file and have no number.
import { clockTime, money } from "../room/format.js";
import { Log, element } from "../room/log.js";

export class ReplayLog extends Log {
  mark(row) {
    if (row.kind !== "bid.refused") return super.mark(row);
    const line = element("tr", { class: "log-mark log-refused" });
    line.dataset.testid = "refused";
    const time = element("time", { datetime: new Date(row.at).toISOString() }, clockTime(row.at, { millis: true }));
    const what = element("td", { colspan: "2" }, `${this.texts.refusedRow} ${money(row.amount)}`);
    what.append(element("span", { class: "log-name" }, `${row.data.message}（${row.data.basis.join("、")}）`));
    line.append(
      element("td", { class: "log-seq" }, "×"),
      element("td", { class: "log-time" }, time),
      element("td", { lang: "zh-Hans", class: "log-who" }, row.label),
      what,
    );
    return line;
  }
}
