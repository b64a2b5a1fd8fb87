// 政策体检's fix buttons: take the words found out of the field, or put the replacement in their place, and check again.

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

// What is left of a sentence after words were taken out of it: no doubled or leading punctuation.
function tidy(text) {
  return text
    .replace(/[，、；]+(?=[，、；。])/g, "")
    .replace(/。{2,}/g, "。")
    .replace(/(^|\n)[，、；。]+/g, "$1")
    .replace(/[，、；]+$/g, "");
}
