// The doors of a draw: contribute, reveal, and for trustees make a key and open. Secret bytes never leave the browser
// before their time: they are kept in its storage, and in a file for whoever changes the machine.

import { contribution, fromHex, openShare, publicKey, randomBytes, toHex } from "./envelope.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const slot = (name, identity) => `draw:${name}:${identity}`;

function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  link.download = name;
  link.click();
}

// Handle a submit ourselves once; what goes wrong is said in the form, and nothing is sent.
function onSubmit(form, work) {
  const said = form.querySelector("[data-trouble]");
  form.querySelector("button").disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    try {
      await work();
      form.submit();
    } catch (error) {
      said.hidden = false;
      console.warn(error);
    }
  });
}

const giving = document.querySelector("[data-contribute]");
if (giving) {
  const { identity, draws } = read("draw-terms");
  onSubmit(giving, async () => {
    const offers = {};
    const kept = {};
    for (const { name, keys, threshold } of draws) {
      const r = randomBytes();
      offers[name] = await contribution(identity, r, keys, threshold);
      kept[name] = toHex(r);
    }
    for (const [name, nonce] of Object.entries(kept)) localStorage.setItem(slot(name, identity), nonce);
    giving.elements.offers.value = JSON.stringify(offers);
    save(`${giving.dataset.contribute}.json`, JSON.stringify(kept));
  });
}

const opening = document.querySelector("[data-reveal]");
if (opening) {
  const { identity, draws } = read("draw-terms");
  const found = draws.map(({ name }) => [name, localStorage.getItem(slot(name, identity))]);
  if (found.every(([, nonce]) => nonce)) opening.elements.nonces.value = JSON.stringify(Object.fromEntries(found));
}

const making = document.querySelector("[data-make-key]");
if (making) {
  onSubmit(making, async () => {
    const own = randomBytes();
    making.elements.public_key.value = toHex(await publicKey(own));
    save(making.dataset.makeKey, toHex(own));
  });
}

for (const form of document.querySelectorAll("[data-open]")) {
  const waiting = read(form.dataset.open);
  onSubmit(form, async () => {
    const [file] = form.querySelector("input[type=file]").files;
    const own = fromHex((await file.text()).trim());
    const answers = {};
    for (const { ref, keys, threshold, shut } of waiting) {
      answers[ref] = {};
      for (const { identity, commitment, envelope } of shut) {
        answers[ref][identity] = await openShare(envelope, own, keys, threshold, commitment);
      }
    }
    form.elements.shares.value = JSON.stringify(answers);
  });
}
