// Passkeys: a form with data-passkey asks the browser for a credential and posts it in its hidden field.
// The options lie in the JSON block that data-options names, or come from the form's own address ("fetch").
const form = document.querySelector("form[data-passkey]");
const unsupported = document.querySelector("[data-passkey-unsupported]");
const supported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

if (form && supported) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    const field = form.elements.namedItem("credential");
    event.preventDefault();
    ask(form, field);
  });
} else if (unsupported) {
  unsupported.hidden = false;
}

async function ask(form, field) {
  const told = form.querySelector("[data-passkey-error]");
  told.hidden = true;
  try {
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: creation(form, await options(form, "creation_options")) })
        : await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON((await options(form, "request_options")).publicKey),
          });
    field.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    told.hidden = false;
    told.focus();
  }
}

async function options(form, name) {
  if (form.dataset.options !== "fetch") return JSON.parse(document.getElementById(form.dataset.options).textContent)[name];
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json())[name];
}

function creation(form, { publicKey }) {
  const passwordless = form.elements.namedItem("passwordless")?.checked;
  const selection = {
    ...publicKey.authenticatorSelection,
    residentKey: passwordless ? "required" : "discouraged",
    requireResidentKey: Boolean(passwordless),
  };
  if (passwordless) selection.userVerification = "required";
  return PublicKeyCredential.parseCreationOptionsFromJSON({ ...publicKey, authenticatorSelection: selection });
}
