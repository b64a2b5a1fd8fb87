// Puts the room together. The same code shows the small room on the front page: parts that a page lacks are left out.
import { Announcer, Sound } from "./announce.js";
import { BidForm } from "./bidform.js";
import { Blockers } from "./blockers.js";
import { Chart } from "./chart.js";
import { ServerClock } from "./clock.js";
import { listenForCommands } from "./commands.js";
import { clockTime, countdown, fen, fill, money } from "./format.js";
import { Log } from "./log.js";
import { aim, pauseUntil, standing as standingText } from "./phases.js";
import { PrivateCards } from "./private.js";
import { RoomSocket } from "./socket.js";
import { Store } from "./store.js";

const ADOPT_AFTER = 3000;
const MOVE_ON_AFTER = 10000;
const TURNS = ["auction.paused", "auction.resumes", "auction.resumed", "tie_out.opened", "tie_out.closed", "auction.low"];
const root = document.querySelector("[data-room-root]");
const texts = JSON.parse(document.getElementById("room-texts").textContent);
const REVIEW = ["auction.low", "low.justified", "low.decided"];
const first = JSON.parse(document.getElementById("room-state").textContent);
const part = (name) => root.querySelector(`[data-room="${name}"]`) ?? document.querySelector(`[data-room="${name}"]`);
const tested = (name) => root.querySelector(`[data-testid="${name}"]`);

const arrived = performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now();
const clock = new ServerClock(Date.parse(first.now), arrived);
const store = new Store(first, Number(root.dataset.extensions ?? 0));
const announcer = new Announcer(part("announcer"));
const chart = part("chart") && new Chart(part("chart"), texts);
const log = part("log") && new Log({ body: part("log"), total: part("total"), lines: part("lines") }, texts);
const sound = part("sound") && new Sound(part("sound"), texts);
const now = () => clock.now();
const blockers =
  part("blocker-list") &&
  new Blockers({ box: part("blockers"), list: part("blocker-list") }, texts, root.dataset);
let connectedOnce = false;
let bidform = null;
let cards = null;
let overAtLoad = store.over;

const socket = new RoomSocket({
  path: root.dataset.socket,
  stateUrl: root.dataset.state,
  clock,
  seq: () => store.seq,
  on: { message, link, opened },
});

if (part("bidform")) {
  const shared = { texts, socket, store, now, announcer };
  bidform = new BidForm(part("bidform"), { ...shared, onSettled: render });
}
cards = new PrivateCards(part, { texts, store, socket, onSettled: render });
if (part("commands")) listenForCommands(part("commands"), { texts, store, now, bidform, announcer, standing });
for (const button of root.querySelectorAll("[data-toggle]")) {
  button.addEventListener("click", () => toggle(button));
}
render();
setInterval(tick, 200);
document.addEventListener("visibilitychange", tick);

function message(said) {
  switch (said.type) {
    case "state":
      store.take(said);
      if (store.view > store.seq) adoptLater();
      return render();
    case "entries":
      return entries(said.entries);
    case "watchers":
      store.watchers = said.watchers;
      return renderWatchers();
    case "accepted":
    case "refused":
      if (!bidform?.hear(said)) cards.hear(said);
      return undefined;
    case "pong":
      if (said.seq > store.seq) adoptLater();
      return undefined;
  }
}

function entries(list) {
  const ledBefore = store.you?.leading;
  const news = store.hear(list);
  if (news === null) {
    socket.send({ type: "resume", seq: store.seq });
    return;
  }
  store.trim();
  render();
  tell(news, ledBefore);
}

function opened() {
  socket.send({ type: "resume", seq: connectedOnce ? store.seq : store.backfillFrom });
  connectedOnce = true;
  bidform?.resume();
  cards?.resume();
}

// Entries that should fill the way to a newer snapshot did not come: take the snapshot as it is.
let adopting = null;
function adoptLater() {
  const target = store.view;
  adopting ??= setTimeout(() => {
    adopting = null;
    if (store.seq < target) store.seq = target;
  }, ADOPT_AFTER);
}

function tell(news, ledBefore) {
  const bid = news.filter((row) => row.kind === "bid.placed").pop();
  const left = countdown(store.closesAt - now());
  if (bid && ledBefore && !store.you.leading) {
    announcer.say(fill(texts.outbid, { amount: money(store.best) }), 2);
    sound?.play(440);
  } else if (bid) {
    announcer.say(fill(texts.newPrice, { amount: money(store.best), left }), 0);
  }
  if (news.some((row) => row.kind === "auction.extended" || row.kind === "bidder.barred")) sound?.play(880);
  const barred = news.findLast((row) => row.kind === "bidder.barred");
  if (barred) tellBarred(barred);
  // What the entries do not say is the reader's own: its floor, set from elsewhere or void; its seat in a tie-out.
  if (news.some((row) => row.kind.startsWith("proxy.") ? row.label === store.you?.label : row.kind === "tie_out.opened")) {
    if (store.you) socket.refresh();
  }
  const turn = news.findLast((row) => TURNS.includes(row.kind));
  if (turn) announcer.say(log ? log.sentence(turn) : texts.kinds[turn.kind], 3);
  const end = news.find((row) => row.kind === "auction.closed" || row.kind === "auction.failed");
  if (end) announcer.say(end.kind === "auction.closed" ? texts.closed : texts.failed, 3);
}

// Somebody's bids are void: everybody hears it, and a bidder asks what that makes of its own place.
function tellBarred({ data }) {
  const until = clockTime(Date.parse(data.closes_at));
  announcer.say(fill(texts.barred, { reason: texts.reasons[data.because] ?? data.because, until }), 3);
  if (store.you) setTimeout(() => socket.refresh(), Math.random() * 500);
}

function render() {
  renderPrice();
  renderYou();
  renderEnd();
  renderExtension();
  renderPause();
  renderWatchers();
  cards?.draw();
  show("no-bids", !store.bids.length);
  log?.draw(store);
  bidform?.take();
  tick();
}

function renderPrice() {
  const price = tested("live-price");
  const text = money(store.best ?? store.ceiling);
  if (price && price.textContent !== text) {
    price.textContent = text;
    price.classList.remove("flash");
    void price.offsetWidth; // Restarts the flash.
    price.classList.add("flash");
  }
  const drop = store.best === null ? null : (((store.ceiling - store.best) * 100) / store.ceiling).toFixed(1);
  write("leader", store.leader ?? "");
  write("below", drop === null ? fill(texts.noBids, { amount: money(store.ceiling) }) : fill(texts.below, { percent: drop }));
  write("price-label", store.status === "closed" ? texts.final : store.best === null ? texts.ceiling : texts.current);
}

function renderYou() {
  if (!store.you) return;
  write("standing", standing());
  const mine = fen(store.you.best);
  write("own-best", mine === null ? "—" : money(mine));
  blockers?.draw(store.you.blockers ?? []);
  if (part("you")) part("you").dataset.leading = String(Boolean(store.you.leading));
}

function standing() {
  const because = store.barred[store.you?.label];
  if (because) return fill(texts.struck, { reason: texts.reasons[because] ?? because });
  if (!store.you?.best) return texts.notBid;
  return store.you.leading ? texts.leading : fill(texts.behind, { rank: store.you.rank });
}

function renderExtension() {
  const row = store.extension;
  if (!row || !part("extension") || store.over) return;
  const bid = store.rows.get(row.data.because);
  const text = fill(row.kind === "bidder.barred" ? texts.barred : texts.extended, {
    time: clockTime(bid?.at ?? row.at),
    because: row.data.because,
    reason: texts.reasons[row.data.because] ?? row.data.because,
    until: clockTime(Date.parse(row.data.closes_at)),
    count: Math.max(1, store.extensions),
  });
  write("extension", text);
  show("extension", true);
}

function renderPause() {
  show("pause", store.status === "paused");
  const reviewing = store.status === "review";
  const news = reviewing && store.ordered.some((row) => row.seq > first.seq && REVIEW.includes(row.kind));
  show("review-news", news);
  show("review", reviewing && !news);
  if (!store.paused) return;
  write("pause-because", texts.pauseCauses[store.paused.because] ?? store.paused.because);
  write("pause-reason", store.paused.reason ?? "");
  show("pause-reason", Boolean(store.paused.reason));
}

// The end came while we watched: names, award and record are on the page that the server writes now.
function renderEnd() {
  root.dataset.status = store.status;
  if (!store.over || overAtLoad) return;
  overAtLoad = true;
  if ("next" in root.dataset) setTimeout(moveOn, MOVE_ON_AFTER);
  show("result", true);
  show("bidding", false);
  const name = store.names.get(store.winner);
  write("result-title", store.status === "closed" ? texts.closed : texts.failed);
  write("result-winner", name ? `${name}（${store.winner}）` : "");
  write("result-amount", store.status === "closed" ? money(store.best) : "");
}

// The front page goes on to the next auction, unless somebody is busy with the page.
function moveOn() {
  if (document.hidden || document.activeElement !== document.body) setTimeout(moveOn, MOVE_ON_AFTER);
  else location.reload();
}

function renderWatchers() {
  if (store.watchers !== undefined) write("watchers", fill(texts.watching, { count: store.watchers }));
}

function tick() {
  const at = now();
  renderRemaining(at);
  write("error", clock.error === null ? "" : fill(texts.error, { ms: Math.max(1, Math.round(clock.error)) }));
  write("server-time", fill(texts.serverTime, { time: clockTime(at) }));
  chart?.draw(store, at);
  bidform?.judge();
}

function renderRemaining(at) {
  if (store.status === "paused") write("pause-until", pauseUntil(store, at, texts));
  const box = tested("remaining");
  if (!box) return;
  const [label, until] = aim(store, texts);
  const left = until ? Math.max(0, until - at) : 0;
  box.dataset.remainingMs = String(Math.round(left));
  box.dataset.closesAt = new Date(store.closesAt).toISOString();
  const text = until ? remainingText(left) : (standingText(store, texts) ?? "");
  if (box.textContent !== text) box.textContent = text;
  box.classList.toggle("remaining-short", ["live", "tie_out"].includes(store.status) && left < 30000);
  write("remaining-label", label);
}

function remainingText(left) {
  return left > 0 ? countdown(left) : `00:00 ${texts.waitClose}`;
}

function link(state, rtt) {
  const chip = tested("conn");
  if (!chip) return;
  const name = { good: "good", slow: "slow", connecting: "connecting", reconnecting: "reconnecting", down: "down" }[state];
  const ms = rtt !== null && (state === "good" || state === "slow") ? ` ${Math.round(rtt)} ms` : "";
  const text = texts[name] + ms;
  if (chip.dataset.state !== state) {
    if (chip.dataset.state && chip.dataset.state !== "connecting") announcer.say(texts[name], 1);
    chip.dataset.state = state;
  }
  if (chip.textContent !== text) chip.textContent = text;
  bidform?.judge();
}

function toggle(button) {
  const target = document.getElementById(button.getAttribute("aria-controls"));
  target.hidden = !target.hidden;
  button.setAttribute("aria-expanded", String(!target.hidden));
  if (!target.hidden) {
    log?.draw(store);
    target.querySelector("input")?.focus();
  }
}

function write(name, text) {
  for (const box of root.querySelectorAll(`[data-room="${name}"]`)) if (box.textContent !== text) box.textContent = text;
}

function show(name, shown) {
  for (const box of root.querySelectorAll(`[data-room="${name}"]`)) box.hidden = !shown;
}
