/* Keys and takings-over on the page of a criterion. The page works without this file. */
"use strict";

const scoring = document.querySelector("form:has(input[name=level])");
const keyHelp = document.querySelector("[data-keys]");
const KEYS_OFF = "ciss-keys-off";

/* A page that is taken over ticks its document and is written into its field; nothing is sent yet. */
const takePage = (button) => {
  const [id, page] = button.value.split(":");
  const box = scoring.querySelector(`input[name=documents][value="${id}"]`);
  const field = document.getElementById(`anchors-${id}`);
  const named = field.value.split(",").map((one) => one.trim()).filter(Boolean);
  box.checked = true;
  if (!named.includes(page)) field.value = [...named, page].join(", ");
  for (const changed of [box, field]) {
    for (const kind of ["input", "change"]) changed.dispatchEvent(new Event(kind, { bubbles: true }));
  }
};
scoring?.addEventListener("click", (event) => {
  const button = event.target.closest("button.hint");
  if (!button) return;
  event.preventDefault();
  takePage(button);
});

const keysAreOff = () => {
  try {
    return localStorage.getItem(KEYS_OFF) !== null;
  } catch {
    return false;
  }
};
const showKeys = () => {
  if (!keyHelp) return;
  keyHelp.hidden = false;
  keyHelp.querySelector("[data-keys-off]").hidden = keysAreOff();
  keyHelp.querySelector("[data-keys-on]").hidden = !keysAreOff();
};
const turnKeys = (off) => {
  try {
    if (off) localStorage.setItem(KEYS_OFF, "1");
    else localStorage.removeItem(KEYS_OFF);
  } catch {
    /* Where the browser keeps nothing, the keys stay on. */
  }
  showKeys();
  keyHelp.querySelector(off ? "[data-keys-on]" : "[data-keys-off]").focus();
};
keyHelp?.querySelector("[data-keys-off]").addEventListener("click", () => turnKeys(true));
keyHelp?.querySelector("[data-keys-on]").addEventListener("click", () => turnKeys(false));
showKeys();

/* A field takes letters itself; a box and a circle do not. */
const types = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

let changed = false;
scoring?.addEventListener("input", () => {
  changed = true;
});

const go = (then, sign) => {
  if (changed) {
    const button = scoring.querySelector("button[name=then]").cloneNode();
    button.value = then;
    button.hidden = true;
    scoring.append(button);
    scoring.requestSubmit(button);
    return;
  }
  const link = document.querySelector(`a[data-key="${sign}"]`);
  if (link) location.assign(link.href);
};

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat && !event.isComposing;
  /* Where the line of the keys is not shown, nobody could turn them off. */
  if (!scoring || !keyHelp?.offsetParent || !isPlain || keysAreOff() || types(event.target)) return;
  const level = scoring.querySelector(`input[name=level][value="${CSS.escape(event.key)}"]`);
  if (level && /^[0-3]$/.test(event.key)) {
    event.preventDefault();
    level.checked = true;
    level.focus();
    for (const kind of ["input", "change"]) level.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  if (event.code === "KeyN") go("next", "n");
  if (event.code === "KeyP") go("before", "p");
});
