// The step chart of the price: all bids as dots, own ones solid, the ceiling, and marks for extensions, pauses and a tie-out.
// What no hand pressed has a shape of its own: a floor's bid, an opening offer, a sealed price of the tie-out.
import { clockTime, money } from "./format.js";

const NS = "http://www.w3.org/2000/svg";
const EDGE = { left: 12, right: 92, top: 26, bottom: 30 };
const MOST_DOTS = 160;

export class Chart {
  constructor(box, texts) {
    this.box = box;
    this.texts = texts;
    this.due = null;
    new ResizeObserver(() => this.paint()).observe(box);
  }

  // Draw soon, at most four times a second, and not at all while nobody looks.
  draw(store, now) {
    this.store = store;
    this.now = now;
    this.due ??= setTimeout(() => requestAnimationFrame(() => this.paint()), 120);
  }

  paint() {
    this.due = null;
    const width = this.box.clientWidth;
    if (!this.store || !width) return;
    const height = Math.round(Math.min(320, Math.max(190, width * 0.36)));
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "chart", "aria-hidden": "true" });
    this.scale(width, height);
    this.pauses(svg);
    this.grid(svg, width, height);
    this.marks(svg);
    this.prices(svg);
    this.box.replaceChildren(svg);
  }

  scale(width, height) {
    const { store } = this;
    this.bids = store.standing;
    this.struck = store.bids.filter((bid) => store.struck(bid));
    this.sealed = store.sealed;
    const lowest = Math.min(store.ceiling, ...[...store.bids, ...this.sealed].map((price) => price.amount));
    const floor = lowest - Math.max((store.ceiling - lowest) * 0.15, store.ceiling * 0.02);
    const [left, right] = [EDGE.left, width - EDGE.right];
    const [top, bottom] = [EDGE.top, height - EDGE.bottom];
    this.until = this.horizon();
    const span = Math.max(1, this.until - store.opensAt);
    this.right = right;
    this.bottom = bottom;
    this.x = (at) => round(left + Math.min(1, Math.max(0, (at - store.opensAt) / span)) * (right - left));
    this.y = (amount) => round(top + ((store.ceiling - amount) / (store.ceiling - floor)) * (bottom - top));
    this.floor = floor;
  }

  // The right edge: the close, or nearer while most of the time is still to come.
  horizon() {
    const { store } = this;
    if (store.over) return Math.max(store.closesAt, ...this.sealed.map((price) => price.at));
    return Math.min(store.closesAt, store.opensAt + Math.max(60000, (this.now - store.opensAt) * 1.6));
  }

  grid(svg, width, height) {
    const { store, texts } = this;
    for (const amount of ticks(this.floor, store.ceiling)) {
      const y = this.y(amount);
      svg.append(node("line", { x1: EDGE.left, x2: this.right, y1: y, y2: y, class: "chart-grid" }));
      const hidden = store.best !== null && Math.abs(y - this.y(store.best)) < 20;
      if (!hidden) svg.append(words(this.right + 8, y + 4, money(amount).replace(/\.00$/, ""), "chart-label"));
    }
    const y = this.y(store.ceiling);
    svg.append(node("line", { x1: EDGE.left, x2: this.right, y1: y, y2: y, class: "chart-ceiling" }));
    svg.append(words(EDGE.left, y - 8, `${texts.ceiling} ${money(store.ceiling)}`, "chart-label chart-label-ceiling"));
    svg.append(words(EDGE.left, height - 8, clockTime(store.opensAt), "chart-label"));
    const end = words(this.right, height - 8, clockTime(this.until), "chart-label");
    end.setAttribute("text-anchor", "end");
    svg.append(end);
  }

  marks(svg) {
    let last = -99;
    for (const row of this.store.ordered) {
      if (row.kind !== "auction.extended") continue;
      const x = this.x(row.at);
      if (x - last < 3) continue;
      svg.append(node("line", { x1: x, x2: x, y1: EDGE.top, y2: this.bottom, class: "chart-mark" }));
      if (x - last > 42) svg.append(words(x + 3, this.bottom - 6, this.texts.plus, "chart-label chart-label-mark"));
      last = x;
    }
  }

  // A band for as long as nobody could bid; one that has no end yet reaches to now.
  pauses(svg) {
    for (const { from, to } of this.store.pauses) {
      const x = this.x(from);
      const width = Math.max(2, this.x(to ?? this.now) - x);
      svg.append(node("rect", { x, y: EDGE.top, width, height: this.bottom - EDGE.top, class: "chart-pause" }));
    }
  }

  prices(svg) {
    const { bids, store } = this;
    for (const bid of this.struck.slice(-MOST_DOTS)) {
      svg.append(node("circle", { cx: this.x(bid.at), cy: this.y(bid.amount), r: 3, class: "chart-dot chart-dot-struck" }));
    }
    if (!bids.length) return;
    const now = store.over ? store.closesAt : this.now;
    let path = `M${this.x(bids[0].at)} ${this.y(bids[0].amount)}`;
    for (const bid of bids.slice(1)) path += `H${this.x(bid.at)}V${this.y(bid.amount)}`;
    const last = bids[bids.length - 1];
    const end = Math.max(this.x(now), this.x(last.at), ...this.sealed.map((price) => this.x(price.at)));
    const best = store.best ?? last.amount;
    path += `H${end}V${this.y(best)}`;
    svg.append(node("path", { d: `${path}V${this.bottom}H${this.x(bids[0].at)}Z`, class: "chart-area" }));
    svg.append(node("path", { d: path, class: "chart-line" }));
    const own = store.you?.label;
    for (const bid of bids.slice(-MOST_DOTS)) {
      const mine = own && bid.label === own;
      svg.append(shape(this.x(bid.at), this.y(bid.amount), howCame(bid), mine));
    }
    for (const price of this.sealed) {
      svg.append(shape(this.x(price.at), this.y(price.amount), "sealed", own && price.label === own));
    }
    const y = this.y(best);
    svg.append(node("circle", { cx: end, cy: y, r: 5, class: store.over ? "chart-end" : "chart-end chart-end-live" }));
    svg.append(node("rect", { x: this.right + 2, y: y - 13, width: EDGE.right - 4, height: 26, rx: 4, class: "chart-tag" }));
    svg.append(words(this.right + 8, y + 5, money(best).replace(/\.00$/, ""), "chart-tag-text"));
  }
}

function node(name, attributes) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// How a bid of the record came: by a floor, as an opening offer, or by hand.
function howCame(bid) {
  return bid.data?.proxy ? "proxy" : bid.data?.opening ? "opening" : "bid";
}

const OUTLINES = { proxy: "M0-4.5L4.5 0L0 4.5L-4.5 0Z", opening: "M-3.5-3.5H3.5V3.5H-3.5Z", sealed: "M0-5L5 4H-5Z" };

function shape(x, y, how, mine) {
  const cls = ["chart-dot", how !== "bid" && `chart-dot-${how}`, mine && "chart-dot-own"].filter(Boolean).join(" ");
  if (how === "bid") return node("circle", { cx: x, cy: y, r: mine ? 5 : 3, class: cls });
  return node("path", { d: OUTLINES[how], transform: `translate(${x} ${y})`, class: cls });
}

function words(x, y, text, cls) {
  const made = node("text", { x, y, class: cls });
  made.textContent = text;
  return made;
}

// Three or four round amounts below the ceiling.
function ticks(floor, ceiling) {
  const rough = (ceiling - floor) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const found = [];
  for (let amount = Math.ceil(floor / step) * step; amount < ceiling - step / 3; amount += step) found.push(amount);
  return found;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
