/* Bytes and texts: how they are written, compared and hashed. Nothing here knows a certificate. */

/* Something was checked and is not so. */
class Wrong extends Error {
  constructor(sentence, values) {
    super(sentence);
    this.sentence = sentence;
    this.values = values || {};
  }
}

/* Something could not be checked: that is neither a yes nor a no. */
class Unable extends Wrong {}

const HEX = /^(?:[0-9a-f]{2})*$/;

function hexOf(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

function fromHex(text) {
  if (!HEX.test(text)) throw new Wrong("unreadable");
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

function fromBase64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch (error) {
    throw new Wrong("unreadable");
  }
  return Uint8Array.from(raw, (mark) => mark.charCodeAt(0));
}

/* Base64 with padding; refuses a second way to write the same bytes. */
function fromBase64Strictly(text) {
  const bytes = fromBase64(text);
  if (base64Of(bytes) !== text) throw new Wrong("unreadable");
  return bytes;
}

function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Wrong("unreadable");
  const bytes = fromBase64(text.replace(/-/g, "+").replace(/_/g, "/"));
  if (base64urlOf(bytes) !== text) throw new Wrong("unreadable");
  return bytes;
}

function base64Of(bytes) {
  let raw = "";
  for (let start = 0; start < bytes.length; start += 8192)
    raw += String.fromCharCode.apply(null, bytes.subarray(start, start + 8192));
  return btoa(raw);
}

function base64urlOf(bytes) {
  return base64Of(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* The bytes of a multibase text in base 58 (z...). */
function fromMultibase(text) {
  if (typeof text !== "string" || text[0] !== "z" || text.length > 200) throw new Wrong("unreadable");
  const bytes = [];
  for (const mark of text.slice(1)) {
    let carry = BASE58.indexOf(mark);
    if (carry < 0) throw new Wrong("unreadable");
    for (let place = 0; place < bytes.length; place++) {
      carry += bytes[place] * 58;
      bytes[place] = carry & 255;
      carry >>= 8;
    }
    while (carry) {
      bytes.push(carry & 255);
      carry >>= 8;
    }
  }
  for (let place = 1; place < text.length && text[place] === "1"; place++) bytes.push(0);
  return Uint8Array.from(bytes.reverse());
}

/* The raw Ed25519 key of a multikey text (z6Mk...). */
function ed25519Key(text) {
  const bytes = fromMultibase(text);
  if (bytes.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 0x01) throw new Wrong("unreadable");
  return bytes.slice(2);
}

function utf8(text) {
  return new TextEncoder().encode(text);
}

function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Wrong("unreadable");
  }
}

/* One mark a byte, to search for what stands in a file. */
function latin1(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode.apply(null, bytes.subarray(start, start + 8192));
  return text;
}

function same(one, other) {
  return one.length === other.length && one.every((value, place) => value === other[place]);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/* The browser's own cryptography; very old browsers have none. */
function subtle() {
  const found = typeof crypto === "object" && crypto.subtle;
  if (!found) throw new Unable("no_crypto");
  return found;
}

async function sha256(bytes) {
  return new Uint8Array(await subtle().digest("SHA-256", bytes));
}

/* Whether an Ed25519 signature holds: by the browser, or by noble-ed25519 where it cannot. */
async function ed25519Holds(key, signature, message) {
  if (signature.length !== 64) return false;
  if (typeof nobleEd25519 === "object") {
    try {
      return await nobleEd25519.verifyAsync(signature, message, key, { zip215: false });
    } catch (error) {
      return false;
    }
  }
  try {
    const made = await subtle().importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await subtle().verify({ name: "Ed25519" }, made, signature, message);
  } catch (error) {
    throw new Unable("no_crypto");
  }
}

/* The one JSON text of a value: keys in order, no blanks. Numbers are whole in all that we sign. */
function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value && typeof value === "object") {
    const inside = Object.keys(value).sort().map((key) => JSON.stringify(key) + ":" + canonical(value[key]));
    return "{" + inside.join(",") + "}";
  }
  return JSON.stringify(value);
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Wrong("unreadable");
  }
}

function isObject(value) {
  return Boolean(value) && typeof value === "object" && !Array.isArray(value);
}
