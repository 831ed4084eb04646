/* The public keys that are written into this page: what is trusted, and since when and until when. */

/* Read the keys once; a key that cannot be read is left out, so that it is trusted for nothing. */
async function readKeys(raw) {
  const found = { issuing: [], log: null };
  for (const one of raw.keys) found.issuing.push(await readIssuing(one));
  if (raw.log) {
    found.log = { name: raw.log.name, key: ed25519Key(raw.log.publicKeyMultibase), multibase: raw.log.publicKeyMultibase };
  }
  return found;
}

async function readIssuing(raw) {
  const certificate = fromBase64(raw.certificate.replace(/-----[A-Z ]+-----/g, "").replace(/\s/g, ""));
  const fingerprint = hexOf(await sha256(certificate));
  if (fingerprint !== raw.sha256) throw new Wrong("unreadable");
  const multibase = raw.credential ? raw.credential.publicKeyMultibase : null;
  return Object.assign(x509(certificate), {
    id: raw.id,
    group: raw.group || null,
    certificate,
    fingerprint,
    multibase,
    ed25519: multibase ? ed25519Key(multibase) : null,
    from: raw.from,
    retired: raw.retired || null,
    compromised: raw.compromised || null,
  });
}

/* What is needed of a certificate of a key: who issued it, its number, the key itself, whose it is. */
function x509(certificate) {
  const [body] = derInside(der(certificate, TAG.SEQUENCE));
  const parts = derInside(body);
  if (parts[0].tag !== TAG.FIRST || parts.length < 7) throw new Wrong("unreadable");
  const [, serial, , issuer, , subject, key] = parts;
  return { serial: serial.whole, issuer: issuer.whole, spki: key.whole, organisation: organisationIn(subject) };
}

function organisationIn(name) {
  for (const set of derInside(name)) {
    for (const pair of derInside(set)) {
      const [oid, value] = derInside(pair);
      if (hexOf(oid.inside) === "55040a") return fromUtf8(value.inside);
    }
  }
  return "";
}

function keyByFingerprint(keys, fingerprint) {
  return keys.issuing.find((key) => key.fingerprint === fingerprint) || null;
}

function keyById(keys, id) {
  return keys.issuing.find((key) => key.id === id) || null;
}
