/* Keeps what is typed into forms: on this device at once, on the server seconds later. Without this file each
   form has a button for that, and the server fills the form. The device keeps only what the server has not. */
"use strict";

(() => {
  const words = document.querySelector("[data-draft-words]").dataset;
  const { person } = document.body.dataset;
  const MINE = `ciss-draft:${person}:`;
  const QUIET = 1200;
  const LONGEST = 5000;
  const TIMEOUT = 15000;
  const NO_DRAFT = ["hidden", "password", "file", "submit", "button", "reset", "image"];
  const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  /* Writes a time as the server does: that of the person's country, with its zone. */
  const clock = (moment) =>
    new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: words.zone,
      timeZoneName: "shortOffset",
    })
      .format(moment)
      .replace("GMT", "UTC")
      .replace("-", "\u2212");

  /* --- what is on the device: a line of the store for each view of a form --- */

  const stores = () => {
    try {
      return [localStorage, sessionStorage];
    } catch {
      return []; // a browser may keep nothing at all
    }
  };
  const put = (store, key, entry) => {
    try {
      store.setItem(key, JSON.stringify(entry));
      return true;
    } catch {
      return false; // full, or not allowed
    }
  };
  const drop = (key) => stores().forEach((store) => store.removeItem(key));
  const entries = (start) =>
    stores()
      .flatMap((store) =>
        Object.keys(store)
          .filter((key) => key.startsWith(start))
          .map((key) => ({ ...JSON.parse(store.getItem(key)), key })),
      )
      .sort((one, other) => other.moment - one.moment);

  const parts = (form) =>
    Array.from(form.elements).filter(
      (one) => one.name && one.name !== "looked" && one.type && !NO_DRAFT.includes(one.type),
    );
  const ticked = (one) => one.type === "radio" || one.type === "checkbox";

  const read = (form) => {
    const fields = {};
    for (const one of parts(form)) {
      fields[one.name] ||= [];
      if (one.type === "select-multiple") {
        fields[one.name].push(...Array.from(one.selectedOptions, (option) => option.value));
      } else if (!ticked(one) || one.checked) fields[one.name].push(one.value);
    }
    return fields;
  };

  const write = (form, fields) => {
    for (const one of parts(form)) {
      const values = fields[one.name];
      if (!values) continue;
      if (ticked(one)) one.checked = values.includes(one.value);
      else if (one.type === "select-multiple") {
        for (const option of one.options) option.selected = values.includes(option.value);
      } else if (values.length) one.value = values[0];
    }
  };

  const label = (form, name) => {
    const one = parts(form).find((part) => part.name === name);
    const heading = one && (ticked(one) ? one.closest("fieldset")?.querySelector("legend") : one.labels?.[0]);
    return heading ? heading.textContent.trim() : "";
  };

  const element = (tag, text, className = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = className;
    return made;
  };

  class Kept {
    constructor(form) {
      this.form = form;
      this.ticket = form.elements.draft;
      this.line = form.querySelector("[data-draft-state]");
      this.said = form.querySelector("[data-draft-said]");
      const { page, draft, hand } = form.dataset;
      this.start = `${MINE}${page}|${draft}|`;
      this.hand = hand;
      this.key = this.start + hand;
      this.at = form.dataset.at;
      this.base = form.dataset.base;
      this.saved = "cameBack" in form.dataset ? "" : this.text();
      this.onDevice = true;
      this.signs = false;
      this.left = false;
      this.busy = null;
      this.kind = "";
      this.tries = 0;
    }

    text() {
      return JSON.stringify(read(this.form));
    }

    get dirty() {
      return this.text() !== this.saved;
    }

    /* Shows a state; says it aloud only when it is of another kind than before. */
    say(text, kind) {
      this.line.textContent = text;
      this.line.className = `draft-state${kind === "ok" ? " saved" : kind === "bad" ? " unsaved" : ""}`;
      if (kind !== "pending" && kind !== this.kind) {
        this.said.textContent = text;
        this.kind = kind;
      }
    }

    /* Keeps the text on this device. What may name a child lives only as long as this tab. */
    keep(sending = false) {
      const entry = {
        fields: read(this.form),
        moment: Date.now(),
        ticket: this.ticket.value,
        hand: this.hand,
        at: this.at,
        base: this.base,
        lost: words.lost,
        signs: this.signs,
        sending,
      };
      const [lasting, passing] = stores();
      if (this.signs && lasting) lasting.removeItem(this.key);
      const store = this.signs ? passing : lasting;
      this.onDevice = Boolean(store) && put(store, this.key, entry);
    }

    typed() {
      this.left = false;
      clearTimeout(this.quiet);
      if (!this.dirty) return;
      this.keep();
      if (this.kind !== "bad") this.say(words.pending, "pending");
      this.quiet = setTimeout(() => this.save(), QUIET);
      this.longest ||= setTimeout(() => this.save(), LONGEST);
    }

    rest() {
      clearTimeout(this.quiet);
      clearTimeout(this.longest);
      this.longest = null;
    }

    /* Sends what is new; one request at a time, so that no older text comes after a newer one. */
    async save(keepalive = false) {
      this.rest();
      while (this.busy) await this.busy;
      if (this.left || !this.dirty) return;
      this.busy = this.send(this.text(), this.ticket.value, keepalive);
      await this.busy;
      this.busy = null;
    }

    async send(text, ticket, keepalive) {
      const state = await this.post(JSON.parse(text), ticket, keepalive);
      if (state.saved) {
        this.saved = text;
        this.signs = false;
        this.take(state);
        if (this.dirty) this.typed();
        else drop(this.key);
      } else this.fail(state);
    }

    take(state) {
      this.tries = 0;
      this.ticket.value = state.ticket;
      this.at = state.at;
      this.say(state.text, "ok");
      if (state.beside) this.compare();
    }

    fail(state) {
      this.signs = state.kind === "signs";
      this.keep();
      const message = state.message || "";
      if (state.kind === "away") {
        const kept = state.answer ? words.busy : words.offline;
        this.say(this.onDevice ? kept : words.nowhere, "bad");
        this.quiet = setTimeout(() => this.save(), pauseBefore(this.tries, state.answer));
        this.tries += 1;
      } else if (state.kind === "out") {
        this.say(`${words.signedOut} `, "bad");
        const link = element("a", words.signInLabel);
        link.href = `${words.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
        this.line.append(link);
      } else this.say(fill(this.signs ? words.signs : words.refused, { reason: message }), "bad");
    }

    /* Asks the server to keep fields; says "away" where it cannot be asked now. */
    async post(fields, ticket, keepalive = false) {
      const body = new FormData();
      for (const [name, values] of Object.entries(fields)) {
        for (const value of values) body.append(name, value);
      }
      for (const mark of this.form.querySelectorAll("input[name=looked]")) {
        if (mark.type === "hidden" || mark.checked) body.append("looked", mark.value);
      }
      body.append("csrf_token", this.form.elements.csrf_token.value);
      body.append("draft", ticket);
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), TIMEOUT);
      try {
        const answer = await fetch(words.save, {
          method: "POST",
          body,
          headers: { Accept: "application/json" },
          credentials: "same-origin",
          keepalive: keepalive && fitsKeepalive(body),
          signal: stop.signal,
        });
        if (answer.status === 401) return { kind: "out" };
        if (comesLater(answer)) return { kind: "away", answer };
        return await answer.json();
      } catch {
        return { kind: "away" };
      } finally {
        clearTimeout(timer);
      }
    }

    /* --- what the device still has when the page opens --- */

    async restore() {
      drop(this.key);
      if ("cameBack" in this.form.dataset) this.typed();
      for (const one of entries(this.start)) {
        const id = one.at.split(":")[0];
        if (JSON.stringify(one.fields) === this.text()) drop(one.key);
        else if (one.sending && !(id && id === this.at.split(":")[0])) this.offer(one, words.sending);
        else await this.restoreOne(one);
      }
    }

    /* A text that follows what the page shows goes into the fields. Any other is saved under the name of its own
       view, so that the server puts it beside what it has. */
    async restoreOne(one) {
      const fits = one.base === this.base && !this.dirty;
      if (fits && one.at === this.at) return this.pour(one);
      const state = await this.post(one.fields, one.ticket);
      if (!state.saved) return this.offer(one, words.device);
      drop(one.key);
      const same = !this.at || this.at.split(":")[0] === state.at.split(":")[0];
      if (fits && same && state.at && !this.dirty) return this.pour(one);
      if (state.at) this.compare();
    }

    pour(one) {
      write(this.form, one.fields);
      this.tell(fill(words.back, { time: clock(one.moment) }));
      this.signs = one.signs;
      this.typed();
      drop(one.key);
      return this.save();
    }

    /* Says what the fields hold: in the notice of the page, if it has one. */
    tell(said) {
      const notice = this.form.parentElement.querySelector("[data-draft-notice]");
      if (notice) notice.textContent = said;
      else this.form.before(element("p", said, "notice info"));
    }

    /* Shows a text that is on the device, with what can be done about it. */
    offer(one, said) {
      const box = element("div", "", "notice warn");
      box.append(element("p", fill(said, { time: clock(one.moment) })));
      const list = element("dl", "", "summary");
      for (const [name, values] of Object.entries(one.fields)) {
        const part = parts(this.form).find((found) => found.name === name);
        if (!values.join("") || (part && ticked(part))) continue;
        const row = element("div", "");
        const typed = element("dd", values.join("\n"), "typed");
        typed.dir = "auto";
        row.append(element("dt", label(this.form, name)), typed);
        list.append(row);
      }
      const put = element("button", words.put, "button secondary");
      const remove = element("button", words.remove, "button quiet");
      put.type = remove.type = "button";
      put.addEventListener("click", () => {
        write(this.form, one.fields);
        drop(one.key);
        box.remove();
        this.typed();
        parts(this.form)[0].focus();
      });
      remove.addEventListener("click", () => {
        drop(one.key);
        box.remove();
      });
      const row = element("p", "", "row");
      row.append(put, remove);
      box.append(list, row);
      this.form.before(box);
    }

    compare() {
      if (this.beside) return;
      this.beside = element("p", `${words.beside} `, "notice warn");
      this.beside.setAttribute("role", "status");
      const link = element("a", words.compare);
      link.href = this.form.dataset.page;
      this.beside.append(link);
      this.form.before(this.beside);
    }

    /* --- the ways out of the page --- */

    /* A browser without a network may reach the server all the same, if that is on the same machine. */
    async sendIfReached(submitter) {
      try {
        await fetch(words.alive, { method: "HEAD", cache: "no-store" });
      } catch {
        this.said.textContent = "";
        this.say(this.onDevice ? words.offline : words.nowhere, "bad");
        return;
      }
      this.reached = true;
      this.form.requestSubmit(submitter);
    }

    submit(event) {
      if (event.submitter?.hasAttribute("data-draft-save")) {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (this.dirty) this.save();
        else this.say(this.line.textContent, this.kind);
        return;
      }
      if (!navigator.onLine && !this.reached && !this.form.querySelector("[type=file]")) {
        /* Without this the browser would put its own error page in the place of what was typed; an upload waits. */
        event.preventDefault();
        event.stopImmediatePropagation();
        this.keep();
        this.kind = ""; /* who presses again hears it again */
        this.sendIfReached(event.submitter);
        return;
      }
      if (this.busy) {
        /* A save on its way must not arrive after the form itself. */
        event.preventDefault();
        event.stopImmediatePropagation();
        const { submitter } = event;
        Promise.race([this.busy, new Promise((done) => setTimeout(done, 3000))]).then(() => {
          this.busy = null;
          this.form.requestSubmit(submitter);
        });
        return;
      }
      this.rest();
      this.keep(true);
      this.left = true;
    }

    leave() {
      if (this.dirty) this.save(true);
    }
  }

  const kept = Array.from(document.querySelectorAll("form[data-draft]"), (form) => new Kept(form));

  for (const one of kept) {
    one.form.addEventListener("input", () => one.typed());
    one.form.addEventListener("change", () => one.typed());
    one.form.addEventListener("submit", (event) => one.submit(event), true);
    one.restore();
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") kept.forEach((one) => one.leave());
  });
  addEventListener("pagehide", () => kept.forEach((one) => one.leave()));
  addEventListener("online", () => kept.forEach((one) => one.dirty && one.save()));
  addEventListener("beforeunload", (event) => {
    if (kept.some((one) => !one.left && one.dirty && (!one.onDevice || one.signs))) event.preventDefault();
  });

  /* Who signs out waits until the server has it all: the browser forgets this device's copies then. */
  let flushed = false;
  document.addEventListener(
    "submit",
    (event) => {
      if (flushed || !event.target.matches("[data-sign-out]") || !kept.some((one) => one.dirty)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      flushed = true;
      const all = Promise.all(kept.map((one) => one.save()));
      Promise.race([all, new Promise((done) => setTimeout(done, 5000))]).then(() => event.target.requestSubmit());
    },
    true,
  );
  document.body.toggleAttribute("data-drafts-ready", true);
})();
