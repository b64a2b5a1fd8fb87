// /verify/: takes a file, a number or a sample, hands its bytes to the worker, and puts what it finds into words.

const root = document.querySelector("[data-verify]");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const [words, records] = [read("verify-words"), read("verify-records")];
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
let asked = 0; // only the newest question is answered
let began = 0;

worker.addEventListener("message", ({ data }) => {
  if (data.ready) ready();
  else if (data.ask === asked && data.done) show(data);
  else if (data.ask === asked) progress(data);
});
worker.addEventListener("error", () => show({ holds: null, lacks: "unknown", why: "worker" }));

function ready() {
  root.dataset.ready = "true";
  const number = part("form").elements.number.value;
  if (number) fetched(number);
}

part("file").addEventListener("change", () => {
  const [file] = part("file").files;
  if (file) opened(file);
});

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  fetched(part("form").elements.number.value);
});

for (const button of root.querySelectorAll("[data-sample]")) {
  button.addEventListener("click", () => download(button.dataset.sample, button.textContent));
}

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  part("drop").addEventListener(kind, (event) => {
    event.preventDefault();
    part("drop").toggleAttribute("data-over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) opened(event.dataTransfer.files[0]);
  });
}

function fetched(number) {
  const name = number.trim().toUpperCase();
  const prefix = Object.keys(records).find((one) => one && name.startsWith(one)) ?? "";
  const own = prefix === "A-" ? name.slice(2) : name;
  return download(records[prefix].replace("NAME", encodeURIComponent(own)), name);
}

async function download(path, name) {
  const ask = start(name);
  try {
    const answer = await fetch(path, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    send(ask, await answer.arrayBuffer());
  } catch (error) {
    if (ask === asked) show({ holds: null, lacks: "fetch", why: error.message });
  }
}

async function opened(file) {
  const ask = start(file.name);
  part("command-file").textContent = file.name;
  try {
    send(ask, await file.arrayBuffer());
  } catch (error) {
    if (ask === asked) show({ holds: null, lacks: "unknown", why: error.message });
  }
}

function start(name) {
  asked += 1;
  began = performance.now();
  part("result").hidden = true;
  part("progress").hidden = false;
  part("where").textContent = said(words.says.reading, { name });
  part("bar").value = 0;
  return asked;
}

function send(ask, bytes) {
  const keys = part("keys").value.split("\n").filter((line) => line.trim());
  if (ask === asked) worker.postMessage({ ask, bytes, keys }, [bytes]);
}

function progress({ entry, share }) {
  part("where").textContent = said(words.says.working, { entry: entry.toLocaleString("en") });
  part("bar").value = share;
}

function show(found) {
  part("progress").hidden = true;
  part("result").hidden = false;
  part("result").dataset.holds = String(found.holds);
  part("result").dataset.found = JSON.stringify(found);
  for (const name of ["reason", "hashes", "next"]) part(name).hidden = true;
  for (const name of ["proved", "unproved"]) part(name).replaceChildren();
  if (found.holds) holds(found.lines);
  else if (found.holds === false) broken(found);
  else doubtful(found);
  for (const name of ["proved", "unproved"]) part(`${name}-part`).hidden = part(name).childElementCount === 0;
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  part("at").textContent = said(words.says.at, { at: new Date().toLocaleString(document.documentElement.lang), seconds });
  part("result").focus({ preventScroll: true });
  part("result").scrollIntoView({ block: "nearest" });
}

function holds(lines) {
  const chain = lines.find(({ line }) => line === "chain");
  part("verdict").textContent = said(words.says.holds, chain);
  for (const [code, facts] of [...lines.flatMap(told), ["never", {}]]) {
    const item = document.createElement("li");
    const named = { method: words.methods[facts.method] ?? facts.method, reason: words.failures[facts.reason] ?? facts.reason };
    item.textContent = said(words.lines[code], { ...facts, ...named });
    part(words.unproved.includes(code) ? "unproved" : "proved").append(item);
  }
}

// What one finding says, as codes of `words.lines` with their facts.
function told(found) {
  const { line, ...facts } = found;
  if (line === "award" && facts.rank > 1) return [["award_next", facts]];
  if (line === "signed" && !facts.known) return [["signed_unknown", facts]];
  if (line === "reveals" && facts.count === 0) return [];
  if (line === "sealed" && facts.entries < facts.of) return [[line, facts], ["some_unsealed", { left: facts.of - facts.entries }]];
  return [[line, facts]];
}

function broken({ entry, area, code, facts }) {
  part("verdict").textContent = entry === null ? words.says.broken_file : said(words.says.broken_entry, { entry });
  part("reason").hidden = part("next").hidden = false;
  const reason = words.reasons[`${area}.${code}`] ?? words.reasons[code] ?? code;
  part("reason").textContent = `${words.areas[area] ?? area} — ${said(reason, facts)}`;
  const hash = (text) => /^[0-9a-f]{64}$/.test(text ?? "");
  if (!hash(facts.computed)) return;
  part("hashes").hidden = false;
  const rows = ["said", "computed"].flatMap((name) => [element("dt", words.says[name]), element("dd", facts[name])]);
  part("hashes").replaceChildren(...rows);
}

function doubtful({ lacks, why }) {
  part("verdict").textContent = words.says.no_verdict;
  part("reason").hidden = false;
  part("reason").textContent = said(words.lacks[lacks] ?? words.lacks.unknown, { why });
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function said(text, facts) {
  return text.replaceAll(/\{(\w+)\}/g, (_whole, name) => shown(facts[name]));
}

// Amounts and times as every page shows them.
function shown(value) {
  if (typeof value !== "string") return String(value ?? "—");
  if (/^\d+\.\d{2}$/.test(value)) return `¥${value.replaceAll(/\B(?=(\d{3})+\.)/g, ",")}`;
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return value;
  const options = { timeZone: "Asia/Shanghai", hour12: false, dateStyle: "short", timeStyle: "medium" };
  return new Date(value).toLocaleString("zh-CN", options).replaceAll("/", "-");
}
