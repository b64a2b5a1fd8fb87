// A price that only its owner sees: a floor (R5.6), or the sealed price of a tie-out (R5.5). Both are confirmed in words.
import { fill, money, typed } from "./format.js";
import { Press } from "./press.js";

export class HiddenPrice {
  // `type` is floor or sealed; `said` are its sentences; `onAccepted(amount, answer)` hears what was taken.
  constructor(form, { type, texts, said, socket, state, onAccepted }) {
    Object.assign(this, { form, type, texts, said, socket, state, onAccepted, press: null });
    this.dialog = document.querySelector("[data-room=confirm-hidden]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.place(event.submitter?.name === "withdraw" ? null : typed(form.elements.amount.value), event.submitter);
    });
    this.dialog.addEventListener("close", () => this.decided());
  }

  place(amount, submitter) {
    if (this.press && !this.press.answer) return;
    if (amount === null && submitter?.name !== "withdraw") {
      this.tell(this.texts.badAmount, "bad");
      this.form.elements.amount.focus();
      return;
    }
    this.start({ amount, confirmed: false });
  }

  start(price) {
    this.press = new Press(
      { ...price, type: this.type },
      {
        socket: this.socket,
        postUrl: this.form.action,
        csrf: this.form.elements.csrfmiddlewaretoken.value,
        onChange: (press) => this.follow(press),
      },
    );
    this.press.send();
  }

  hear(message) {
    return this.press?.hear(message) ?? false;
  }

  // The line is back: ask at once what became of it.
  resume() {
    if (this.press && !this.press.answer) this.press.send();
  }

  follow({ answer, amount }) {
    if (!answer) this.tell(this.texts.hiddenSending, "sending");
    else if (answer.type === "accepted") {
      this.form.elements.amount.value = "";
      this.tell(fill(amount === null ? this.said.gone : this.said.done, answer), "ok");
      this.onAccepted(amount, answer);
    } else if (answer.type === "lost") this.tell(this.texts.lost, "bad");
    else if (answer.code?.startsWith("E_CONFIRM_")) this.ask(amount, answer);
    else this.tell(fill(this.texts.refused, answer), "bad");
  }

  ask(amount, { facts }) {
    this.asked = amount;
    const put = (name, text) => (this.dialog.querySelector(`[data-room=${name}]`).textContent = text);
    put("hidden-title", this.said.title);
    put("hidden-amount", facts.amount_shown ?? money(amount));
    put("hidden-words", facts.words);
    put("hidden-note", this.said.note);
    this.tell("", "");
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  decided() {
    if (this.asked === undefined || this.asked === null) return;
    const amount = this.asked;
    this.asked = null;
    this.form.elements.amount.focus();
    if (this.dialog.returnValue === "confirm") this.start({ amount, confirmed: true });
  }

  tell(text, tone) {
    this.state.textContent = text;
    this.state.dataset.tone = tone;
  }
}
