// Pauses, tie-outs and reviews (R5.5, R5.7, R5.8): what the room says of them, and what it counts down to.
import { clockTime, countdown, fen, fill, money } from "./format.js";

// What an entry that is no bid says in the log.
export function sentenceOf(kind, data, texts) {
  const at = (name) => clockTime(Date.parse(data[name]));
  switch (kind) {
    case "auction.paused": {
      const reason = [texts.pauseCauses[data.because] ?? data.because, data.reason].filter(Boolean).join("：");
      return fill(texts.pausedRow, { reason });
    }
    case "auction.resumes":
      return fill(texts.resumesRow, { time: at("opens_again_at"), until: at("closes_at") });
    case "auction.resumed":
      return fill(texts.resumedRow, { until: at("closes_at") });
    case "tie_out.opened":
      return fill(texts.tieOutRow, { labels: data.seats.map((seat) => seat.label).join("、") });
    case "tie_out.closed": {
      const sent = data.offers.filter((one) => one.amount !== null);
      const prices = sent.map((one) => `${one.label} ${money(fen(one.amount))}`).join("、");
      return prices ? fill(texts.tieOutClosedRow, { prices }) : texts.tieOutNone;
    }
    case "auction.low":
      return fill(texts.lowRow, { amount: money(fen(data.amount)) });
    case "low.decided":
      return data.accepted ? texts.lowAccepted : texts.lowRefused;
    default:
      return texts.kinds[kind] ?? kind;
  }
}

// What the big clock counts down to: `[label, moment]`.
export function aim(store, texts) {
  if (store.over || store.status === "review") return ["", 0];
  if (store.status === "waiting" || store.status === "ready") return [texts.untilOpen, store.opensAt];
  if (store.status === "paused") {
    const again = store.paused?.opens_again_at;
    return again ? [texts.untilResume, Date.parse(again)] : ["", 0];
  }
  if (store.status === "tie_out" && store.tieOut) return [texts.untilTieOut, Date.parse(store.tieOut.closes_at)];
  return [texts.remaining, store.closesAt];
}

// What stands in the clock's place where nothing is counted.
export function standing(store, texts) {
  return { closed: texts.closed, failed: texts.failed, review: texts.review, paused: texts.paused }[store.status];
}

export function pauseUntil(store, now, texts) {
  const again = store.paused?.opens_again_at;
  if (!again) return texts.pauseOpen;
  const at = Date.parse(again);
  return fill(texts.pauseUntil, { time: clockTime(at), left: countdown(at - now) });
}
