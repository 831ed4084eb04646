/* The public log of RFC 6962: that an event stands in the tree whose head the log has signed. */

async function nodeHash(left, right) {
  return sha256(joined(Uint8Array.of(1), left, right));
}

/* Whether a proof shows that a leaf stands at its index (RFC 9162 section 2.1.3.2). */
async function isIncluded(index, size, leaf, proof, root) {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let at = index;
  let last = size - 1;
  let found = leaf;
  for (const other of proof) {
    if (last === 0 || other.length !== 32) return false;
    if (at % 2 || at === last) {
      found = await nodeHash(other, found);
      while (at && at % 2 === 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      found = await nodeHash(found, other);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(found, root);
}

/* Read a checkpoint (C2SP signed note); throw unless the key of the log signed it. */
async function readCheckpoint(text, keys) {
  if (!keys.log) throw new Unable("no_log_key");
  const cut = typeof text === "string" ? text.lastIndexOf("\n\n") : -1;
  if (cut < 0) throw new Wrong("checkpoint_wrong");
  const body = text.slice(0, cut + 1);
  const [origin, size, root] = body.split("\n");
  if (origin !== keys.log.name || !/^(0|[1-9]\d{0,15})$/.test(size)) throw new Wrong("checkpoint_wrong");
  const id = (await sha256(joined(utf8(keys.log.name + "\n"), Uint8Array.of(1), keys.log.key))).slice(0, 4);
  let signed = false;
  for (const line of text.slice(cut + 2).split("\n")) {
    const parts = line.split(" ");
    if (parts.length !== 3 || parts[0] !== "\u2014" || parts[1] !== keys.log.name) continue;
    const held = fromBase64Strictly(parts[2]);
    if (!same(held.slice(0, 4), id)) continue;
    if (!(await ed25519Holds(keys.log.key, held.slice(4), utf8(body)))) throw new Wrong("checkpoint_wrong");
    signed = true;
  }
  if (!signed) throw new Wrong("checkpoint_wrong");
  return { size: Number(size), root: fromBase64Strictly(root) };
}

/* --- the proof of a certificate ("ciss-proof-1") --- */

const PROOF = "ciss-proof-1";
const EVENT = "ciss-log-1";

function isProofOf(raw, facts) {
  return isObject(raw) && raw.format === PROOF && Array.isArray(raw.events) && raw.number === facts.number;
}

/* Check a proof: each event stands in the signed tree, and is about this certificate. */
async function readProof(raw, facts, keys) {
  if (raw.checkpoint === null) throw new Unable("proof_waiting");
  const tree = await readCheckpoint(raw.checkpoint, keys);
  const events = [];
  for (const one of raw.events) {
    if (one.proof === null) continue;
    const data = await sha256(joined(fromBase64Strictly(one.salt), utf8(one.event)));
    const leaf = await sha256(joined(Uint8Array.of(0), data));
    const path = one.proof.map(fromBase64Strictly);
    if (!(await isIncluded(one.index, tree.size, leaf, path, tree.root))) throw new Wrong("proof_wrong");
    const said = json(one.event);
    const fits =
      said.format === EVENT && said.number === facts.number && (!facts.sha256 || said.facts_sha256 === facts.sha256);
    if (!fits || (events.length && one.index <= events[events.length - 1].index)) throw new Wrong("proof_other");
    events.push({ index: one.index, word: said.event, at: said.at, file: said.file_sha256 });
  }
  if (!events.length) throw new Unable("proof_waiting");
  return { events, size: tree.size };
}
