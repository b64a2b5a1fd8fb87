// Bytes, hashes and the commitments of case files (journal/canon.py). WebCrypto does the hashing.

import { canonical } from "./jcs.js";

const encoder = new TextEncoder();

export class Malformed extends Error {}

export function utf8(text) {
  if (typeof text !== "string" || !text.isWellFormed()) throw new Malformed("this is no text");
  return encoder.encode(text);
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/i.test(text)) throw new Malformed(`${text} is not written in hex`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(a, b) {
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}

// Which of two byte strings comes first, as a sort wants it.
export function compareBytes(a, b) {
  for (let n = 0; n < Math.min(a.length, b.length); n += 1) if (a[n] !== b[n]) return a[n] - b[n];
  return a.length - b.length;
}

// By code points, as Python and JCS-free lists sort names; UTF-8 bytes have the same order.
export function compareText(a, b) {
  return a === b ? 0 : compareBytes(encoder.encode(a), encoder.encode(b));
}

export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", parts.length === 1 ? parts[0] : joined(...parts)));
}

// `SHA-256(tag ‖ salt ‖ JCS(value))` in hex.
export async function commitment(tag, salt, value) {
  return hex(await sha256(utf8(tag), salt, utf8(canonical(value))));
}

export function unbase64(text, length) {
  try {
    const value = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (base64(value) === text && (length === undefined || value.length === length)) return value;
  } catch {
    // told below
  }
  throw new Malformed("what should be base64 is not");
}

export function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}
