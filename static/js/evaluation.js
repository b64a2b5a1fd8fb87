// A preset fills every dimension with one grade, in place; without scripts it is a link to the form filled in.
const form = document.querySelector("[data-evaluation]");

for (const preset of document.querySelectorAll("[data-preset]")) {
  preset.setAttribute("role", "button");
  preset.addEventListener("click", (event) => {
    event.preventDefault();
    for (const radio of form.querySelectorAll("input[type=radio]")) {
      radio.checked = radio.value === preset.dataset.preset;
    }
    for (const other of document.querySelectorAll("[data-preset]")) {
      other.setAttribute("aria-pressed", String(other === preset));
    }
  });
  // What says it is a button is pressed with the space bar too.
  preset.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      preset.click();
    }
  });
}
