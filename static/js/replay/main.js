// Plays a record: the same store, chart and log as the room, fed from the case file that anybody can download and verify.
import { Chart } from "../room/chart.js";
import { clockTime, countdown, fen, fill, money } from "../room/format.js";
import { sentenceOf } from "../room/phases.js";
import { Store } from "../room/store.js";
import { Course } from "./course.js";
import { ReplayLog } from "./log.js";

const FRAME = 100;
const root = document.querySelector("[data-replay]");
const words = (id) => JSON.parse(document.getElementById(id).textContent);
const texts = { ...words("room-texts"), ...words("replay-texts") };
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let course, store, chart, log;
let fed = 0; // events that the store has heard
let place = 0;
let speed = 4;
let playing = null;

start();

async function start() {
  try {
    const [record, refused] = await Promise.all([root.dataset.record, root.dataset.refused].map(fetched));
    course = new Course(record.entries, refused.presses);
  } catch {
    part("trouble").hidden = false;
    return;
  }
  chart = course.live ? new Chart(part("chart"), texts) : null;
  part("chart").hidden = !course.live;
  log = new ReplayLog({ body: part("log"), total: part("total"), lines: null }, texts);
  part("scrubber").max = String(course.length);
  marks();
  listen();
  reset();
  const asked = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  go(asked ? Number(asked[1]) * 1000 : 0);
  root.dataset.ready = "true";
  if (!asked && !still && course.live) play();
}

async function fetched(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// The room before its first event.
function reset() {
  const told = words("room-state");
  const blank = { ...told, seq: 0, status: "waiting", best: null, leader: null, bids: [], barred: {}, you: null };
  store = new Store(blank, 0);
  store.view = -1;
  store.hear(course.before);
  store.rows.clear();
  if (!course.live) store.seq = (course.events[0]?.seq ?? 1) - 1;
  fed = 0;
}

function go(to) {
  place = Math.min(course.length, Math.max(0, to));
  const count = course.count(place);
  if (count < fed) reset();
  feed(count);
  draw();
}

function feed(count) {
  for (const event of course.events.slice(fed, count)) {
    if (event.kind === "bid.refused") {
      const row = { ...event, at: event.ms, seq: store.seq + (fed + 1) / 1e6 };
      store.rows.set(row.seq, row);
    } else store.hear([event]);
    fed += 1;
  }
  fed = count;
}

function draw() {
  const at = course.moment(place);
  chart?.draw(store, at);
  log.draw(store);
  const last = store.ordered.at(-1);
  part("price").textContent = course.live ? money(store.best ?? store.ceiling) : (texts.kinds[last?.kind] ?? "");
  part("leader").textContent = store.leader ?? "";
  part("winner").textContent = store.over ? (store.names.get(store.winner) ?? "") : "";
  part("clock").textContent = clockTime(at);
  part("left").textContent = course.live && !store.over ? fill(texts.left, { left: countdown(store.closesAt - at) }) : "";
  part("place").textContent = `${countdown(place)} / ${countdown(course.length)}`;
  const scrubber = part("scrubber");
  scrubber.value = String(place);
  scrubber.setAttribute("aria-valuetext", `${countdown(place)}, ${part("price").textContent}`);
}

// What is worth a mark on the scrubber: its class, and what it says of itself.
function markOf({ kind, data, amount }) {
  const priced = (word) => `${word} ${money(amount ?? fen(data.amount))}`;
  switch (kind) {
    case "bid.refused":
      return ["refused", data.message];
    case "bid.placed":
      return data.proxy ? ["proxy", priced(texts.proxy)] : data.opening ? ["opening", priced(texts.openingOffer)] : null;
    case "auction.extended":
      return ["extended", texts.plus];
    case "bidder.barred":
      return ["barred", texts.kinds[kind]];
    case "auction.paused":
    case "auction.resumed":
      return ["paused", sentenceOf(kind, data, texts)];
    case "tie_out.opened":
    case "tie_out.closed":
      return ["sealed", sentenceOf(kind, data, texts)];
    case "auction.low":
    case "low.decided":
      return ["low", sentenceOf(kind, data, texts)];
    default:
      return null;
  }
}

function marks() {
  if (!course.length) return;
  for (const event of course.events) {
    const [kind, said] = (course.live && markOf(event)) || [];
    if (!kind) continue;
    const mark = document.createElement("span");
    mark.className = `replay-mark replay-mark-${kind}`;
    mark.style.left = `${(event.at_scale * 100) / course.length}%`;
    mark.title = `${clockTime(event.ms)} ${said}`;
    part("marks").append(mark);
  }
}

function play() {
  if (place >= course.length) go(0);
  let before = performance.now();
  playing = setInterval(() => {
    const now = performance.now();
    go(place + (now - before) * speed);
    before = now;
    if (place >= course.length) pause();
  }, FRAME);
  told();
}

function pause() {
  clearInterval(playing);
  playing = null;
  told();
  permalink();
}

function told() {
  const button = part("play");
  button.textContent = playing ? texts.pauseReplay : texts.play;
  button.setAttribute("aria-pressed", String(Boolean(playing)));
}

function permalink() {
  history.replaceState(null, "", `#t=${(place / 1000).toFixed(3)}`);
  part("link").href = location.href;
}

function seek(to) {
  if (playing) pause();
  go(to);
  permalink();
}

function listen() {
  part("play").addEventListener("click", () => (playing ? pause() : play()));
  part("back").addEventListener("click", () => seek(course.stop(place, -1)));
  part("next").addEventListener("click", () => seek(course.stop(place, 1)));
  part("scrubber").addEventListener("input", (event) => seek(Number(event.target.value)));
  for (const button of root.querySelectorAll("[data-speed]")) {
    button.addEventListener("click", () => {
      speed = Number(button.dataset.speed);
      for (const other of root.querySelectorAll("[data-speed]")) other.setAttribute("aria-pressed", String(other === button));
    });
  }
  addEventListener("keydown", key, { capture: true });
  addEventListener("hashchange", () => {
    const asked = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
    if (asked) seek(Number(asked[1]) * 1000);
  });
}

function key(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || /^(TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const does = {
    ArrowLeft: () => seek(course.stop(place, -1)),
    ArrowRight: () => seek(course.stop(place, 1)),
    Home: () => seek(0),
    End: () => seek(course.length),
    " ": () => (event.target.tagName === "BUTTON" ? null : playing ? pause() : play()),
  }[event.key];
  if (!does || (event.key === " " && event.target.tagName === "BUTTON")) return;
  event.preventDefault();
  event.stopPropagation();
  does();
}
