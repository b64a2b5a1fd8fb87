// Envelopes for trustees, and contributions to a draw, made where nobody else sees them: the same bytes as
// journal/envelopes.py and journal/lots.py.
// X25519, HKDF-SHA-256 and AES-256-GCM are the browser's own; Shamir's sharing over GF(256) is here.

const text = new TextEncoder();
const EMPTY = new Uint8Array(0);
const ONCE = new Uint8Array(12); // every key encrypts one message only
const PKCS8 = fromHex("302e020100300506032b656e04220420"); // an X25519 private key, before its 32 bytes

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(hex) {
  if (!/^([0-9a-f]{2})*$/.test(hex)) throw new TypeError("not written in hex");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function randomBytes() {
  return crypto.getRandomValues(new Uint8Array(32));
}

// What a contributor of the bytes r publishes before the close.
export async function commitment(identity, r) {
  return sha256(joined(text.encode("draw/nonce/v1\0"), ...counted(text.encode(identity), r)));
}

// The whole contribution as the server takes it: {commitment, envelope: {ephemeral, shares}}, in hex.
export async function contribution(identity, r, keys, threshold) {
  const committed = await commitment(identity, r);
  return { commitment: toHex(committed), envelope: await sealEnvelope(r, keys.map(fromHex), threshold, committed) };
}

export async function sealEnvelope(secret, keys, threshold, context) {
  const terms = await termsOf(keys, threshold, context);
  const ephemeral = await derive(secret, joined(text.encode("envelope/ephemeral/v1"), terms));
  const sender = await publicKey(ephemeral);
  const shares = await split(secret, keys.length, threshold, terms);
  const sealed = keys.map(async (theirs, index) => {
    const key = await shareKey(ephemeral, theirs, sender, theirs, index + 1, terms, "encrypt");
    return toHex(new Uint8Array(await crypto.subtle.encrypt(gcm(terms), key, shares[index])));
  });
  return { ephemeral: toHex(sender), shares: await Promise.all(sealed) };
}

// A trustee's own share of an envelope, in hex; null when it cannot be decrypted.
export async function openShare(envelope, privateKey, keys, threshold, context) {
  const all = keys.map(fromHex);
  const terms = await termsOf(all, threshold, fromHex(context));
  const own = await publicKey(privateKey);
  const index = keys.indexOf(toHex(own));
  if (index < 0) throw new RangeError("this key is not one of the trustees'");
  try {
    const sender = fromHex(envelope.ephemeral);
    const key = await shareKey(privateKey, sender, sender, own, index + 1, terms, "decrypt");
    return toHex(new Uint8Array(await crypto.subtle.decrypt(gcm(terms), key, fromHex(envelope.shares[index]))));
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

export async function publicKey(privateKey) {
  const { x } = await crypto.subtle.exportKey("jwk", await importPrivate(privateKey, true));
  const base64 = x.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

async function importPrivate(bytes, readable = false) {
  return crypto.subtle.importKey("pkcs8", joined(PKCS8, bytes), "X25519", readable, ["deriveBits"]);
}

async function shareKey(privateKey, other, sender, trustee, number, terms, use) {
  const theirs = await crypto.subtle.importKey("raw", other, "X25519", false, []);
  const exchange = { name: "X25519", public: theirs };
  const shared = new Uint8Array(await crypto.subtle.deriveBits(exchange, await importPrivate(privateKey), 256));
  const bytes = await derive(shared, joined(text.encode("envelope/share/v1"), sender, trustee, u32(number), terms));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [use]);
}

async function termsOf(keys, threshold, context) {
  return sha256(joined(...counted(joined(u32(threshold), u32(keys.length)), ...keys, context)));
}

// The shares of a secret, from number 1; their randomness comes from the secret, so an envelope is made in one way only.
async function split(secret, count, threshold, terms) {
  const rows = [secret];
  for (let call = 1; call < threshold; call += 1) {
    rows.push(await derive(secret, joined(text.encode("envelope/coefficients/v1"), terms, u32(call))));
  }
  return Array.from({ length: count }, (_, index) =>
    secret.map((_byte, place) => rows.reduceRight((value, row) => times(value, index + 1) ^ row[place], 0)),
  );
}

// The product of two elements of GF(256), by AES's polynomial.
function times(a, b) {
  let product = 0;
  for (let x = a, y = b; y > 0; y >>= 1) {
    if (y & 1) product ^= x;
    x = (x << 1) ^ (x & 0x80 ? 0x11b : 0);
  }
  return product;
}

export async function derive(secret, info) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: EMPTY, info }, key, 256));
}

function gcm(terms) {
  return { name: "AES-GCM", iv: ONCE, additionalData: terms };
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function counted(...parts) {
  return parts.flatMap((part) => [u32(part.length), part]);
}

function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
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
