/* Keeps each answer on this device until the server has it, and says what became of it.
   An answer is written down before it is sent; "saved" is said only in the server's own words. */
"use strict";

(() => {
  const box = document.querySelector("[data-queue]");
  const person = document.body.dataset.person;
  if (!box || !person) return;
  const words = box.dataset;
  const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /* --- what the device keeps: one record for each question, in `memory` if the browser keeps nothing --- */

  const memory = new Map();
  let older = false; // another tab runs a newer version of this file

  const database = new Promise((done) => {
    try {
      const asked = indexedDB.open("ciss-answers", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("answers", { keyPath: "id" });
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        done(asked.result);
      };
      asked.onblocked = () => done(null);
      asked.onerror = () => {
        older = asked.error && asked.error.name === "VersionError";
        done(null);
      };
    } catch {
      done(null);
    }
  });

  /* Reads a record, edits it, writes it, all in one transaction that other tabs wait for. */
  const change = async (id, edit) => {
    const db = await database;
    let made;
    try {
      await new Promise((done, failed) => {
        const deal = db.transaction("answers", "readwrite", { durability: "strict" });
        const store = deal.objectStore("answers");
        store.get(id).onsuccess = (event) => {
          made = edit(memory.get(id) || event.target.result || { id });
          store.put(made);
        };
        deal.oncomplete = done;
        deal.onabort = () => failed(deal.error);
      });
      memory.delete(id);
    } catch {
      made = made || edit(memory.get(id) || { id });
      memory.set(id, made);
    }
    return made;
  };

  const everything = async () => {
    const found = new Map();
    try {
      const db = await database;
      const rows = await new Promise((done, failed) => {
        const asked = db.transaction("answers").objectStore("answers").getAll();
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      for (const row of rows) found.set(row.id, row);
    } catch {
      /* Nothing is kept here but what is in memory. */
    }
    for (const [id, row] of memory) found.set(id, row);
    return [...found.values()];
  };
  const own = async () => (await everything()).filter((one) => one.person === person);

  /* --- the questions of this page --- */

  const sheet = document.querySelector("[data-sheet]");
  const onSheet = Boolean(sheet && sheet.dataset.sheet === "all");
  const questions = new Map();

  class Question {
    constructor(place) {
      this.place = place;
      this.form = place.querySelector("form");
      this.line = place.querySelector("[data-saved]");
      this.receipt = place.querySelector("[data-receipt]");
      this.position = Number(place.dataset.position);
      this.kind = place.dataset.kind;
      this.id = [person, sheet.dataset.attempt, this.position].join("/");
      this.story = place.dataset.story ? JSON.parse(place.dataset.story) : null;
      this.saved = this.line.textContent.trim();
      this.turn = 0; // counts the choices made
      this.busy = 0; // choices that are being written down
      this.form.reset(); // a browser that loads a page again may have put back what was never saved
      this.known = this.sequence; // the number of the save that the page shows
    }

    get controls() {
      return [...this.form.elements].filter((one) => one.name.startsWith("chosen"));
    }

    /* What is chosen now, decisions that can no longer be changed included. */
    get fields() {
      return this.controls
        .filter((one) => (/radio|checkbox/.test(one.type) ? one.checked : one.value.trim()))
        .map((one) => [one.name, one.value]);
    }

    set fields(fields) {
      for (const one of this.controls) {
        const given = fields.filter(([name]) => name === one.name).map(([, value]) => value);
        if (/radio|checkbox/.test(one.type)) one.checked = given.includes(one.value);
        else one.value = given[0] || "";
      }
      if (this.story) this.tell();
    }

    get sequence() {
      return Number(this.form.elements.sequence.value) || 0;
    }

    get complete() {
      const given = this.fields.map(([, value]) => value);
      if (this.kind === "matching" || this.kind === "ordering") {
        const wanted = this.kind === "ordering" ? new Set(given).size : given.length;
        return wanted === this.controls.length;
      }
      return given.length > 0;
    }

    get answer() {
      const text = (one) =>
        one.selectedOptions ? one.selectedOptions[0].text : one.labels[0].textContent;
      const chosen = this.controls.filter((one) =>
        /radio|checkbox/.test(one.type) ? one.checked : one.value,
      );
      return chosen.map((one) => (one.type === "text" ? one.value : text(one)).trim()).join(" · ");
    }

    /* Shows the story as far as it was decided, and the step that follows. */
    tell() {
      const chosen = new Map(this.fields);
      for (const one of this.place.querySelectorAll("fieldset")) one.hidden = true;
      for (let step = this.story.next, kept = this.kept || []; step; ) {
        const place = this.place.querySelector(`[name="${step}"]`).closest("fieldset");
        const number = Number(chosen.get(step));
        const decided = number && kept.some(([name]) => name === step);
        place.hidden = false;
        place.disabled = Boolean(decided);
        step = decided ? this.story.steps[step][number - 1] : null;
      }
    }

    say(text, saved) {
      if (this.line.textContent.trim() !== text) this.line.textContent = text;
      this.line.classList.toggle("unsaved", !saved);
    }

    /* Says what is true of this answer: waiting here, not counted, or saved. */
    paint(record) {
      const { queue, saved, told = [] } = record;
      if (queue) this.say(fill(memory.has(record.id) ? words.loose : words.kept, { time: clock(queue.made) }), false);
      else if (record.last === "told" && told.length) this.say(told[told.length - 1].message, false);
      else if (saved && saved.text) {
        const shown = saved.fields || this.known >= saved.sequence;
        this.say(shown ? saved.text : words.elsewhere, Boolean(shown));
      }
      if (saved) this.form.elements.sequence.value = saved.sequence;
      if (saved && saved.receipt && this.receipt) {
        this.receipt.hidden = false;
        this.receipt.querySelector("code").textContent = saved.receipt;
      }
    }
  }

  /* The zone of a time as the pages write it: "UTC", "UTC+2", "UTC+5:30". */
  const zone = (value) => {
    const away = -new Date(value).getTimezoneOffset();
    const [hours, minutes] = [Math.floor(Math.abs(away) / 60), Math.abs(away) % 60];
    const past = minutes ? `:${String(minutes).padStart(2, "0")}` : "";
    return ` UTC${away ? (away < 0 ? "\u2212" : "+") + hours + past : ""}`;
  };
  const clock = (moment) => {
    const today = new Date(moment).toDateString() === new Date().toDateString();
    const language = document.documentElement.lang.replace(/^en$/, "en-GB");
    const shape = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    return new Intl.DateTimeFormat(language, { hourCycle: "h23", ...shape }).format(moment) + zone(moment);
  };

  /* Shows on a question what the device knows of it: an answer that waits, or a save that the page is older than. */
  const overlay = async (question) => {
    const rendered = question.fields;
    const record = await change(question.id, (old) => {
      const newer = !old.saved || question.sequence > old.saved.sequence;
      if (!question.saved || !newer) return { ...old, ...placeOf(question) };
      const code = question.receipt && question.receipt.querySelector("code").textContent.trim();
      const saved = { fields: rendered, sequence: question.sequence, text: question.saved, receipt: code };
      return { ...old, ...placeOf(question), saved };
    });
    const known = record.queue || (record.saved && record.saved.sequence > question.sequence && record.saved);
    if (known && known.fields) {
      question.kept = known.fields;
      question.fields = known.fields;
    } else if (question.story) question.tell();
    question.base = question.saved || known ? question.fields : null;
    question.paint(record);
  };

  const placeOf = (question) => ({
    person,
    url: sheet.dataset.answers,
    attempt: sheet.dataset.attempt,
    position: question.position,
    label: question.place.dataset.label,
  });

  /* --- keep, then send --- */

  const keep = async (question) => {
    const { fields, answer, sequence } = question;
    const made = Date.now();
    question.say(words.sending, false);
    unsent += 1;
    question.turn += 1;
    question.busy += 1;
    const record = await change(question.id, (old) => {
      const known = Math.max(sequence, old.saved ? old.saved.sequence : 0);
      const before = old.queue || { sequence: known };
      const decided = question.kind === "scenario" ? (old.queue || old.saved || {}).fields || [] : [];
      const names = fields.map(([name]) => name);
      const all = [...decided.filter(([name]) => !names.includes(name)), ...fields];
      const queue = { ...before, fields: all, answer, made, key: `${made}-${Math.random()}` };
      return { ...old, ...placeOf(question), queue };
    });
    question.busy -= 1;
    question.base = fields;
    question.kept = record.queue.fields;
    if (question.story) question.tell();
    const slow = setTimeout(() => paint(), 400);
    await flush();
    clearTimeout(slow);
    await paint();
  };

  class Stopped extends Error {}
  const NO_LINE = "waiting";
  const SIGNED_OUT = "signedOut";
  const anyToken = document.querySelector("input[name=csrf_token]");
  let token = anyToken ? anyToken.value : "";
  let greeted = true; // false: ask first what the server has, and for a token
  let stopped = "";
  let wrongClock = false;
  let sent = 0;
  let tries = 0; // how often in a row the server could not take them
  let refused = null; // its last answer to that
  let unsent = 1; // how many answers wait: one at least, until it was looked up

  const ask = async (url, options = {}) => {
    const ends = new AbortController();
    const timer = setTimeout(() => ends.abort(), 10000);
    try {
      const headers = { Accept: "application/json", ...options.headers };
      const answer = await fetch(url, { ...options, headers, credentials: "same-origin", signal: ends.signal });
      if ([401, 403, 404].includes(answer.status)) throw new Stopped(SIGNED_OUT);
      if (answer.status === 400) return null;
      if (!answer.ok) {
        refused = answer;
        throw new Stopped(NO_LINE);
      }
      return await answer.json();
    } catch (error) {
      throw error instanceof Stopped ? error : new Stopped(NO_LINE);
    } finally {
      clearTimeout(timer);
    }
  };

  const greet = async (url) => {
    const state = await ask(url);
    if (!state) throw new Stopped(NO_LINE);
    token = state.token;
    wrongClock = Math.abs(Date.now() - Date.parse(state.now)) > 3600000;
    if (!state.open) forgetSheet();
  };

  /* The count of answered questions above them, as the server tells it after a sending. */
  const recount = (url, told) => {
    const shown = document.querySelector("[data-answered]");
    const here = document.querySelector("[data-answers]");
    if (shown && told && here && here.dataset.answers === url) shown.textContent = told;
  };

  const send = async (url, answers) => {
    for (let again = true; ; again = false) {
      const state = await ask(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ answers }),
      });
      if (state && state.outcomes) {
        recount(url, state.answered);
        return state.outcomes;
      }
      if (!again) throw new Stopped(NO_LINE);
      await greet(url); // the page is old, and so is its token
    }
  };

  const sendable = ({ position, queue }, { fields, sequence }) => ({
    position,
    fields,
    sequence,
    made: queue.made,
  });

  /* An answer whose acknowledgement was lost is sent once more before the one that took its place:
     only so is the number of its own save known, and a save of another device told from it. */
  const settle = async (url, records) => {
    const open = records.filter(({ queue }) => queue.flight && !same(queue.flight.fields, queue.fields));
    if (!open.length) return;
    const outcomes = await send(url, open.map((one) => sendable(one, one.queue.flight)));
    for (const [at, record] of open.entries()) {
      const { outcome, sequence } = outcomes[at];
      await change(record.id, (old) => {
        if (!old.queue) return old;
        const queue = { ...old.queue, flight: undefined };
        if (outcome === "saved") queue.sequence = sequence;
        return { ...old, queue };
      });
    }
  };

  const conclude = async (record, said) => {
    const { queue } = record;
    const ended = await change(record.id, (old) => {
      const made = { ...old };
      const current = old.queue && old.queue.key === queue.key;
      const { sequence, text, receipt } = said;
      if (said.outcome === "saved") {
        made.saved = { fields: queue.fields, sequence, text, receipt };
        if (old.queue && !current) made.queue = { ...old.queue, sequence, flight: undefined };
      } else if (said.outcome === "newer") {
        made.saved = { fields: null, sequence, text, receipt };
      }
      if (!current) return made;
      delete made.queue;
      made.last = said.outcome === "saved" ? "saved" : "told";
      if (made.last === "told") {
        const one = { outcome: said.outcome, message: said.message, answer: queue.answer, made: queue.made };
        made.told = [...(old.told || []), one];
      }
      return made;
    });
    if (said.outcome === "saved") sent += 1;
    const question = questions.get(record.id);
    if (question && !ended.queue && said.outcome === "newer") await reread(question);
  };

  /* After a conflict the form shows the answer that counts, so that one's own can be chosen again. */
  const reread = async (question) => {
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const place = page.querySelector(`[data-position="${question.position}"]`);
      if (!place) return;
      const fresh = [...place.querySelector("form").elements].filter((one) => one.name.startsWith("chosen"));
      question.fields = fresh
        .filter((one) => (/radio|checkbox/.test(one.type) ? one.checked : one.value))
        .map((one) => [one.name, one.value]);
      question.base = question.fields;
      question.known = Number(place.querySelector("[name=sequence]").value) || 0;
    } catch {
      /* The next page that is loaded shows it. */
    }
  };

  const sendAll = async (url) => {
    const waiting = async () => (await own()).filter((one) => one.queue && one.url === url);
    if (!greeted) await greet(url);
    await settle(url, await waiting());
    const records = [];
    for (const { id } of await waiting()) {
      const marked = await change(id, (old) => {
        if (!old.queue) return old;
        const { fields, sequence } = old.queue;
        return { ...old, queue: { ...old.queue, flight: { fields, sequence } } };
      });
      if (marked.queue) records.push(marked);
    }
    if (!records.length) return;
    const outcomes = await send(url, records.map((one) => sendable(one, one.queue)));
    for (const [at, record] of records.entries()) await conclude(record, outcomes[at]);
  };

  let running = null;
  let again = false;
  const run = async () => {
    try {
      do {
        again = false;
        stopped = "";
        refused = null;
        const urls = new Set((await own()).filter((one) => one.queue).map((one) => one.url));
        for (const url of urls) await sendAll(url).catch(stop);
      } while (again && !stopped);
    } catch (error) {
      stop(error);
    }
    greeted = !stopped;
    tries = stopped ? tries + 1 : 0;
    arm();
  };
  const stop = (error) => {
    stopped = error instanceof Stopped ? error.message : NO_LINE;
  };

  /* One at a time, in all tabs. */
  const flush = () => {
    again = true;
    if (!running) {
      const locks = navigator.locks;
      running = (locks ? locks.request("ciss-answers", run) : run()).then(() => {
        running = null;
        return again && !stopped ? flush() : undefined; // kept while the last one ended
      });
    }
    return running;
  };

  /* --- what is said on the page --- */

  const paint = async () => {
    const state = ({ turn, busy }) => (busy ? null : turn);
    const before = new Map([...questions].map(([id, question]) => [id, state(question)]));
    const all = await everything();
    const mine = all.filter((one) => one.person === person);
    for (const record of mine) {
      const question = questions.get(record.id);
      // A choice made since the record was read is none that it tells of.
      if (question && before.get(record.id) === question.turn) question.paint(record);
    }
    const waiting = mine.filter((one) => one.queue);
    unsent = waiting.length;
    const told = mine.flatMap((one) => (one.told || []).map((item) => [one, item]));
    const lines = [];
    const why = stopped === NO_LINE && refused ? "busy" : stopped;
    if (waiting.length && stopped) lines.push(fill(words[why], { count: waiting.length }));
    if (sent && !waiting.length) lines.push(fill(words.sent, { count: sent }));
    if (wrongClock) lines.push(words.wrongClock);
    if (older) lines.push(words.older);
    show(lines, told);
    note(all.some((one) => one.queue || (one.told && one.told.length)));
  };

  const made = (name, text) => {
    const one = document.createElement(name);
    one.textContent = text;
    return one;
  };

  const show = (lines, told) => {
    const shown = JSON.stringify([lines, told.map(([one, item]) => [one.id, item])]);
    if (box.shown === shown) return;
    box.shown = shown;
    box.hidden = !lines.length && !told.length;
    const parts = lines.map((line) => made("p", line));
    if (lines.length && stopped === SIGNED_OUT) {
      const link = made("a", words.signIn);
      link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
      parts[0].append(" ", link);
    }
    for (const [record, item] of told) {
      const part = document.createElement("div");
      part.className = "stack";
      part.append(made("p", `${record.label}: ${item.message}`));
      if (item.answer) part.append(made("p", fill(words.yours, { answer: item.answer, time: clock(item.made) })));
      const button = made("button", words.read);
      button.type = "button";
      button.className = "button secondary";
      button.addEventListener("click", async () => {
        await change(record.id, (old) => ({
          ...old,
          last: "saved",
          told: (old.told || []).filter((one) => one.made !== item.made),
        }));
        await paint();
        (box.querySelector("button") || document.querySelector("main")).focus();
      });
      part.append(button);
      parts.push(part);
    }
    box.replaceChildren(...parts);
  };

  /* Tells the button of the sign-out, which stands on other pages too, that something would be lost. */
  const note = (unsent) => {
    try {
      if (unsent) localStorage.setItem("ciss-unsent", words.signOut);
      else localStorage.removeItem("ciss-unsent");
    } catch {
      /* Where nothing can be noted, nothing was kept either. */
    }
  };

  /* --- the kept sheet of an open quiz --- */

  const pages = async () => {
    const name = `ciss-1-pages-${person}`;
    return window.caches && (await caches.has(name)) ? caches.open(name) : null;
  };

  const keepSheet = async () => {
    const cache = await pages();
    const { attempt, page, module } = sheet.dataset;
    if (!cache || !(await cache.match(`/learn/offline/kept/${module}`))) return;
    const kept = await cache.match(page);
    if (kept && (await kept.text()).includes(attempt)) return;
    const answer = await fetch(page, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected && answer.headers.get("CISS-Person") === person) await cache.put(page, answer);
  };

  const forgetSheet = async () => {
    const cache = sheet && (await pages());
    if (cache) await cache.delete(sheet.dataset.page);
  };

  const sheetIsKept = async () => {
    const cache = await pages();
    return Boolean(cache && (await cache.match(sheet.dataset.page)));
  };

  /* --- a form is sent: first the answer, then the page goes where the button leads --- */

  const leave = async (question, then) => {
    const { form } = question;
    if (question.complete && !same(question.fields, question.base)) await keep(question);
    else await flush();
    const record = (await own()).find((one) => one.id === question.id);
    const told = record && !record.queue && record.last === "told";
    if (onSheet) {
      if (!question.complete) question.say(words.incomplete, false);
      return;
    }
    if (record && record.queue) {
      const ahead = then === "next" && (await sheetIsKept());
      if (ahead) location.assign(`${sheet.dataset.page}#question-${question.position + 1}`);
      return;
    }
    if (told && question.complete) return;
    if (question.kind === "scenario" && question.complete) {
      if (then === "next") return location.reload();
      for (const one of question.controls) one.disabled = true;
    }
    const where = document.createElement("input");
    Object.assign(where, { type: "hidden", name: "then", value: then });
    form.append(where);
    form.elements.csrf_token.value = token;
    form.submit();
  };

  const begin = (question) => {
    const { form } = question;
    form.addEventListener("change", () => {
      if (question.kind === "scenario") return; // a decision counts once it is sent by its button
      if (question.complete) keep(question);
      else question.say(words.incomplete, false);
    });
    form.addEventListener("submit", (event) => {
      form.elements.csrf_token.value = token;
      if (!onSheet && !unsent && same(question.fields, question.base)) return; // all is saved
      event.preventDefault();
      leave(question, event.submitter && event.submitter.value ? event.submitter.value : "next");
    });
  };

  /* Nothing is handed in while an answer waits that was meant to be in it. */
  const guard = (form) => {
    form.addEventListener("submit", async (event) => {
      if (!unsent) return;
      event.preventDefault();
      await flush();
      if (!(await own()).some((one) => one.queue)) return form.submit();
      await paint();
    });
  };

  const start = async () => {
    for (const form of document.querySelectorAll('form[action$="/quiz/hand-in"]')) guard(form);
    if (sheet) {
      for (const place of onSheet ? sheet.querySelectorAll("[data-position]") : [sheet]) {
        if (!place.querySelector("[name^=chosen]")) continue;
        const question = new Question(place);
        questions.set(question.id, question);
        begin(question);
        await overlay(question);
      }
      document.body.toggleAttribute("data-ready", true);
      if (!onSheet) keepSheet().catch(() => {});
    }
    const waiting = (await own()).some((one) => one.queue);
    if (waiting) {
      greeted = false;
      await flush();
      if (sent && words.after === "reload") return location.reload();
    }
    await paint();
  };

  const retry = async () => {
    if (!(await own()).some((one) => one.queue)) return;
    await flush();
    await paint();
  };
  /* What could not be sent is sent again by itself; the page says so until then. */
  let timer = null;
  const arm = () => {
    clearTimeout(timer);
    const pause = stopped === NO_LINE ? pauseBefore(tries, refused) : 20000 + 20000 * Math.random();
    timer = setTimeout(() => retry().finally(arm), pause);
  };
  addEventListener("online", retry);
  addEventListener("beforeunload", (event) => {
    if ([...memory.values()].some((one) => one.queue)) event.preventDefault();
  });
  start();
  arm();
})();
