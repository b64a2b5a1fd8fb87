// What the practice room has beside the live room's own scripts: a short tour at the start, and feedback at the end.
const root = document.querySelector("[data-room-root]");
const part = (name) => root.querySelector(`[data-practice="${name}"]`);
const SEEN = "practice-tour-seen";
const ASK_AGAIN = 1500;
let told = false;

tour(JSON.parse(document.getElementById("practice-tour").textContent));
new MutationObserver(look).observe(root, { attributes: true, attributeFilter: ["data-status"] });
look();

function look() {
  if (told || !/^(closed|failed)$/.test(root.dataset.status)) return;
  told = true;
  feedback(3);
}

async function feedback(tries) {
  const answer = await fetch(root.dataset.feedback).catch(() => null);
  if (!answer?.ok) {
    if (tries) setTimeout(() => feedback(tries - 1), ASK_AGAIN);
    return;
  }
  const box = part("feedback");
  box.innerHTML = await answer.text();
  root.querySelector('[data-room="bidding"]').hidden = true;
  box.querySelector("h2").tabIndex = -1;
  box.querySelector("h2").focus();
}

function tour(stops) {
  const box = part("tour");
  if (seen() || !box.show) return;
  const say = (name) => box.querySelector(`[data-tour="${name}"]`);
  let at = -1;
  const end = () => {
    mark(null);
    box.close();
    remember();
  };
  const next = () => {
    at += 1;
    if (at >= stops.length) return end();
    say("count").textContent = `${at + 1} / ${stops.length}`;
    say("title").textContent = stops[at].title;
    say("text").textContent = stops[at].text;
    mark(stops[at].at);
    return undefined;
  };
  say("next").addEventListener("click", next);
  say("skip").addEventListener("click", end);
  box.addEventListener("keydown", (event) => event.key === "Escape" && end());
  next();
  box.show();
}

function mark(selector) {
  for (const old of root.querySelectorAll(".tour-here")) old.classList.remove("tour-here");
  const here = selector && root.querySelector(selector);
  here?.classList.add("tour-here");
  here?.scrollIntoView({ block: "center" });
}

function seen() {
  try {
    return localStorage.getItem(SEEN) === "yes";
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "yes");
  } catch {
    // Private windows forget: then the tour comes again.
  }
}
