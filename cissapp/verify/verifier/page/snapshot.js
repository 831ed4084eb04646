/* What stood in the register on the day of the snapshot, signed by the key of the log. */

const SNAPSHOT = "ciss-snapshot-1";
const WORDS_OF_STATUS = ["valid", "suspended", "withdrawn", "replaced"];

/* Read a snapshot; throw if it is not as the key of the log signed it. */
async function readSnapshot(raw, keys) {
  if (!keys.log) throw new Unable("no_log_key");
  if (!isObject(raw) || raw.format !== SNAPSHOT) throw new Wrong("snapshot_missing");
  const body = Object.assign({}, raw);
  delete body.signature;
  const signature = typeof raw.signature === "string" ? fromBase64Strictly(raw.signature) : new Uint8Array(0);
  if (!(await ed25519Holds(keys.log.key, signature, utf8(SNAPSHOT + "\n" + canonical(body))))) {
    throw new Wrong("snapshot_changed");
  }
  const taken = Date.parse(raw.taken_at);
  if (!isFinite(taken) || !isObject(raw.statuses)) throw new Wrong("snapshot_changed");
  return {
    raw,
    takenAt: taken,
    day: dayOf(taken),
    days: raw.valid_for_days,
    count: Object.keys(raw.statuses).length,
  };
}

/* What the snapshot tells of keys: it may only take trust away, never give it. */
function markKeys(keys, snapshot) {
  const marks = snapshot.raw.keys || {};
  for (const key of keys.issuing) {
    const since = isObject(marks[key.id]) ? marks[key.id].compromised : null;
    if (since && (!key.compromised || Date.parse(since) < Date.parse(key.compromised))) key.compromised = since;
  }
}

/* What the snapshot says of a code: its word, since when, its place in the log, the hash of its file. */
async function entryOf(snapshot, code) {
  const hash = base64urlOf(await sha256(utf8(code)));
  const rows = snapshot.raw.statuses;
  if (!Object.prototype.hasOwnProperty.call(rows, hash)) return null;
  const [word, at, index, file] = rows[hash];
  if (!WORDS_OF_STATUS.includes(word) || !isFinite(Date.parse(at))) throw new Unable("snapshot_changed");
  return { word, at, index, file: file ? hexOf(fromBase64url(file)) : null };
}

function isStale(snapshot, today) {
  return today > daysAfter(snapshot.day, snapshot.days);
}

function dayOf(moment) {
  return new Date(moment).toISOString().slice(0, 10);
}

function daysAfter(day, days) {
  return dayOf(Date.parse(day + "T00:00:00Z") + days * 86400000);
}

function isDay(text) {
  return typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text) && isFinite(Date.parse(text + "T00:00:00Z"));
}
