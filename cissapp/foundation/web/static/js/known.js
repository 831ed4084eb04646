/* A file that is known already need not be sent: its hash is computed here and asked for.
   Whatever goes wrong, the form sends the file, as it does without this script. */
"use strict";

const hashOf = async (file) => {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (one) => one.toString(16).padStart(2, "0")).join("");
};

for (const input of document.querySelectorAll("input[type=file][data-known-at]")) {
  const form = input.closest("form");
  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file || !file.size || !window.crypto?.subtle) return;
    event.preventDefault();
    try {
      const address = input.dataset.knownAt + (await hashOf(file));
      const answer = await fetch(address, { method: "HEAD", credentials: "same-origin" });
      if (answer.ok) return location.assign(address);
    } catch {
      /* No line, or a file that cannot be read: the form says so. */
    }
    form.submit();
  });
}
