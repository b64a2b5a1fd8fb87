// Copy buttons exist only where the browser lets a script copy; without one the value can still be marked and copied.
const WAIT = 2000;

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.textContent.trim());
    const label = [...button.childNodes];
    button.textContent = button.dataset.copied;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => button.replaceChildren(...label), WAIT);
  });
}
