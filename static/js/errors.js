// What is wrong is read first, and its links find their fields even where these are folded away.
const summary = document.querySelector("[data-focus-first]");

summary?.focus();
summary?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  for (let around = field; around; around = around.parentElement) {
    if (around.tagName === "DETAILS") around.open = true;
  }
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus();
});
