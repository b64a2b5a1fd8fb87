// The cards beside the bid form that are the reader's own: its floor, its seat in a tie-out.
import { fen, fill, money } from "./format.js";
import { HiddenPrice } from "./hidden.js";

export class PrivateCards {
  constructor(part, { texts, store, socket, onSettled }) {
    Object.assign(this, { part, texts, store });
    this.prices = [];
    const cards = { floor: [part("floorform"), part("floor-state")], sealed: [part("sealedform"), part("sealed-state")] };
    const said = {
      floor: { done: texts.floorSet, gone: texts.floorGone, title: texts.floorTitle, note: texts.floorNote },
      sealed: { done: texts.sealedSent, title: texts.sealedTitle, note: texts.sealedNote },
    };
    for (const [type, [form, state]] of Object.entries(cards)) {
      if (!form || !state) continue;
      const onAccepted = (amount, answer) => {
        this.taken(type, amount, answer);
        onSettled();
      };
      this.prices.push(new HiddenPrice(form, { type, texts, said: said[type], socket, state, onAccepted }));
    }
  }

  taken(type, amount, answer) {
    const { you } = this.store;
    if (!you) return;
    if (type === "floor") you.floor = amount === null ? null : (amount / 100).toFixed(2);
    else you.tie_out = { ...you.tie_out, sent: answer.seq };
  }

  hear(message) {
    return this.prices.some((price) => price.hear(message));
  }

  resume() {
    for (const price of this.prices) price.resume();
  }

  draw() {
    const { store, part, texts } = this;
    const now = part("floor-now");
    const floor = fen(store.you?.floor);
    if (now) {
      const text = floor === null ? texts.floorNone : fill(texts.floorNow, { amount: money(floor) });
      if (now.textContent.trim() !== text) now.textContent = text;
      part("floorform").elements.withdraw.hidden = floor === null;
      part("floor").hidden = !["ready", "live", "paused"].includes(store.status);
    }
    const card = part("tie-out");
    if (!card) return;
    card.hidden = store.status !== "tie_out";
    if (store.tieOut) part("tie-out-seats").textContent = store.tieOut.seats.join("、");
    const seated = store.you?.label && store.tieOut?.seats.includes(store.you.label);
    part("sealedform").hidden = !seated || Boolean(store.you.tie_out?.sent);
    if (seated && store.you.best) part("tie-out-own").textContent = fill(texts.tieOutOwn, { amount: money(fen(store.you.best)) });
  }
}
