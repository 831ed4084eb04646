/* The page: it takes files and codes, and writes what was found. All texts are set as text, never as HTML. */

const DATA = (id) => JSON.parse(document.getElementById(id).textContent);
const LANGUAGES = DATA("words");
const SIGNS = { yes: "\u2713", no: "\u2715", unknown: "?" };
const KINDS = {
  valid: "ok", expiring: "ok", expired: "bad", suspended: "warn", withdrawn: "bad", replaced: "bad", altered: "bad",
  not_ours: "bad", unknown: "none", upcoming: "none", snapshot: "info",
};
const MARKS = { ok: "\u2713", warn: "!", bad: "\u2715" };
const world = Object.assign(DATA("settings"), { keys: { issuing: [], log: null }, snapshot: null, problem: null, today: "" });
let words = LANGUAGES.en;
let results = [];

function say(key, values) {
  const text = words.sentences[key] || LANGUAGES.en.sentences[key] || key;
  return text.replace(/%\((\w+)\)s/g, (_, name) => shown((values || {})[name])).replace(/%%/g, "%");
}

/* Days are written in words. */
function shown(value) {
  return isDay(value) ? day(value) : String(value === undefined ? "" : value);
}

function day(iso) {
  const [year, month, on] = iso.split("-").map(Number);
  return words.months[month - 1].replace("{d}", on).replace("{y}", year);
}

/* Write a number with thin gaps between thousands, as all our languages may. */
function numbered(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function make(tag, attributes, ...inside) {
  const made = document.createElement(tag);
  for (const name of Object.keys(attributes || {})) made.setAttribute(name, attributes[name]);
  for (const one of inside) if (one !== null && one !== undefined) made.append(one);
  return made;
}

function list(rows) {
  return make("dl", { class: "summary" }, ...rows.map(([label, ...value]) =>
    make("div", {}, make("dt", {}, label), make("dd", {}, ...value))));
}

function table(caption, head, rows) {
  const cells = (row) => row.map((cell, place) => place ? make("td", {}, cell) : make("th", { scope: "row" }, cell));
  return make("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    make("table", {}, make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row))))));
}

/* --- results --- */

function checkRow(one) {
  const sign = one.outcome === UNKNOWN ? "(" + say("unchecked") + ")" : SIGNS[one.outcome];
  return [say("what_" + one.what), say(one.sentence, one.values) + "\u00a0", make("span", { class: "sign " + one.outcome }, sign)];
}

function answerWord(answer) {
  const dated = GOOD.includes(answer) && world.snapshot;
  return dated ? say("as_of", { answer: words.answers[answer], day: world.snapshot.day }) : words.answers[answer];
}

function resultOf(result) {
  const found = result.verdict;
  const kind = KINDS[found.answer];
  const facts = found.facts;
  const title = facts && facts.school_name && found.answer !== "altered" ? facts.school_name : say("title_" + found.answer);
  const head = make("div", { class: "verdict-head" },
    make("p", { class: "small file-name" }, result.name),
    make("span", { class: "status " + kind }, make("span", { "aria-hidden": "true" }, MARKS[kind] || "\u25cb"), " ", answerWord(found.answer)),
    make("h3", {}, title),
    facts && facts.level ? make("p", { class: "small" }, levelOf(facts) + " \u00b7 " + say("until", { day: facts.valid_until_on })) : null);
  const card = make("section", { class: "card verdict " + kind, "data-answer": found.answer, "data-name": result.name },
    head, list(found.checks.map(checkRow)), make("p", {}, words.next[found.answer]));
  if (facts) for (const part of factsOf(facts, found.answer)) card.append(part);
  return card;
}

function levelOf(facts) {
  return words.labels.level + " " + facts.level + " \u00b7 " + (words.levels[facts.level] || "");
}

function factsOf(facts, answer) {
  const country = words.countries[facts.country_code];
  const place = [facts.locality, country && country.name].filter(Boolean).join(", ");
  const rows = [
    facts.demo ? [say("demo"), words.labels.demo] : null,
    [say("school"), facts.school_name],
    place ? [say("place"), place] : null,
    facts.level ? [words.labels.level, levelOf(facts)] : null,
    [words.labels.valid_from, day(facts.valid_from_on)],
    [words.labels.valid_until, day(facts.valid_until_on)],
    facts.number ? [words.labels.number, facts.number] : null,
    facts.group_name ? [words.labels.issued_by, facts.group_name] : null,
  ];
  const more = [
    facts.code ? [words.labels.check_code, inGroups(facts.code)] : null,
    facts.criteria_version ? [words.labels.criteria_version, facts.criteria_version] : null,
    facts.sha256 ? [say("facts_hash"), facts.sha256] : null,
  ];
  const details = [make("summary", {}, say("more")), list(more.filter(Boolean))];
  const modules = Array.isArray(facts.module_levels) ? facts.module_levels : [];
  if (modules.length) {
    const cells = modules.map(([name, mean]) => [words.modules[name] || name, Number(mean).toFixed(2).replace(".", words.decimal)]);
    details.push(table(say("modules"), [say("module"), words.labels.level], cells));
  }
  if (Array.isArray(facts.documents) && facts.documents.length) {
    const cells = facts.documents.map((one) => [words.evidence[one.evidence_code] || one.evidence_code, String(one.version), one.sha256]);
    details.push(table(say("documents"), [say("kind"), say("version"), say("hash")], cells));
  }
  const parts = [list(rows.filter(Boolean)), make("details", {}, ...details)];
  if (GOOD.includes(answer)) parts.push(make("p", { class: "small" }, words.not_meaning + " " + (country ? country.worried : "")));
  return parts;
}

/* --- the whole page in a language --- */

function showAll() {
  document.documentElement.lang = words.language;
  document.title = say("title") + " \u2013 CISS";
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = say(one.dataset.word);
  const standing = document.getElementById("standing");
  const old = world.snapshot && isStale(world.snapshot, world.today);
  standing.className = "notice " + (world.snapshot && !old ? "info" : "warn");
  standing.replaceChildren(make("p", {}, world.snapshot
    ? say(old ? "standing_old" : "standing", { day: world.snapshot.day, days: world.snapshot.days, count: numbered(world.snapshot.count) })
    : say(world.problem || "snapshot_missing")));
  document.getElementById("made").textContent = world.baseUrl;
  document.getElementById("list").replaceChildren(...results.map(resultOf));
  document.getElementById("results").hidden = !results.length;
  document.getElementById("about").replaceChildren(...aboutPage());
}

function aboutPage() {
  const rows = world.keys.issuing.map((key) => [key.id, key.organisation, key.fingerprint,
    key.compromised ? say("compromised_since", { day: dayOf(Date.parse(key.compromised)) }) : key.retired ? say("retired") : ""]);
  return [
    ...["about_file", "about_network", "about_clock", "about_newer"].map((key) => make("p", {}, say(key))),
    table(say("keys"), [say("key_id"), say("organisation"), say("fingerprint"), say("remark")], rows),
    world.keys.log ? make("p", { class: "small code" }, world.keys.log.name + " " + world.keys.log.multibase) : "",
    make("p", { class: "small" }, say("licences") + " jsonld.js (BSD-3-Clause, Digital Bazaar), noble-ed25519 (MIT, Paul Miller), tiny-inflate (MIT, Devon Govett)."),
  ];
}

function speak(language) {
  words = LANGUAGES[language] || LANGUAGES.en;
  document.getElementById("language").value = words.language;
  showAll();
}

/* --- input --- */

async function take(files) {
  const read = await Promise.all(Array.from(files, async (file) => ({ name: file.name, bytes: await bytesOf(file) })));
  world.today = dayOf(Date.now());
  results = await judgeAll(read, world);
  finished();
}

function bytesOf(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(new Uint8Array(reader.result));
    reader.onerror = () => failed(reader.error);
    // A certificate is far smaller; what is larger is not read to its end.
    reader.readAsArrayBuffer(file.slice(0, LARGEST + 1));
  });
}

function finished() {
  showAll();
  document.getElementById("results-title").focus();
}

function listen() {
  const input = document.getElementById("files");
  const zone = input.closest(".drop");
  input.addEventListener("change", () => {
    if (input.files.length) take(input.files).then(() => (input.value = ""));
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) take(event.dataTransfer.files);
    });
  }
  document.getElementById("by-file").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("by-code").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = document.getElementById("code").value;
    if (!typed.trim()) return;
    world.today = dayOf(Date.now());
    results = [{ name: typed, verdict: await judgeCode(typed, world) }];
    finished();
  });
  document.getElementById("language").addEventListener("change", (event) => speak(event.target.value));
}

async function begin() {
  world.today = dayOf(Date.now());
  try {
    world.keys = await readKeys(DATA("keys"));
    world.snapshot = await readSnapshot(DATA("snapshot"), world.keys);
    markKeys(world.keys, world.snapshot);
  } catch (error) {
    world.problem = error.sentence || "page_failed";
  }
  const wanted = (navigator.languages || [navigator.language || "en"]).map((one) => one.slice(0, 2));
  document.getElementById("needed").hidden = true;
  document.getElementById("work").hidden = false;
  speak(wanted.find((one) => one in LANGUAGES) || "en");
  listen();
  document.documentElement.dataset.ready = "yes";
}

begin();
