/* The verdict: one word, the facts, and all that was checked. Nothing becomes good by not being checked. */

const YES = "yes";
const NO = "no";
const UNKNOWN = "unknown";
const GOOD = ["valid", "expiring"];
const DECIDED = ["withdrawn", "replaced", "suspended"];
const LARGEST = 10000000;

function check(what, outcome, sentence, values) {
  return { what, outcome, sentence, values: values || {} };
}

function verdict(answer, facts, checks) {
  return { answer, facts: facts || null, checks };
}

/* What a thrown error means for something that was checked. */
function checkOf(what, error) {
  if (error instanceof Unable) return check(what, UNKNOWN, error.sentence, error.values);
  if (error instanceof Wrong) return check(what, NO, error.sentence, error.values);
  return check(what, UNKNOWN, "page_failed");
}

/* --- a certificate's file --- */

async function judgeFile(bytes, world) {
  if (!bytes.length) return verdict("not_ours", null, [check("file", NO, "empty")]);
  if (bytes.length > LARGEST) return verdict("unknown", null, [check("file", UNKNOWN, "too_large")]);
  let parts;
  let seal;
  try {
    parts = takeApart(bytes);
    seal = await sealOf(parts, world.keys);
  } catch (error) {
    return verdict(error.answer || "unknown", null, [checkOf("file", error)]);
  }
  let facts;
  try {
    facts = await readFacts(factsText(bytes, parts.text));
  } catch (error) {
    return verdict(error instanceof Unable ? "unknown" : "not_ours", null, [check("file", NO, "no_facts")]);
  }
  if (facts.key_id !== seal.key.id) return verdict("altered", null, [check("signature", NO, "changed")]);
  const file = hexOf(await sha256(bytes));
  const before = [check("file", YES, "unchanged"), signedBy("whole_file", seal.key)];
  const found = await weigh(world, facts, { file, key: seal.key, before, stamped: seal.stamped, whole: true });
  return Object.assign(found, { file, code: facts.code });
}

function signedBy(sentence, key) {
  return check("signature", YES, sentence, { name: key.organisation, key: key.id });
}

/* --- register, log, status, dates --- */

/* Look at snapshot, proof and calendar. `file` is the hash of the certificate's file, if it is known; `whole` says
   that it is the hash of what was given, and not one that a credential names. */
async function weigh(world, facts, { file, key, before, stamped, whole }) {
  const [entry, register] = await inRegister(world, facts, file);
  const [events, logged] = await inLog(world, facts, file);
  /* Register and log do not know the text of a credential: whoever has the key could write another one today. */
  const issued = whole ? issuedAt(entry, events) : null;
  const held = [...before, register, logged, keyCheck(key, issued), stampCheck(stamped, register)];
  const last = newest(entry, events);
  const checks = held.concat(statusCheck(world, entry, last), dateCheck(world, facts)).filter(Boolean);
  return verdict(answerOf(world, last, facts, checks), facts, checks);
}

async function inRegister(world, facts, file) {
  try {
    const entry = await standing(world, facts.code);
    const day = world.snapshot.day;
    if (!entry) return [null, check("register", UNKNOWN, facts.decided_on >= day ? "newer" : "not_entered", { day })];
    const other = file && entry.file && entry.file !== file;
    return [entry, other ? check("register", NO, "other_file", { day }) : check("register", YES, "entered", { day })];
  } catch (error) {
    return [null, check("register", UNKNOWN, error.sentence || "page_failed", error.values)];
  }
}

async function standing(world, code) {
  if (!world.snapshot) throw new Unable(world.problem || "snapshot_missing");
  return entryOf(world.snapshot, code);
}

/* What a proof that was given with the certificate shows; nothing is said where none was given. */
async function inLog(world, facts, file) {
  const proof = (world.proofs || []).find((one) => isProofOf(one.raw, facts));
  if (!proof) return [[], null];
  proof.used = true;
  try {
    const { events, size } = await readProof(proof.raw, facts, world.keys);
    if (file && events.some((one) => one.file !== file)) return [[], check("log", NO, "log_other_file")];
    return [events, check("log", YES, "in_log", { index: events[events.length - 1].index, size })];
  } catch (error) {
    return [[], check("log", UNKNOWN, error.sentence || "proof_wrong")];
  }
}

/* The moment of issue as register or log know it: what a file says of itself proves no date. */
function issuedAt(entry, events) {
  const issued = events.find((one) => one.word === "issued");
  if (issued) return Date.parse(issued.at);
  return entry && entry.word === "valid" ? Date.parse(entry.at) : null;
}

function keyCheck(key, issued) {
  if (!key || !key.compromised) return null;
  const since = Date.parse(key.compromised);
  const values = { key: key.id, day: dayOf(since) };
  if (issued === null) return check("key", UNKNOWN, "compromised", values);
  return issued < since ? check("key", YES, "before_compromise", values) : check("key", NO, "after_compromise", values);
}

/* A time stamp is not signed over; only the register can say that the file is the one that was issued. */
function stampCheck(stamped, register) {
  return stamped && register.outcome !== YES ? check("stamp", UNKNOWN, "stamp_unchecked") : null;
}

/* What was decided last, as far as snapshot and proof know. */
function newest(entry, events) {
  const said = events.slice(-1).concat(entry || []);
  return said.sort((one, other) => Date.parse(other.at) - Date.parse(one.at))[0] || null;
}

function statusCheck(world, entry, last) {
  if (last && DECIDED.includes(last.word)) {
    const day = world.snapshot ? world.snapshot.day : world.today;
    return check("status", NO, last.word, { since: dayOf(Date.parse(last.at)), day });
  }
  if (!entry) return check("status", UNKNOWN, "status_unknown");
  const values = { day: world.snapshot.day, days: world.snapshot.days };
  if (isStale(world.snapshot, world.today)) return check("status", UNKNOWN, "stale", values);
  return check("status", YES, "in_force", values);
}

/* The day that counts: a clock that is behind the snapshot is wrong, and the snapshot's day has been. */
function countedDay(world) {
  const day = world.snapshot ? world.snapshot.day : world.today;
  return world.today < day ? day : world.today;
}

function dateCheck(world, facts) {
  const day = countedDay(world);
  const own = world.grace[facts.country_code];
  const grace = own === undefined ? world.graceDays : own;
  const values = { from: facts.valid_from_on, until: facts.valid_until_on, today: world.today, days: grace };
  if (day > facts.valid_until_on) {
    return check("dates", NO, day <= daysAfter(facts.valid_until_on, grace) ? "over_grace" : "over", values);
  }
  if (day !== world.today || day < facts.decided_on) return check("dates", UNKNOWN, "clock_behind", values);
  if (day < facts.valid_from_on) return check("dates", NO, "not_begun", values);
  return check("dates", YES, "within", values);
}

function answerOf(world, last, facts, checks) {
  const no = checks.filter((one) => one.outcome === NO);
  if (no.some((one) => one.what === "key")) return "not_ours";
  if (no.some((one) => one.what === "register" || one.what === "log")) return "altered";
  if (last && DECIDED.includes(last.word)) return last.word;
  if (no.some((one) => one.sentence === "not_begun")) return "upcoming";
  if (no.some((one) => one.what === "dates")) return "expired";
  if (checks.some((one) => one.outcome !== YES)) return "unknown";
  return daysAfter(countedDay(world), world.expiringDays) >= facts.valid_until_on ? "expiring" : "valid";
}

/* --- a code alone --- */

/* The register knows the code; whether paper or file are unchanged, a code cannot tell. */
async function judgeCode(raw, world) {
  const code = typedCode(raw);
  if (!isCode(code)) return verdict("not_ours", null, [check("code", NO, "code_mistake")]);
  let entry;
  try {
    entry = await standing(world, code);
  } catch (error) {
    return verdict("unknown", null, [check("register", UNKNOWN, error.sentence || "page_failed")]);
  }
  const day = world.snapshot.day;
  if (!entry) return verdict("unknown", null, [check("register", UNKNOWN, "code_not_entered", { day })]);
  const status = statusCheck(world, entry, entry);
  const checks = [check("register", YES, "entered", { day }), status, check("file", UNKNOWN, "code_only")];
  return verdict(entry.word === "valid" ? "unknown" : entry.word, null, checks);
}
