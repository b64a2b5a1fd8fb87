// The bid form: the next price filled in, steps by button and arrow key, and the story of the last press.
import { clockTime, fill, money, typed, wire } from "./format.js";
import { Press } from "./press.js";

export class BidForm {
  constructor(form, { texts, socket, store, now, announcer, onSettled }) {
    Object.assign(this, { form, texts, socket, store, now, announcer, onSettled });
    this.input = form.elements.amount;
    this.button = form.querySelector("[data-testid=bid]");
    this.byPost = form.querySelector("[data-room=post]");
    this.reason = form.querySelector("[data-room=reason]");
    this.hint = form.querySelector("[data-room=hint]");
    this.state = document.querySelector("[data-testid=my-state]");
    this.dialog = document.querySelector("[data-room=confirm]");
    this.touched = false;
    this.press = null;
    this.memory = `bid:${location.pathname}`;
    this.listen();
    this.take();
    this.recall();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.place({ byPost: event.submitter === this.byPost });
    });
    this.input.addEventListener("input", () => {
      this.touched = true;
      this.judge();
    });
    this.form.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]")?.dataset.step;
      if (step) this.step(Number(step));
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.target === this.input && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        this.step(event.key === "ArrowUp" ? 1 : -1);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.target.closest?.("[data-room=floorform], [data-room=sealedform]")) return;
      if (event.key !== "Enter" || !event.ctrlKey || event.repeat || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      this.place({});
    });
    this.listenToDialog();
  }

  listenToDialog() {
    this.dialog.addEventListener("keydown", (event) => event.key === "Enter" && event.repeat && event.preventDefault());
    this.dialog.addEventListener("close", () => {
      const confirmed = this.dialog.returnValue === "confirm";
      this.dialog.returnValue = "";
      if (confirmed && this.asked) this.place({ amount: this.asked, confirmed: true });
      else this.tell(this.texts.draft, "");
      this.asked = null;
      this.input.focus();
    });
  }

  // The market moved: unless somebody is typing, the form offers the highest price that would pass.
  take() {
    if (!this.touched && !this.sending) this.input.value = wire(Math.max(this.store.limit, 1)).replace(/\.00$/, "");
    this.judge();
  }

  step(times) {
    const from = typed(this.input.value) ?? this.store.limit;
    const next = Math.min(this.store.limit, from + times * this.store.step);
    if (next <= 0) return;
    this.touched = next !== this.store.limit;
    this.input.value = wire(next).replace(/\.00$/, "");
    this.judge();
  }

  get sending() {
    return this.press !== null && this.press.answer === null;
  }

  // Why the button is off; empty when it is on.
  why() {
    const { texts, store, socket } = this;
    if (store.over) return texts.whyClosed;
    if (store.you?.blockers?.length) return texts.whyBlocked;
    if (store.status === "paused") return texts.whyPaused;
    if (store.status === "tie_out") return texts.whyTieOut;
    if (store.status === "review") return texts.whyReview;
    if (store.status !== "live") return texts.whyWaiting;
    if (this.now() >= store.closesAt) return texts.whyConfirming;
    if (this.sending) return texts.whySending;
    if (store.you?.leading) return texts.whyLeading;
    return socket.good ? "" : texts.whyOffline;
  }

  judge() {
    const why = this.why();
    this.button.disabled = why !== "";
    if (this.reason.textContent !== why) this.reason.textContent = why;
    this.reason.hidden = why === "";
    this.byPost.hidden = why !== this.texts.whyOffline;
    const hint = this.advice();
    if (this.hint.textContent !== hint) this.hint.textContent = hint;
  }

  advice() {
    const { texts, store } = this;
    const amount = typed(this.input.value);
    if (amount === null) return texts.badAmount;
    if (amount > store.limit) return fill(texts.tooHigh, { amount: money(store.limit) });
    const base = store.best ?? store.ceiling;
    const percent = (((base - amount) * 100) / base).toFixed(1);
    const limit = fill(texts.limit, { amount: money(store.limit) });
    return amount < base ? `${limit} · ${fill(texts.cut, { amount: money(base - amount), percent })}` : limit;
  }

  place({ amount, confirmed = false, byPost = false }) {
    const why = this.why();
    if (why && !((byPost || confirmed) && why === this.texts.whyOffline)) {
      this.announcer.say(why, 2);
      return;
    }
    amount ??= typed(this.input.value);
    if (amount === null) {
      this.input.focus();
      this.tell(this.texts.badAmount, "bad");
      return;
    }
    this.start({ amount, confirmed }, byPost);
  }

  start(bid, byPost = false) {
    this.press = new Press(bid, {
      socket: this.socket,
      postUrl: this.form.action,
      csrf: this.form.elements.csrfmiddlewaretoken.value,
      onChange: (press) => this.follow(press),
      remember: (pending) => this.remember(pending),
    });
    this.press.send(byPost);
  }

  // A press that a reload interrupted is asked again with its own key.
  recall() {
    const pending = JSON.parse(sessionStorage.getItem(this.memory) ?? "null");
    if (pending) this.start(pending);
  }

  remember(pending) {
    if (pending) sessionStorage.setItem(this.memory, JSON.stringify(pending));
    else sessionStorage.removeItem(this.memory);
  }

  hear(message) {
    return this.press?.hear(message) ?? false;
  }

  // The line is back: ask at once what became of the press.
  resume() {
    if (this.sending) this.press.send();
  }

  follow(press) {
    const { texts } = this;
    const answer = press.answer;
    if (!answer) {
      const text = press.sends > 1 ? texts.resending : texts.sending;
      this.tell(fill(text, { amount: money(press.amount), count: press.sends - 1 }), "sending");
    } else if (answer.type === "accepted") {
      this.touched = false;
      const time = clockTime(Date.parse(answer.at), { millis: true });
      this.tell(fill(texts.accepted, { seq: answer.seq, time }), "ok", 3);
    } else if (answer.type === "lost") {
      this.tell(texts.lost, "bad", 3);
    } else if (answer.code === "E_CONFIRM_UNDERCUT") {
      this.ask(press, answer);
    } else {
      const basis = answer.basis?.length ? `（${fill(texts.basis, { basis: answer.basis.join("、") })}）` : "";
      this.tell(fill(texts.refused, answer) + basis, "bad", 3);
    }
    this.take();
    if (answer) this.onSettled();
  }

  ask(press, { facts, message }) {
    this.asked = press.amount;
    const put = (name, text) => (this.dialog.querySelector(`[data-room=${name}]`).textContent = text);
    put("confirm-amount", facts.amount_shown ?? money(press.amount));
    put("confirm-words", facts.words);
    put("confirm-percent", facts.percent ? fill(this.texts.confirmPercent, facts) : message);
    this.tell(message, "warn");
    this.input.focus();
    this.dialog.showModal();
  }

  tell(text, tone, rank = 1) {
    this.state.textContent = text;
    this.state.dataset.tone = tone;
    if (tone) this.announcer.say(text, rank);
  }
}
