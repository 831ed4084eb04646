/* Keeps modules on this device, and lists exactly what is complete. */
"use strict";

(() => {
  const PROTOCOL = 1;
  const list = document.querySelector("[data-offline]");
  const person = document.body.dataset.person;
  const words = list.dataset;
  const said = document.querySelector("[data-said]");
  const all = document.querySelector("[data-keep-all]");
  const CACHE = `ciss-${PROTOCOL}-pages-${person}`;
  const TURN = `ciss-${PROTOCOL}-turn`;
  const OFFLINE = "/learn/offline";
  const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
  const say = (text) => {
    said.textContent = text;
  };
  const megabytes = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const size = (bytes) =>
    bytes >= 1e6
      ? fill(words.mb, { size: megabytes.format(bytes / 1e6) })
      : fill(words.kb, { size: Math.max(1, Math.round(bytes / 1000)) });
  /* The zone of a time as the pages write it: "UTC", "UTC+2", "UTC+5:30". */
  const zone = (value) => {
    const away = -new Date(value).getTimezoneOffset();
    const [hours, minutes] = [Math.floor(Math.abs(away) / 60), Math.abs(away) % 60];
    const past = minutes ? `:${String(minutes).padStart(2, "0")}` : "";
    return ` UTC${away ? (away < 0 ? "\u2212" : "+") + hours + past : ""}`;
  };
  const moment = (value) =>
    new Intl.DateTimeFormat(document.documentElement.lang.replace(/^en$/, "en-GB"), {
      dateStyle: "long",
      timeStyle: "short",
      hourCycle: "h23",
    }).format(value) + zone(value);

  class Told extends Error {}

  /* --- the worker --- */

  const hello = (worker) =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => done(event.data);
      setTimeout(done, 3000, null);
      worker.postMessage({ protocol: PROTOCOL, type: "hello" }, [port2]);
    });

  const activated = (worker) =>
    new Promise((done, failed) => {
      const look = () => {
        if (worker.state === "activated") done();
        if (worker.state === "redundant") failed(new Told(words.refused));
      };
      worker.addEventListener("statechange", look);
      look();
    });

  const understood = async () => {
    const registration = await navigator.serviceWorker.getRegistration(OFFLINE);
    const answer = registration && registration.active && (await hello(registration.active));
    return Boolean(answer && answer.known);
  };

  /* Takes the newest worker; one that does not understand this page belongs to another version. */
  const employ = async () => {
    let registration;
    try {
      registration = await navigator.serviceWorker.register("/service-worker.js", { scope: "/learn" });
    } catch {
      throw new Told(words.refused);
    }
    if (registration.active) await registration.update(); // registering again does not ask for a newer one
    const coming = registration.installing || registration.waiting;
    if (coming) await activated(coming);
    if (!(await understood())) throw new Told(words.other);
  };

  /* --- what is kept --- */

  const marker = (item) => `${OFFLINE}/kept/${item.dataset.module}`;
  const open = async () => ((await caches.has(CACHE)) ? caches.open(CACHE) : null);

  /* Gives the note of a module, if all of its pages are there. */
  const kept = async (item) => {
    const cache = await open();
    const found = cache && (await cache.match(marker(item)));
    if (!found) return null;
    const mark = await found.json();
    const there = await Promise.all(mark.urls.map((url) => cache.match(url)));
    return there.every(Boolean) ? mark : null;
  };

  const load = async (url, cache, optional) => {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (optional && answer.redirected) return 0;
    const whose = answer.headers.get("CISS-Person");
    if (answer.redirected || whose !== person) throw new Told(words.signedOut);
    if (!answer.ok) throw new Told(words.broken);
    const body = await answer.blob();
    await cache.put(url, new Response(body, { headers: answer.headers }));
    return body.size;
  };

  /* The note is written last: a module without it is not kept, whatever is there of it. */
  const keep = async (item) => {
    const before = await kept(item);
    const urls = JSON.parse(item.dataset.urls);
    const bar = item.querySelector("progress");
    bar.hidden = false;
    bar.max = urls.length;
    bar.value = 0;
    try {
      await employ();
      await (await caches.open(TURN)).put(`${OFFLINE}/whose`, new Response(person));
      const cache = await caches.open(CACHE);
      await load(OFFLINE, cache);
      let bytes = 0;
      for (const url of urls) {
        bytes += await load(url, cache);
        bar.value += 1;
      }
      if (item.dataset.sheet) bytes += await load(item.dataset.sheet, cache, true);
      const mark = { since: Date.now(), bytes, version: item.dataset.version, urls };
      await cache.put(marker(item), new Response(JSON.stringify(mark)));
    } catch (error) {
      if (!before) await drop(item);
      if (error instanceof Told) throw error;
      throw new Told(error.name === "QuotaExceededError" ? words.full : words.broken);
    } finally {
      bar.hidden = true;
      await paint();
    }
  };

  const drop = async (item) => {
    const cache = await open();
    if (!cache) return;
    await cache.delete(marker(item));
    const gone = [...JSON.parse(item.dataset.urls), `/learn/${item.dataset.module}/quiz/sheet`];
    await Promise.all(gone.map((url) => cache.delete(url)));
    const left = (await cache.keys()).filter((one) => new URL(one.url).pathname !== OFFLINE);
    if (left.length) return;
    await caches.delete(CACHE);
    const registration = await navigator.serviceWorker.getRegistration(OFFLINE);
    if (registration) await registration.unregister();
  };

  /* --- the list --- */

  const items = [...list.querySelectorAll("[data-module]")];

  const paint = async () => {
    const cache = await open();
    for (const item of items) {
      const mark = await kept(item);
      const state = item.querySelector("[data-state]");
      const old = mark && mark.version !== item.dataset.version;
      const text = old ? words.old : words.kept;
      state.textContent = mark ? fill(text, { since: moment(mark.since), size: size(mark.bytes) }) : words.none;
      item.querySelector("[data-keep]").hidden = Boolean(mark) && !old;
      item.querySelector("[data-drop]").hidden = !mark;
      const quiz = item.querySelector("[data-quiz]");
      quiz.hidden = !(mark && (await cache.match(quiz.getAttribute("href"))));
    }
    all.hidden = items.every((item) => item.querySelector("[data-keep]").hidden);
  };

  const busy = (resting) => {
    for (const one of document.querySelectorAll("[data-keep], [data-drop], [data-keep-all]")) one.disabled = resting;
  };

  const work = async (chosen, action, done) => {
    busy(true);
    try {
      for (const item of chosen) {
        say(fill(words.working, { module: item.dataset.name }));
        await action(item);
      }
      say(done);
    } catch (error) {
      say(error instanceof Told ? error.message : words.broken);
    } finally {
      await paint();
      busy(false);
    }
  };

  const start = async () => {
    const away = location.pathname !== OFFLINE || !navigator.onLine;
    document.querySelector("[data-away]").hidden = !away;
    if (!navigator.serviceWorker || !window.caches) return say(words.unable);
    document.querySelector("[data-without]").hidden = true;
    try {
      await paint();
    } catch {
      return say(words.refused);
    }
    for (const item of items) {
      item.querySelector("[data-keep]").addEventListener("click", () => work([item], keep, words.done));
      item.querySelector("[data-drop]").addEventListener("click", () => work([item], drop, words.gone));
    }
    all.addEventListener("click", () => {
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
      const missing = items.filter((item) => !item.querySelector("[data-keep]").hidden);
      work(missing, keep, words.done);
    });
    if (navigator.serviceWorker.controller && !(await understood())) say(words.other);
    navigator.serviceWorker.addEventListener("controllerchange", async () => {
      if (!(await understood())) say(words.other);
    });
    document.body.toggleAttribute("data-ready", true);
  };
  start();
})();
