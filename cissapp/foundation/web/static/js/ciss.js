/* Small comforts. Every page works without this file. */
"use strict";

/* Writes down for the worker whose pages may be shown without a line: those of who is signed in on the last
   page that came over it (service-worker.js). A page of a fault does not know who that is. */
const whose = async () => {
  if (!navigator.serviceWorker || !window.caches || "personUnknown" in document.body.dataset) return;
  if (!(await navigator.serviceWorker.getRegistration("/learn/offline"))) return;
  const turn = await caches.open("ciss-1-turn");
  await turn.put("/learn/offline/whose", new Response(document.body.dataset.person || ""));
};
whose().catch(() => {});

/* Milliseconds until something is sent again that could not be taken now: as the server asked for, else longer each
   time; never at the same moment as everybody else. Other scripts use it, too. */
const pauseBefore = (tries, answer = null) => {
  const asked = Number(answer && answer.headers.get("Retry-After")) || 0;
  const seconds = Math.min(asked || 2 * 2 ** tries, asked ? 300 : 60);
  return 1000 * (seconds + Math.min(seconds, 20) * Math.random());
};
/* Whether the server takes the same later. */
const comesLater = (answer) => !answer || answer.status === 429 || [500, 502, 503, 504, 507].includes(answer.status);

/* Whether a form may still be on its way when its page is left: browsers refuse that above 64 KiB. */
const fitsKeepalive = (body) => {
  let size = 0;
  for (const [, value] of body) size += 3 * value.length + 200;
  return size < 60000;
};

/* What has arrived is forgotten on this device (drafts.js keeps it): here, as the page that follows may have no form. */
const forgetSent = ({ person, sent }) => {
  if (!sent) return;
  for (const store of [localStorage, sessionStorage]) {
    for (const key of Object.keys(store)) {
      if (key.startsWith(`ciss-draft:${person}:`) && key.endsWith(`|${sent}`)) store.removeItem(key);
    }
  }
};
try {
  forgetSent(document.body.dataset);
} catch {
  /* a browser may keep nothing at all */
}

/* A page with errors begins at their summary. */
const summary = document.querySelector("[data-errors]");
if (summary) summary.focus();

/* A choice is saved at once, and so is a text that says so, once it is left. One request at a time: a choice made meanwhile is sent after the answer,
   so the server never gets an older state after a newer one. */
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const line = form.querySelector("[data-saved]");
  let busy = false;
  let again = false;
  let left = false;

  const say = (text, saved) => {
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("unsaved", !saved);
  };

  let tries = 0;
  let retry = null;

  /* What the server cannot take now is sent again, later and by itself. */
  const send = async () => {
    let answer = null;
    const body = new FormData(form);
    try {
      answer = await fetch(form.dataset.autosave || form.getAttribute("action") || location.href, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: fitsKeepalive(body),
      });
      if (!comesLater(answer)) {
        tries = 0;
        const state = await answer.json();
        if (!answer.ok || !state.saved) return say(state.message || form.dataset.unsaved, false);
        if (!again) say(state.text || state.saved, true);
        if (state.sequence !== undefined) {
          for (const input of form.querySelectorAll("input[name=sequence]")) input.value = state.sequence;
        }
        return undefined;
      }
    } catch {
      if (answer && !comesLater(answer)) return say(form.dataset.unsaved, false);
      answer = null;
    }
    say(form.dataset.again, false);
    retry = setTimeout(save, pauseBefore(tries, answer));
    tries += 1;
    return undefined;
  };

  const save = async () => {
    again = busy;
    if (busy || left) return;
    busy = true;
    do {
      again = false;
      clearTimeout(retry);
      retry = null;
      await send();
    } while (again && !left);
    busy = false;
  };
  addEventListener("online", () => retry && save());

  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio], input[type=checkbox], [data-save-text]")) save();
  });
  form.addEventListener("submit", () => {
    left = true;
    clearTimeout(retry);
  });
}

/* The list behind "More" closes when one goes on elsewhere. */
for (const more of document.querySelectorAll(".more")) {
  const close = (event) => {
    if (event.key === "Escape" && more.open) more.querySelector("summary").focus();
    if (event.key ? event.key === "Escape" : !more.contains(event.target)) more.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  more.addEventListener("keydown", close);
}

/* Pages that were kept here for another person are removed. */
const mine = document.body.dataset.person;
if (mine && window.caches) {
  const foreign = (name) => name.startsWith("ciss-") && name.includes("-pages-") && !name.endsWith(`-${mine}`);
  caches.keys().then((names) => names.filter(foreign).forEach((name) => caches.delete(name)), () => {});
}

/* Who signs out is asked first, if answers on this device would be lost. */
document.addEventListener("submit", (event) => {
  try {
    if (!event.target.matches("[data-sign-out]")) return;
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith(`ciss-draft:${mine}:`));
    const draft = drafts.length && JSON.parse(localStorage.getItem(drafts[0])).lost;
    const lost = localStorage.getItem("ciss-unsent") || draft;
    if (lost && !confirm(lost)) event.preventDefault();
  } catch {
    /* Where the browser keeps nothing, nothing is lost. */
  }
});

/* A file that is too large is told as soon as it is chosen, and not sent: that may take long, for nothing. */
const isTooLarge = (input) => Array.from(input.files).some((file) => file.size > Number(input.dataset.most));
document.addEventListener(
  "submit",
  (event) => {
    if (event.submitter && event.submitter.formNoValidate) return;
    const large = Array.from(event.target.querySelectorAll("[data-too-large]")).find(isTooLarge);
    if (!large) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    large.focus();
  },
  true,
);

/* A file can be dropped on its field. */
for (const input of document.querySelectorAll("input[type=file][data-drop]")) {
  const zone = input.closest(".drop") || input.parentElement;
  const said = document.createElement("p");
  said.className = "small";
  said.setAttribute("role", "status");
  said.textContent = input.dataset.drop;
  zone.append(said);

  const show = () => {
    const large = isTooLarge(input);
    const names = Array.from(input.files, (file) => file.name).join(", ");
    said.className = large ? "error" : "small";
    said.textContent = large ? input.dataset.tooLarge : names || input.dataset.drop;
    input.setAttribute("aria-invalid", large);
  };
  input.addEventListener("change", show);

  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    });
  }
  zone.addEventListener("drop", (event) => {
    let files = event.dataTransfer.files;
    if (!files.length) return;
    if (files.length > 1 && !input.multiple) {
      const one = new DataTransfer();
      one.items.add(files[0]);
      files = one.files;
    }
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/* A form is sent once: its buttons rest for five seconds, after the browser has read their name and value. */
const rest = (form, resting) => {
  const found = form.querySelectorAll(resting ? "button[type=submit]:enabled" : "[data-resting]");
  for (const button of found) {
    button.disabled = resting;
    button.toggleAttribute("data-resting", resting);
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  setTimeout(() => {
    if (event.defaultPrevented) return;
    rest(form, true);
    setTimeout(() => rest(form, false), 5000);
  });
});
window.addEventListener("pageshow", () => {
  rest(document, false);
});
