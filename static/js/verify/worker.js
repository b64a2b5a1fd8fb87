// Verifies away from the page, so that it stays alive; everything is loaded before the first file, so it works offline too.

import { Unsupported } from "./draws.js";
import { readKey } from "./notes.js";
import { Broken } from "./reader.js";
import { verify } from "./record.js";

const MOST_BYTES = 300_000_000; // a text cannot be longer in every browser

self.addEventListener("message", async ({ data: { ask, bytes, keys } }) => {
  try {
    const lines = await checked(bytes, keys, ask);
    self.postMessage({ ask, done: true, holds: true, lines });
  } catch (error) {
    self.postMessage({ ask, done: true, ...told(error) });
  }
});

async function checked(bytes, keys, ask) {
  if (!crypto.subtle) throw new Unsupported("webcrypto");
  if (bytes.byteLength > MOST_BYTES) throw new Broken(null, "form", "too_large", { megabytes: Math.round(bytes.byteLength / 1e6) });
  const known = await Promise.all(keys.map(readKey)).catch(() => {
    throw new Unsupported("key");
  });
  const progress = (at) => self.postMessage({ ask, done: false, ...at });
  return verify(new Uint8Array(bytes), { keys: known, progress });
}

function told(error) {
  if (error instanceof Broken) {
    const { entry, area, code, facts } = error;
    return { holds: false, entry, area, code, facts };
  }
  if (error instanceof Unsupported) return { holds: null, lacks: error.message };
  return { holds: null, lacks: "unknown", why: String(error?.message ?? error) };
}

self.postMessage({ ready: true });
