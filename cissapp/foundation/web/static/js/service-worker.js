/* Gives the kept pages of learning where there is no line. It keeps nothing but pages below /learn and the
   files they need, and of what was sent only which lessons were read. The server writes BUILD and FILES above this text. */
"use strict";

/* The layout of the caches, and the way pages talk with this worker; ciss.js, learning.js and offline.js know it too. */
const PROTOCOL = 1;
const FILES_CACHE = `ciss-${PROTOCOL}-files-${BUILD}`;
const PAGES = `ciss-${PROTOCOL}-pages-`;
/* Whose turn it is: every page over the line writes down who is signed in there, or nobody (ciss.js). */
const TURN = `ciss-${PROTOCOL}-turn`;
const WHOSE = "/learn/offline/whose";
const OFFLINE = "/learn/offline";
const PATIENCE = 3000;
const BEHIND_A_GATEWAY = [502, 503, 504];
const READ = /^(\/learn\/[^/]+\/[^/]+)\/read$/;

self.addEventListener("install", (event) => {
  const fill = async () => {
    await (await caches.open(FILES_CACHE)).addAll(FILES);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

/* What older versions kept goes; the pages of this layout stay. */
self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const stays = (name) => name === FILES_CACHE || name === TURN || name.startsWith(PAGES);
    const old = (name) => name.startsWith("ciss-") && !stays(name);
    await Promise.all((await caches.keys()).filter(old).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  const { protocol, type } = event.data || {};
  const known = protocol === PROTOCOL && type === "hello";
  if (event.ports[0]) event.ports[0].postMessage({ protocol: PROTOCOL, build: BUILD, known });
});

const turn = async () => {
  const written = await (await caches.open(TURN)).match(WHOSE);
  return written ? written.text() : "";
};

/* The pages of whose turn it is. With nobody signed in, or somebody else, none is shown: however slow the
   line is, and if there is none. */
const pages = async () => {
  const person = await turn();
  const mine = PAGES + person;
  return person && (await caches.has(mine)) ? caches.open(mine) : null;
};

const isTurnOf = async (person) => (await caches.open(TURN)).put(WHOSE, new Response(person));

/* A page that came over the line takes the place of the kept one; pages of another person go. */
const keepNewer = async (answer, path) => {
  const person = answer.headers.get("CISS-Person");
  /* Led elsewhere, most likely to sign in: until a page says who it is for, it is nobody's turn. */
  if (answer.type === "opaqueredirect") return isTurnOf("");
  if (!answer.ok || !person) return;
  await isTurnOf(person);
  const mine = PAGES + person;
  const others = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== mine);
  await Promise.all(others.map((name) => caches.delete(name)));
  if (!(await caches.has(mine))) return;
  const cache = await caches.open(mine);
  const sheet = /^\/learn\/([^/]+)\/quiz\/sheet$/.exec(path);
  const wanted = (await cache.match(path)) || (sheet && (await cache.match(`${OFFLINE}/kept/${sheet[1]}`)));
  if (wanted) await cache.put(path, answer);
};

/* Any page of an open quiz leads to its sheet of all questions; every other one to what is available. */
const withoutLine = async (path) => {
  const cache = await pages();
  if (!cache) return Response.error();
  const [, module, position] = /^\/learn\/([^/]+)\/quiz(?:\/(\d+|check))?$/.exec(path) || [];
  const sheet = `/learn/${module}/quiz/sheet`;
  if (module && (await cache.match(sheet))) {
    const at = /^\d+$/.test(position || "") ? `#question-${position}` : "";
    return Response.redirect(sheet + at);
  }
  return (await cache.match(OFFLINE)) || Response.error();
};

/* A lesson read without a line is noted among the pages of its reader, and its button leads on all the same. */
const readLater = async (path) => {
  const [, lesson] = READ.exec(path) || [];
  const cache = lesson && (await pages());
  const kept = cache && (await cache.match(lesson));
  if (!kept) return withoutLine(OFFLINE);
  await cache.put(path, new Response(""));
  const [, next] = /data-next="([^"]+)"/.exec(await kept.text()) || [];
  return Response.redirect(next || OFFLINE);
};

/* The server is told of it with the token of the first page that comes over the line; what it refuses for good is
   not told again. Of a device without modules nothing stays then (offline.js leaves that to the last note). */
const tellRead = async (answer) => {
  const mine = PAGES + answer.headers.get("CISS-Person");
  if (!answer.ok || !(await caches.has(mine))) return;
  const cache = await caches.open(mine);
  const noted = (await cache.keys()).map(({ url }) => url).filter((url) => READ.test(new URL(url).pathname));
  if (!noted.length) return;
  const [, token] = /name="csrf_token" value="([^"]+)"/.exec(await answer.text()) || [];
  if (!token) return;
  for (const url of noted) {
    const body = new URLSearchParams({ csrf_token: token });
    const told = await fetch(url, { method: "POST", body, redirect: "manual" });
    if (told.status !== 429 && told.status < 500) await cache.delete(url); // a redirect has the status 0
  }
  const left = (await cache.keys()).filter(({ url }) => new URL(url).pathname !== OFFLINE);
  if (left.length) return;
  await caches.delete(mine);
  await self.registration.unregister();
};

const page = async (event, path) => {
  const cache = await pages();
  const kept = cache && (await cache.match(path));
  const line = fetch(event.request).then((answer) => {
    const [newer, telling] = [answer.clone(), answer.clone()];
    event.waitUntil(keepNewer(newer, path).then(() => tellRead(telling)).catch(() => {}));
    return kept && BEHIND_A_GATEWAY.includes(answer.status) ? kept : answer;
  });
  if (!kept) return line.catch(() => withoutLine(path));
  const late = new Promise((done) => setTimeout(done, PATIENCE, kept));
  return Promise.race([line.catch(() => kept), late]);
};

/* Files have their content's hash in the address. A page of an older version takes the newer file. */
const file = async (request) => {
  const exact = await caches.match(request);
  if (exact) return exact;
  try {
    return await fetch(request);
  } catch (error) {
    const newer = await caches.match(request, { ignoreSearch: true });
    if (newer) return newer;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate" && /^\/learn(\/|$)/.test(pathname)) {
    const sends = request.method !== "GET";
    event.respondWith(sends ? fetch(request).catch(() => readLater(pathname)) : page(event, pathname));
  } else if (request.method === "GET" && pathname.startsWith("/static/")) {
    event.respondWith(file(request));
  }
});
