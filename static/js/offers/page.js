// The bidder's doors to sealed prices. The price and its key never leave the browser before the deadline: they are kept
// in its storage, and in a file for whoever changes the machine.

import { randomBytes, toHex } from "../draws/envelope.js";
import { amountOf, fenOf, sealPrice } from "./price.js";

const terms = JSON.parse(document.getElementById("offer-terms").textContent);
const slot = (commitment) => `offer:${terms.number}:${commitment}`;

function keptFor(commitment) {
  try {
    return JSON.parse(localStorage.getItem(slot(commitment)));
  } catch {
    return null;
  }
}

function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = name;
  link.click();
}

// Show one of the form's complaints, or none.
function say(form, which) {
  for (const one of form.querySelectorAll("[data-trouble]")) one.hidden = one.dataset.trouble !== which;
}

function shown(amount) {
  const [yuan, fen] = amount.split(".");
  return `¥${yuan.replace(/\B(?=(\d{3})+$)/g, ",")}.${fen}`;
}

const sealing = document.querySelector("[data-seal]");
if (sealing) {
  const field = sealing.querySelector("[data-price]");
  const button = sealing.querySelector("button");
  field.disabled = button.disabled = false;
  const complain = (which) => {
    say(sealing, which);
    button.disabled = false;
    field.focus();
  };
  sealing.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(sealing, "");
    const amount = amountOf(field.value);
    if (amount === null || fenOf(amount) <= 0n) return complain("amount");
    if (fenOf(amount) > fenOf(terms.ceiling)) return complain("ceiling");
    button.disabled = true;
    try {
      const k = randomBytes();
      const offer = await sealPrice(amount, terms.uscc, k, terms.keys, terms.threshold);
      const own = JSON.stringify({ number: terms.number, amount, key: toHex(k), commitment: offer.commitment });
      localStorage.setItem(slot(offer.commitment), own);
      save(`${terms.number}.offer.json`, own);
      sealing.elements.offer.value = JSON.stringify(offer);
      sealing.submit();
    } catch (error) {
      complain("browser");
      console.warn(error);
    }
  });
}

const own = terms.commitment ? keptFor(terms.commitment) : null;
for (const place of document.querySelectorAll("[data-own-price]")) {
  place.hidden = own === null;
  if (own) place.querySelector("[data-amount]").textContent = shown(own.amount);
}
for (const place of document.querySelectorAll("[data-no-own-price]")) place.hidden = own !== null;

const revealing = document.querySelector("[data-reveal-key]");
if (revealing) {
  const file = revealing.querySelector("input[type=file]");
  revealing.querySelector("button").disabled = false;
  revealing.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(revealing, "");
    try {
      const read = own ?? JSON.parse(await file.files[0].text());
      if (read.commitment !== terms.commitment) throw new RangeError("this file is of another offer");
      revealing.elements.key.value = read.key;
      revealing.submit();
    } catch (error) {
      say(revealing, "file");
      console.warn(error);
    }
  });
  // The page is open and the key is here: the bidder opens its own price, once, with nobody's help.
  if (own && !sessionStorage.getItem(slot(terms.commitment))) {
    sessionStorage.setItem(slot(terms.commitment), "given");
    revealing.requestSubmit();
  }
}

// An open page goes on by itself when the deadline has passed, and until the prices are opened.
if (terms.look_again_ms !== null && terms.look_again_ms < 2 ** 31) {
  setTimeout(() => {
    if (!document.activeElement?.closest("form, dialog")) location.reload();
  }, terms.look_again_ms);
}
