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

for (const form of document.querySelectorAll("[data-contribute]")) {
  const draws = read(form.dataset.contribute);
  onSubmit(form, async () => {
    const offers = {};
    const kept = {};
    for (const { name, identity, keys, threshold } of draws) {
      const r = randomBytes();
      offers[name] = await contribution(identity, r, keys, threshold);
      kept[name] = toHex(r);
    }
    for (const { name, identity } of draws) localStorage.setItem(slot(name, identity), kept[name]);
    form.elements.offers.value = JSON.stringify(offers);
    save(`${draws[0].name}.json`, JSON.stringify(kept));
  });
}

for (const form of document.querySelectorAll("[data-reveal]")) {
  const found = read(form.dataset.reveal).map(({ name, identity }) => [name, localStorage.getItem(slot(name, identity))]);
  const known = found.filter(([, nonce]) => nonce);
  if (known.length > 0) form.elements.nonces.value = JSON.stringify(Object.fromEntries(known));
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
