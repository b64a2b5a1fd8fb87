// The log: the last fifty entries, newest first, drawn at most once per frame however many arrive.
import { clockTime, fen, fill, money } from "./format.js";

const MARKS = {
  "auction.ready": "readyRow",
  "auction.opened": "openedRow",
  "auction.extended": "extendedRow",
  "auction.closed": "closedRow",
  "auction.failed": "failedRow",
  "auction.paused": "pausedRow",
  "auction.resumed": "resumedRow",
};

export class Log {
  constructor({ body, total, lines }, texts) {
    Object.assign(this, { body, total, lines, texts, due: null });
  }

  draw(store) {
    this.store = store;
    this.due ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.due = null;
    const { store, texts } = this;
    const shown = store.shown;
    const before = new Map(store.bids.map((bid, at, all) => [bid.seq, at ? all[at - 1].amount - bid.amount : null]));
    const rows = shown.map((row) => (row.kind === "bid.placed" ? this.bid(row, before.get(row.seq)) : this.mark(row)));
    this.body.replaceChildren(...rows.reverse());
    this.total.textContent = shown.length ? fill(texts.total, { count: store.view, shown: shown.length }) : "";
    this.write(shown);
  }

  bid(row, cut) {
    const { store } = this;
    const mine = store.you && row.label === store.you.label;
    const line = element("tr", { class: mine ? "log-own" : "" });
    Object.assign(line.dataset, { testid: "seq", seq: row.seq });
    const time = element("time", { datetime: new Date(row.at).toISOString() }, clockTime(row.at, { millis: true }));
    const who = element("td", { lang: "zh-Hans", class: "log-who" }, row.label);
    if (mine) who.append(element("strong", {}, `（${this.texts.mine}）`));
    if (store.names.has(row.label)) who.append(element("span", { class: "log-name" }, store.names.get(row.label)));
    const price = element("td", { class: "num log-price" }, money(row.amount));
    line.append(
      element("td", { class: "log-seq" }, String(row.seq)),
      element("td", { class: "log-time" }, time),
      who,
      price,
      element("td", { class: "num log-cut" }, cut ? `−${money(cut).slice(1)}` : ""),
    );
    if (row.hash) line.title = `SHA-256 ${row.hash}`;
    return line;
  }

  mark(row) {
    const line = element("tr", { class: "log-mark" });
    Object.assign(line.dataset, { testid: "seq", seq: row.seq });
    const time = element("time", { datetime: new Date(row.at).toISOString() }, clockTime(row.at, { millis: true }));
    line.append(
      element("td", { class: "log-seq" }, String(row.seq)),
      element("td", { class: "log-time" }, time),
      element("td", { colspan: "3" }, this.sentence(row)),
    );
    return line;
  }

  sentence(row) {
    const { data } = row;
    return fill(this.texts[MARKS[row.kind]] ?? this.texts.otherRow, {
      kind: row.kind,
      because: data.because,
      until: data.closes_at ? clockTime(Date.parse(data.closes_at)) : "",
      ceiling: data.ceiling ? money(fen(data.ceiling)) : "",
    });
  }

  // The text version: the same rows as sentences, oldest first.
  write(shown) {
    if (!this.lines || this.lines.closest("[hidden]")) return;
    const { texts } = this;
    const lines = shown.slice(-20).map((row) => {
      const at = { seq: row.seq, time: clockTime(row.at, { millis: true }) };
      const text =
        row.kind === "bid.placed"
          ? fill(texts.textBid, { ...at, label: row.label, amount: money(row.amount) })
          : fill(texts.textMark, { ...at, text: this.sentence(row) });
      return element("li", {}, text);
    });
    this.lines.replaceChildren(...lines);
  }
}

export function element(name, attributes, content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
  if (content !== undefined) made.append(content);
  return made;
}
