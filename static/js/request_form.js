// 政策体检's fix buttons: take the words found out of the field, or put the replacement in their place, and check again.
// After each check the methods that R3 does not allow for what the form says are off, with the reason.

const form = document.getElementById("request-form");

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fix]");
  if (!button) return;
  const field = form.elements.namedItem(button.dataset.fix);
  if (!field || typeof field.value !== "string") return;
  field.value = tidy(field.value.replace(button.dataset.words, button.dataset.replacement));
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.body.addEventListener("htmx:afterSwap", () => {
  const told = document.getElementById("why-not");
  if (!told) return;
  const whyNot = JSON.parse(told.textContent);
  for (const radio of form.querySelectorAll("[name=method]")) {
    const why = whyNot[radio.value] ?? "";
    const place = document.getElementById(`why-${radio.value}`);
    radio.disabled = why !== "" && !radio.checked;
    if (place) {
      place.textContent = why;
      place.hidden = why === "";
    }
  }
});

// What is left of a sentence after words were taken out of it: no doubled or leading punctuation.
function tidy(text) {
  return text
    .replace(/[，、；]+(?=[，、；。])/g, "")
    .replace(/。{2,}/g, "。")
    .replace(/(^|\n)[，、；。]+/g, "$1")
    .replace(/[，、；]+$/g, "");
}
