// The log: the last fifty entries, newest first, drawn at most once per frame however many arrive.
import { clockTime, fen, fill, money } from "./format.js";
import { sentenceOf } from "./phases.js";

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
    const before = new Map(store.standing.map((bid, at, all) => [bid.seq, at ? all[at - 1].amount - bid.amount : null]));
    const rows = shown.map((row) => (row.kind === "bid.placed" ? this.bid(row, before.get(row.seq)) : this.mark(row)));
    this.body.replaceChildren(...rows.reverse());
    this.total.textContent = shown.length ? fill(texts.total, { count: store.view, shown: shown.length }) : "";
    this.write(shown);
  }

  bid(row, cut) {
    const { store, texts } = this;
    const mine = store.you && row.label === store.you.label;
    const struck = store.struck(row);
    const line = element("tr", { class: [mine && "log-own", struck && "log-struck"].filter(Boolean).join(" ") });
    Object.assign(line.dataset, { testid: "seq", seq: row.seq });
    const time = element("time", { datetime: new Date(row.at).toISOString() }, clockTime(row.at, { millis: true }));
    const who = element("td", { lang: "zh-Hans", class: "log-who" }, row.label);
    if (mine) {
      who.append(element("strong", {}, `（${texts.mine}）`));
      if (row.hash) who.append(element("span", { class: "log-name" }, fill(texts.acceptedRow, { hash: row.hash.slice(0, 8) })));
    }
    const how = row.data?.proxy ? texts.proxy : row.data?.opening ? texts.openingOffer : "";
    if (how) who.append(element("span", { class: "log-name", lang: document.documentElement.lang }, how));
    if (store.names.has(row.label)) who.append(element("span", { class: "log-name" }, store.names.get(row.label)));
    const price = element("td", { class: "num log-price" });
    price.append(struck ? element("del", {}, money(row.amount)) : money(row.amount));
    if (struck) who.append(element("span", { class: "log-name", lang: document.documentElement.lang }, this.void(struck)));
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
    Object.assign(line.dataset, { testid: "seq", seq: row.seq, kind: row.kind });
    const time = element("time", { datetime: new Date(row.at).toISOString() }, clockTime(row.at, { millis: true }));
    line.append(
      element("td", { class: "log-seq" }, String(row.seq)),
      element("td", { class: "log-time" }, time),
    );
    if (row.label) line.append(element("td", { lang: "zh-Hans", class: "log-who" }, row.label));
    line.append(element("td", { colspan: row.label ? "2" : "3" }, this.sentence(row)));
    return line;
  }

  // What a void bid says of itself.
  void(because) {
    return fill(this.texts.struck, { reason: this.texts.reasons[because] ?? because });
  }

  sentence({ kind, data }) {
    if (kind === "bidder.barred") {
      const text = data.best === null ? this.texts.barredAlone : this.texts.barredRow;
      return fill(text, { reason: this.texts.reasons[data.because] ?? data.because, best: money(fen(data.best)) });
    }
    if (kind !== "auction.extended") return sentenceOf(kind, data, this.texts);
    return fill(this.texts.extendedRow, { because: data.because, until: clockTime(Date.parse(data.closes_at)) });
  }

  // The text version: the same rows as sentences, oldest first.
  write(shown) {
    if (!this.lines || this.lines.closest("[hidden]")) return;
    const { store, texts } = this;
    const lines = shown.slice(-20).map((row) => {
      const at = { seq: row.seq, time: clockTime(row.at, { millis: true }) };
      const text =
        row.kind === "bid.placed"
          ? fill(texts.textBid, { ...at, label: row.label, amount: money(row.amount) })
          : fill(texts.textMark, { ...at, text: [row.label, this.sentence(row)].filter(Boolean).join(" ") });
      const struck = store.struck(row);
      return element("li", {}, struck ? `${text} · ${this.void(struck)}` : text);
    });
    this.lines.replaceChildren(...lines);
    this.lines.scrollTop = this.lines.scrollHeight;
  }
}

export function element(name, attributes, content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
  if (content !== undefined) made.append(content);
  return made;
}
