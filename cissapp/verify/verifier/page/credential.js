/* Open Badges 3.0 credentials of a school: JWT (EdDSA), or JSON-LD with the proof eddsa-rdfc-2022. */

const CONTEXTS = JSON.parse(document.getElementById("contexts").textContent);
const LARGEST_CREDENTIAL = 200000;
const PROOF_NAMES = ["created", "cryptosuite", "proofPurpose", "proofValue", "type", "verificationMethod"];

/* Say what a credential is worth; its status comes from the snapshot, by the code in its id. */
async function judgeCredential(file, world) {
  try {
    const found = await readCredential(file, world);
    const facts = factsOfCredential(found.credential, world);
    const before = [check("file", YES, "credential_unchanged"), signedBy("whole_credential", found.key)];
    const bound = evidenceHash(found.credential, "file");
    const made = await weigh(world, facts, { file: bound, key: found.key, before, stamped: false, whole: false });
    return Object.assign(made, { file: bound, code: facts.code });
  } catch (error) {
    const answer = error.answer || (error instanceof Wrong && !(error instanceof Unable) ? "not_ours" : "unknown");
    return verdict(answer, null, [checkOf("file", error)]);
  }
}

async function readCredential(file, world) {
  if (file.bytes.length > LARGEST) throw new Unable("too_large");
  const bytes = file.kind === "image" ? bakedIn(file.bytes) : file.bytes;
  if (bytes.length > LARGEST_CREDENTIAL) throw new Wrong("no_credential");
  const text = fromUtf8(bytes).replace(/^\ufeff/, "").trim();
  return text[0] === "{" ? readLinked(text, world) : readJwt(text, world);
}

function refuseOtherKinds(credential) {
  const usual =
    canonical(credential["@context"]) === canonical(Object.keys(CONTEXTS)) &&
    canonical(credential.type) === '["VerifiableCredential","OpenBadgeCredential"]' &&
    isObject(credential.issuer) && isObject(credential.credentialSubject);
  if (!usual) throw new Wrong("no_credential");
}

/* --- which key --- */

/* Find the key that a credential names; its issuer must be the one of this page. */
function keyNamed(method, issuer, world) {
  if (issuer !== world.issuer) throw fault("not_ours", "other_issuer");
  const prefix = world.issuer + "#";
  const key = typeof method === "string" && method.startsWith(prefix) ? keyById(world.keys, method.slice(prefix.length)) : null;
  if (!key || !key.ed25519) throw fault("not_ours", "foreign_key");
  return key;
}

function issuerOf(credential) {
  return credential.issuer.id;
}

/* --- JWT --- */

async function readJwt(text, world) {
  const parts = text.split(".");
  if (parts.length !== 3) throw new Wrong("no_credential");
  let header;
  let payload;
  let signature;
  try {
    [header, payload] = parts.slice(0, 2).map((part) => strictJson(fromUtf8(fromBase64url(part))));
    signature = fromBase64url(parts[2]);
  } catch (error) {
    throw fault("altered", "changed");
  }
  const usual = Object.keys(header).sort().join() === "alg,kid,typ" && header.alg === "EdDSA" && header.typ === "JWT";
  if (!usual) throw new Wrong("no_credential");
  refuseOtherKinds(payload);
  const issuer = issuerOf(payload);
  const key = keyNamed(header.kid, issuer, world);
  if (!(await ed25519Holds(key.ed25519, signature, utf8(parts[0] + "." + parts[1])))) throw fault("altered", "changed");
  if (payload.iss !== issuer || payload.jti !== payload.id) throw fault("altered", "changed");
  return { credential: payload, key };
}

/* --- JSON-LD --- */

async function readLinked(text, world) {
  let document_;
  try {
    document_ = strictJson(text);
  } catch (error) {
    throw new Wrong("no_credential");
  }
  refuseOtherKinds(document_);
  const proofs = Array.isArray(document_.proof) ? document_.proof : [document_.proof];
  const proof = proofs[0];
  const usual =
    proofs.length === 1 && isObject(proof) && Object.keys(proof).sort().join() === PROOF_NAMES.join() &&
    PROOF_NAMES.every((name) => typeof proof[name] === "string") && proof.type === "DataIntegrityProof" &&
    proof.cryptosuite === "eddsa-rdfc-2022" && proof.proofPurpose === "assertionMethod";
  if (!usual) throw new Wrong("no_proof");
  const key = keyNamed(proof.verificationMethod, issuerOf(document_), world);
  if (typeof jsonld !== "function") throw new Unable("take_jwt");
  const bare = Object.assign({}, document_);
  delete bare.proof;
  const options = Object.assign({ "@context": document_["@context"] }, proof);
  delete options.proofValue;
  let hashed;
  let signature;
  try {
    hashed = joined(await sha256(await canonicalForm(options)), await sha256(await canonicalForm(bare)));
    signature = fromMultibase(proof.proofValue);
  } catch (error) {
    if (error instanceof Unable) throw error;
    throw fault("altered", "unknown_words");
  }
  if (!(await ed25519Holds(key.ed25519, signature, hashed))) throw fault("altered", "changed");
  return { credential: bare, key };
}

/* The one form that is signed. Words that the two contexts do not know are refused: nothing would sign them. */
async function canonicalForm(document_) {
  refuseAliases(document_, true);
  const options = {
    algorithm: "RDFC-1.0", format: "application/n-quads", safe: true, base: null, documentLoader: loadContext,
  };
  return utf8(await jsonld.canonize(document_, options));
}

async function loadContext(address) {
  if (!Object.prototype.hasOwnProperty.call(CONTEXTS, address)) throw new Wrong("unknown_words");
  return { contextUrl: null, documentUrl: address, document: CONTEXTS[address] };
}

/* Refuse other ways to write the same: keywords, whole addresses as terms, names of nameless parts. */
function refuseAliases(value, top) {
  if (Array.isArray(value)) value.forEach((one) => refuseAliases(one, false));
  else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      if (name.includes(":") || (name[0] === "@" && !(top && name === "@context"))) throw new Wrong("unknown_words");
      if (name !== "@context") refuseAliases(value[name], false);
      else if (canonical(value[name]) !== canonical(Object.keys(CONTEXTS))) throw new Wrong("unknown_words");
    }
  } else if (typeof value === "string" && value.startsWith("_:")) throw new Wrong("unknown_words");
}

/* Read a JSON object; refuse a name that stands twice in it, and what is empty: no signature covers that. */
function strictJson(text) {
  const raw = json(text);
  if (!isObject(raw)) throw new Wrong("unreadable");
  const written = (text.match(/"(?:[^"\\]|\\.)*"(\s*:)?/g) || []).filter((one) => one.endsWith(":")).length;
  if (written !== names(raw, 0)) throw new Wrong("unreadable");
  return raw;
}

function names(value, depth) {
  const empty = value === null || (typeof value === "object" && !Object.keys(value).length);
  if (depth > 12 || empty || (typeof value === "number" && !Number.isSafeInteger(value))) throw new Wrong("unreadable");
  if (typeof value !== "object") return 0;
  const inside = Object.keys(value).reduce((sum, key) => sum + names(value[key], depth + 1), 0);
  return inside + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

/* --- what it says --- */

function factsOfCredential(credential, world) {
  const prefix = world.baseUrl + "/credentials/";
  const subject = credential.credentialSubject;
  const code = String(credential.id).startsWith(prefix) ? String(credential.id).slice(prefix.length).replace(/-/g, "") : "";
  if (!isCode(code) || String(credential.id) !== prefix + inGroups(code) || !isObject(subject)) throw new Wrong("no_facts");
  const address = subject.address || {};
  const found = {
    code,
    number: subject.licenseNumber,
    school_name: subject.name,
    locality: address.addressLocality,
    country_code: address.addressCountryCode,
    group_name: isObject(credential.issuer) ? credential.issuer.name : null,
    criteria_version: subject.achievement ? subject.achievement.version : null,
    valid_from_on: String(credential.validFrom).slice(0, 10),
    valid_until_on: String(credential.validUntil).slice(0, 10),
    decided_on: String(credential.awardedDate || credential.validFrom).slice(0, 10),
    demo: String(credential.name).startsWith("DEMONSTRATION"),
    sha256: evidenceHash(credential, "facts"),
    module_levels: [],
  };
  if (![found.valid_from_on, found.valid_until_on, found.decided_on].every(isDay)) throw new Wrong("no_facts");
  for (const one of Array.isArray(subject.result) ? subject.result : []) {
    const name = String(one.id).split("#result-")[1];
    if (name === "overall") found.level = Number(one.value);
    else if (name) found.module_levels.push([name, Number(one.value)]);
  }
  return found;
}

/* A hash that the credential vouches for: of the certificate's file, of its facts; null, if it names none. */
function evidenceHash(credential, mark) {
  const evidence = Array.isArray(credential.evidence) ? credential.evidence : [credential.evidence];
  const one = evidence.find((found) => isObject(found) && found.id === credential.id + "#" + mark);
  if (!one || typeof one.digestMultibase !== "string" || one.digestMultibase[0] !== "u") return null;
  const hash = fromBase64url(one.digestMultibase.slice(1));
  return hash.length === 34 && hash[0] === 0x12 && hash[1] === 0x20 ? hexOf(hash.slice(2)) : null;
}

/* --- badges: pictures with a credential in them (Open Badges 3.0, section 5.3) --- */

function bakedIn(bytes) {
  return latin1(bytes.subarray(1, 4)) === "PNG" ? bakedInPng(bytes) : bakedInSvg(bytes);
}

function bakedInPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const held = bytes.subarray(at + 8, at + 8 + length);
    if (latin1(bytes.subarray(at + 4, at + 8)) === "iTXt" && latin1(held.subarray(0, 21)) === "openbadgecredential\0\0") {
      // Keyword, compression flag and method, then language and translated keyword, each with an end mark.
      const language = held.indexOf(0, 22);
      found.push(held.slice(held.indexOf(0, language + 1) + 1));
    }
    at += 12 + length;
  }
  if (found.length !== 1) throw new Wrong("no_credential");
  return found[0];
}

function bakedInSvg(bytes) {
  const parsed = new DOMParser().parseFromString(fromUtf8(bytes), "image/svg+xml");
  const held = parsed.getElementsByTagNameNS("https://purl.imsglobal.org/ob/v3p0", "credential");
  if (parsed.documentElement.localName !== "svg" || held.length !== 1) throw new Wrong("no_credential");
  return utf8(held[0].getAttribute("verify") || held[0].textContent.trim());
}
