// The count of new notices in the header, without a reload: asked for while the page is seen, a 304 if nothing is new.
const EVERY = 4000;

const bell = document.querySelector("[data-bell]");

function show(unread) {
  const shown = unread > 99 ? "99+" : String(unread);
  const count = bell.querySelector("[data-bell-count]");
  if (count.textContent !== shown) count.textContent = shown;
  count.parentElement.hidden = unread === 0;
}

async function ask() {
  if (document.hidden) return true;
  try {
    const answer = await fetch(bell.dataset.bell, { cache: "no-cache", headers: { Accept: "application/json" } });
    // Signed out elsewhere: nothing more to ask for.
    if (answer.status === 404) return false;
    if (answer.ok) show((await answer.json()).unread);
  } catch {
    // Offline, or the server is being restarted: the next round asks again.
  }
  return true;
}

async function round() {
  if (await ask()) setTimeout(round, EVERY);
}

if (bell) {
  setTimeout(round, EVERY);
  document.addEventListener("visibilitychange", ask);
}
