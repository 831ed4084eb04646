/* The signature inside a file: CMS, ECDSA on P-256, by a key that is written into this page. */

const OID = {
  data: "2a864886f70d010701",
  signedData: "2a864886f70d010702",
  contentType: "2a864886f70d010903",
  messageDigest: "2a864886f70d010904",
  signingCertificate: "2a864886f70d010910022f",
  timeStamp: "2a864886f70d010910020e",
};
const SHA256 = fromHex("300d06096086480165030402010500");
const ECDSA_SHA256 = fromHex("300a06082a8648ce3d040302");
const VERSION = fromHex("020101");

/* Check the signature of a file; give the key. Throw what is wrong, with the answer that follows. */
async function sealOf(parts, keys) {
  let found;
  try {
    found = readSeal(parts.held);
  } catch (error) {
    throw error instanceof Unable ? error : fault("altered", "changed");
  }
  const digest = await sha256(parts.signed);
  const intact = same(found.digest, digest);
  const key = keyByFingerprint(keys, hexOf(await sha256(found.certificate)));
  if (!key) throw intact ? fault("not_ours", "foreign_key") : fault("altered", "changed");
  const bound = intact && same(found.pinned, fromHex(key.fingerprint)) && sameHeld(found, key, parts.held);
  if (!bound || !(await holds(found, key))) throw fault("altered", "changed");
  return { key, stamped: found.unsigned.length > 0 };
}

/* Take the signature apart. */
function readSeal(held) {
  const padded = fromHex(held.toLowerCase());
  const outer = derAt(padded, 0, padded.length);
  const [kind, content] = derInside(outer, TAG.OID, TAG.FIRST);
  if (hexOf(kind.inside) !== OID.signedData) throw new Wrong("unreadable");
  const [signed] = derInside(content, TAG.SEQUENCE);
  const [, , , certificates, signers] = derInside(signed, TAG.INTEGER, TAG.SET, TAG.SEQUENCE, TAG.FIRST, TAG.SET);
  const [certificate] = derInside(certificates, TAG.SEQUENCE);
  const [signer] = derInside(signers, TAG.SEQUENCE);
  const fields = derInside(signer);
  if (fields.length < 6 || fields.length > 7) throw new Wrong("unreadable");
  const [, , , attributes, , signature, unsigned] = fields;
  if (attributes.tag !== TAG.FIRST || signature.tag !== TAG.OCTETS) throw new Wrong("unreadable");
  return Object.assign(readAttributes(attributes), {
    certificate: certificate.whole,
    attributes: attributes.inside,
    signature: signature.inside,
    unsigned: unsigned ? stampIn(unsigned) : new Uint8Array(0),
  });
}

/* What is signed besides the file: its kind, its hash, whose certificate it is. */
function readAttributes(attributes) {
  const values = {};
  for (const attribute of derInside(attributes)) {
    const [oid, set] = derInside(attribute, TAG.OID, TAG.SET);
    const name = hexOf(oid.inside);
    if (name in values) throw new Wrong("unreadable");
    values[name] = derInside(set);
  }
  const [type] = values[OID.contentType] || [];
  const [digest] = values[OID.messageDigest] || [];
  const [pinned] = values[OID.signingCertificate] || [];
  if (!type || !digest || !pinned || hexOf(type.inside) !== OID.data || digest.tag !== TAG.OCTETS) {
    throw new Wrong("unreadable");
  }
  // SigningCertificateV2 { certs { ESSCertIDv2 { hash, issuerSerial } } }, with SHA-256 by default.
  const [certs] = derInside(pinned);
  const [first] = derInside(certs);
  const [hash] = derInside(first);
  if (hash.tag !== TAG.OCTETS) throw new Wrong("unreadable");
  return { digest: digest.inside, pinned: hash.inside };
}

/* A time stamp is the one thing that may stand beside the signature unsigned. */
function stampIn(unsigned) {
  if (unsigned.tag !== TAG.SECOND) throw new Wrong("unreadable");
  const [one, ...more] = derInside(unsigned);
  const [oid] = derInside(one, TAG.OID, TAG.SET);
  if (more.length || hexOf(oid.inside) !== OID.timeStamp) throw new Wrong("unreadable");
  return unsigned.whole;
}

/* Whether the unsigned place holds the signature and nothing else: written anew from what is signed or
   pinned, and compared. */
function sameHeld(found, key, held) {
  const sid = derOf(TAG.SEQUENCE, key.issuer, key.serial);
  const signer = derOf(
    TAG.SEQUENCE, VERSION, sid, SHA256, derOf(TAG.FIRST, found.attributes), ECDSA_SHA256,
    derOf(TAG.OCTETS, found.signature), found.unsigned
  );
  const data = derOf(TAG.SEQUENCE, derOf(TAG.OID, fromHex(OID.data)));
  const signed = derOf(
    TAG.SEQUENCE, VERSION, derOf(TAG.SET, SHA256), data, derOf(TAG.FIRST, key.certificate), derOf(TAG.SET, signer)
  );
  const written = derOf(TAG.SEQUENCE, derOf(TAG.OID, fromHex(OID.signedData)), derOf(TAG.FIRST, signed));
  return held === hexOf(written).toUpperCase().padEnd(held.length, "0");
}

async function holds(found, key) {
  let raw;
  try {
    const [r, s] = derInside(der(found.signature, TAG.SEQUENCE), TAG.INTEGER, TAG.INTEGER);
    raw = joined(derNumber(r), derNumber(s));
  } catch (error) {
    return false;
  }
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const made = await subtle().importKey("spki", key.spki, curve, false, ["verify"]);
  const signed = derOf(TAG.SET, found.attributes);
  return subtle().verify({ name: "ECDSA", hash: "SHA-256" }, made, raw, signed);
}
