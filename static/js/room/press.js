// One press of a button: one key, sent until it is answered, never a second bid. `type` is bid, floor or sealed; a floor's
// amount is null when it is withdrawn.
import { wire } from "./format.js";

const RESEND_AFTER = 2500;
const BY_POST_AFTER = 2; // silent re-sends over the socket before the same key goes by POST
const GIVE_UP_AFTER = 24; // a minute without any answer; a reload asks once more with the same key

export class Press {
  constructor({ amount, confirmed, key, type = "bid" }, { socket, postUrl, csrf, onChange, remember = () => {} }) {
    Object.assign(this, { type, amount, confirmed: Boolean(confirmed), key: key ?? newKey() });
    Object.assign(this, { socket, postUrl, csrf, onChange, remember, sends: 0, answer: null });
    remember({ amount, confirmed: this.confirmed, key: this.key });
  }

  // Over the socket, or by POST when told so.
  send(byPost = false) {
    clearTimeout(this.timer);
    if (this.answer) return;
    if (this.sends >= GIVE_UP_AFTER) return this.settle({ type: "lost" });
    this.sends += 1;
    const bid = { type: this.type, key: this.key, amount: this.amount === null ? null : wire(this.amount) };
    if (this.confirmed) bid.confirmed = true;
    if (byPost || this.sends > BY_POST_AFTER + 1 || !this.socket.send(bid)) this.post();
    this.timer = setTimeout(() => this.send(byPost), RESEND_AFTER);
    this.onChange(this);
  }

  async post() {
    const body = new URLSearchParams({ key: this.key, amount: this.amount === null ? "" : wire(this.amount) });
    if (this.amount === null) body.set("withdraw", "1");
    if (this.confirmed) body.set("confirmed", "on");
    try {
      const answer = await fetch(this.postUrl, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": this.csrf },
        body,
        signal: AbortSignal.timeout(8000),
      });
      if (!answer.headers.get("content-type")?.startsWith("application/json")) return;
      const said = await answer.json();
      // A malformed bid has no key in its answer; asking again would not mend it.
      this.hear(answer.status === 400 ? { type: "refused", key: this.key, message: said.code, basis: [] } : said);
    } catch {
      // No network: the timer asks again with the same key.
    }
  }

  // An `accepted` or `refused` for this key; anything else is not ours.
  hear(message) {
    if (this.answer || message.key !== this.key || !["accepted", "refused"].includes(message.type)) return false;
    this.remember(null);
    this.settle(message);
    return true;
  }

  settle(answer) {
    clearTimeout(this.timer);
    this.answer = answer;
    this.onChange(this);
  }
}

// crypto.randomUUID exists only on https and localhost; its material exists everywhere.
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
