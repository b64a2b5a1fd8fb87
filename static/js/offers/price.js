// A sealed price, made where nobody else sees it: the same bytes as journal/offers.py.

import { derive, fromHex, joined, sealEnvelope, sha256, toHex } from "../draws/envelope.js";

const text = new TextEncoder();
const ONCE = new Uint8Array(12); // every key encrypts one message only
const WIDTH = 24; // every price is filled up, so that its length tells nothing

// "100150.00" from what people type, null for what is no amount.
export function amountOf(typed) {
  const plain = typed.trim().replace(/[,，\s]/g, "").replace(/^[¥￥]/, "");
  const match = /^(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?$/.exec(plain);
  return match ? `${match[1]}.${(match[2] ?? "").padEnd(2, "0")}` : null;
}

export function fenOf(amount) {
  return BigInt(amount.replace(".", ""));
}

// What the platform gets: {commitment, ciphertext, envelope}, in hex. k: 32 random bytes that stay here.
export async function sealPrice(amount, uscc, k, keys, threshold) {
  const told = text.encode(JSON.stringify({ amount, uscc }));
  const committed = await sha256(joined(text.encode("offer"), k, told));
  const secret = await derive(k, joined(text.encode("offer/price/v1"), committed));
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const cipher = { name: "AES-GCM", iv: ONCE, additionalData: committed };
  const sealed = await crypto.subtle.encrypt(cipher, key, text.encode(amount.padEnd(WIDTH)));
  return {
    commitment: toHex(committed),
    ciphertext: toHex(new Uint8Array(sealed)),
    envelope: await sealEnvelope(k, keys.map(fromHex), threshold, committed),
  };
}
