/* The reviewer's desk: keys, ready sentences, and pages that turn without loading what is being written. The desk
   works without this file. */
"use strict";

const desk = document.querySelector("[data-desk]");
const score = document.querySelector("form[data-autosave]");
const reason = score && score.querySelector("textarea[name=reason]");

/* A page of a document, a tab, or a search changes the document only: what was typed stays where it is. */
const turn = async (href) => {
  const answer = await fetch(href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return void location.assign(href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement && document.activeElement.id;
  const inside = document.activeElement && document.activeElement.closest("[data-swap]");
  for (const part of document.querySelectorAll("[data-swap]")) {
    const other = page.getElementById(part.id);
    if (other) part.replaceWith(document.importNode(other, true));
  }
  const form = page.querySelector("form[data-autosave]");
  if (score && form) score.setAttribute("action", form.getAttribute("action"));
  history.replaceState(null, "", href);
  const again = inside && ((focused && document.getElementById(focused)) || document.querySelector(".desk-paper"));
  if (again) {
    if (again.matches(".desk-paper")) again.tabIndex = -1;
    again.focus({ preventScroll: true });
  }
  const found = document.querySelector(".desk-text mark");
  if (found) found.scrollIntoView({ block: "center" });
};
const loads = (href) => {
  turn(href).catch(() => location.assign(href));
};

desk.addEventListener("click", (event) => {
  const link = event.target.closest("[data-swap] a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.pathname !== desk.dataset.path || link.hash) return;
  event.preventDefault();
  loads(link.href);
});
desk.addEventListener("submit", (event) => {
  if (!event.target.matches(".desk-search")) return;
  event.preventDefault();
  loads(`${desk.dataset.path}?${new URLSearchParams(new FormData(event.target))}`);
});

/* A ready sentence is added at the end of what was typed; the one of a level also chooses it, if none is chosen. */
const chosen = () => score && score.querySelector("input[name=level]:checked");
const choose = (level) => {
  const input = score && score.querySelector(`input[name=level][value="${level}"]`);
  if (!input) return;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};
const add = (sentence, level) => {
  if (!reason.value.includes(sentence)) {
    reason.value = reason.value.trim() ? `${reason.value.trimEnd()}\n\n${sentence}` : sentence;
    reason.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const before = chosen();
  choose(before ? before.value : level);
};
const ready = score && score.querySelector("[data-ready]");
const chips = [];
if (ready) {
  const row = document.createElement("p");
  row.className = "row chips";
  for (const input of ready.querySelectorAll("input[data-written]")) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.textContent = `+ ${input.dataset.chip}`;
    chip.title = input.dataset.written;
    chip.dataset.level = input.dataset.level;
    chip.addEventListener("click", () => add(input.dataset.written, input.dataset.level));
    chips.push(chip);
    row.append(chip);
  }
  ready.replaceWith(row);
}
const fit = () => {
  const level = chosen() && chosen().value;
  for (const chip of chips) {
    chip.hidden = chip.dataset.level ? Boolean(level) && chip.dataset.level !== level : level === "2" || level === "3";
  }
};
if (score) {
  fit();
  const whole = (event) => {
    fit();
    // A level without a reason is not complete: it is sent with the reason.
    if (!reason.value.trim()) event.stopPropagation();
  };
  score.querySelector("#level").addEventListener("change", whole);
}

/* Where it was seen: the page that is open. */
const shown = document.querySelector("[data-page-shown]");
const see = () => {
  const open = new URLSearchParams((score.getAttribute("action") || "").split("?")[1] || "");
  score.elements.seen_in.value = open.get("document") || "";
  score.elements.page.value = open.get("page") || "";
};
if (score && shown) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip";
  button.textContent = shown.textContent;
  button.addEventListener("click", see);
  score.querySelector(".desk-seen").append(button);
}

/* Keys: outside fields only, and one can turn them off on this device (WCAG 2.1.4). */
const line = document.querySelector("[data-keys]");
const list = line && line.querySelector("[data-keys-list]");
const toggle = line && line.querySelector("[data-keys-off]");
const remember = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    /* Where the browser keeps nothing, the keys are on. */
  }
  return null;
};
const OFF = "ciss-desk-keys";
const HIDDEN = "ciss-desk-keys-line";
const word = toggle && toggle.textContent;
const show = () => {
  const off = remember(OFF) === "off";
  toggle.textContent = off ? toggle.dataset.on : word;
  list.hidden = off || remember(HIDDEN) === "hidden";
};
if (line) {
  line.hidden = false;
  show();
  toggle.addEventListener("click", () => {
    remember(OFF, remember(OFF) === "off" ? "on" : "off");
    show();
  });
}

const press = (selector) => {
  const found = document.querySelector(selector);
  if (found) found.click();
};
const acts = {
  // Without a level the first sentence would choose level 0 for the reviewer.
  e: () => chosen() && press(".chips .chip:not([hidden])"),
  r: () => reason.focus(),
  w: see,
  a: () => press("#desk-agree button"),
  "/": () => document.querySelector("#desk-search").focus(),
  s: () => score.requestSubmit(score.querySelector("button[type=submit]:not([name])")),
  "?": () => {
    remember(HIDDEN, list.hidden ? "shown" : "hidden");
    show();
  },
};
for (const level of ["0", "1", "2", "3"]) acts[level] = () => choose(level);
for (const key of ["n", "p", "ArrowLeft", "ArrowRight"]) acts[key] = () => press(`[data-key="${key}"]`);

const typing = (element) =>
  element.matches("textarea, select, input:not([type=radio], [type=checkbox])") || element.isContentEditable;
document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (typing(target)) {
    if (event.key === "Escape") target.blur();
    if (event.key === "Enter" && event.ctrlKey && score && score.contains(target)) acts.s();
    return;
  }
  // Where the line of the keys is not shown, nobody could turn them off.
  if (!line?.offsetParent || remember(OFF) === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  // Arrows choose among radio buttons, and move a column that scrolls sideways.
  if (event.key.startsWith("Arrow") && target.matches("input")) return;
  // On a keyboard with Cyrillic letters the key counts by its place.
  const act = acts[event.key] || acts[event.code.replace("Key", "").toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
