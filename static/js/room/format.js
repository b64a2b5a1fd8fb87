// Money is whole fen, times are milliseconds since 1970 by the server's clock, shown as Beijing time.
const BEIJING = 8 * 3600 * 1000;

export function fen(wire) {
  if (wire === null || wire === undefined) return null;
  const [yuan, rest = ""] = String(wire).split(".");
  return Number(yuan) * 100 + Number(rest.padEnd(2, "0"));
}

// What a person typed, as fen; null when it is not an amount.
export function typed(text) {
  const plain = text.trim().replace(/[,，\s]/g, "").replace(/^[¥￥]/, "");
  return /^(0|[1-9]\d{0,12})(\.\d{1,2})?$/.test(plain) ? fen(plain) : null;
}

export function wire(amount) {
  return `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
}

export function money(amount) {
  if (amount === null) return "—";
  const sign = amount < 0 ? "−" : "";
  const whole = Math.trunc(Math.abs(amount) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}¥${whole}.${String(Math.abs(amount) % 100).padStart(2, "0")}`;
}

export function clockTime(ms, { millis = false, seconds = true } = {}) {
  const iso = new Date(ms + BEIJING).toISOString();
  return iso.slice(11, millis ? 23 : seconds ? 19 : 16);
}

export function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = [Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, "0")).join(":");
  return hours ? `${hours}:${rest}` : rest;
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
