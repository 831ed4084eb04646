/* Makes and uses passkeys. The challenge comes from the server and stays with its session; the form carries the answer.
   Without this file the pages offer codes. */
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (mark) => mark.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/* Both directions by hand: browsers of two years ago know neither parse…FromJSON nor toJSON. */
const optionsOf = (told) => {
  const options = { ...told, challenge: toBytes(told.challenge) };
  if (told.user) options.user = { ...told.user, id: toBytes(told.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (told[list]) options[list] = told[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return options;
};

const answerOf = (made) => {
  const { response } = made;
  const told = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) told[part] = toText(response[part]);
  }
  return JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, response: told });
};

for (const box of document.querySelectorAll("[data-passkey]")) {
  const form = box.querySelector("form");
  const line = form.querySelector("[role=status]");
  const say = (words) => {
    line.textContent = words;
    line.hidden = false;
  };
  if (!window.PublicKeyCredential) {
    form.querySelector("button").disabled = true;
    say(box.dataset.unsupported);
    continue;
  }
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    line.hidden = true;
    try {
      const asked = await fetch(box.dataset.options, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      });
      if (!asked.ok) throw new Error(asked.status);
      const publicKey = optionsOf(await asked.json());
      const made =
        box.dataset.passkey === "new"
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
      form.elements.credential.value = answerOf(made);
      form.submit();
    } catch {
      say(box.dataset.failed);
    }
  });
}
