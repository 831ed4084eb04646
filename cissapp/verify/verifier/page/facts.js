/* The certified facts, and the code of a certificate. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FORMATS = /^ciss-certificate-[1-9]$/;
const NEEDED = [
  "number", "code", "school_name", "locality", "country_code", "level", "criteria_version", "group_name", "key_id",
  "base_url",
];

/* Whether a code is whole: 20 marks, the last of them the check character (ISO 7064, mod 37, radix 32). */
function isCode(code) {
  if (typeof code !== "string" || code.length !== 20) return false;
  let value = 0;
  for (const mark of code.slice(0, 19)) {
    const place = ALPHABET.indexOf(mark);
    if (place < 0) return false;
    value = ((value + place) * 32) % 37;
  }
  return ALPHABET[(38 - value) % 37] === code[19];
}

function inGroups(code) {
  return code.match(/.{1,4}/g).join("-");
}

/* Read a code as somebody typed or pasted it, also an address that ends in one. */
function typedCode(raw) {
  const like = { O: "0", I: "1", L: "1", "О": "0", "І": "1", "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H",
    "К": "K", "М": "M", "Р": "P", "Т": "T", "Х": "X", "У": "Y", "Ј": "J" };
  const text = raw.slice(0, 500).normalize("NFKC").split("/verify/").pop().split("#")[0].split("?")[0].toUpperCase();
  return Array.from(text.replace(/[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff-]/g, ""), (mark) => like[mark] || mark).join("");
}

/* Read the facts of a file; throw if they are no facts of a certificate. */
async function readFacts(text) {
  const raw = text === null ? null : json(text);
  if (!isObject(raw) || !FORMATS.test(raw.format)) throw new Wrong("no_facts");
  for (const name of NEEDED) if (raw[name] === undefined || raw[name] === null) throw new Wrong("no_facts");
  for (const name of ["decided_on", "valid_from_on", "valid_until_on"]) {
    if (!isDay(raw[name])) throw new Wrong("no_facts");
  }
  if (!isCode(raw.code)) throw new Wrong("no_facts");
  return Object.assign({ sha256: hexOf(await sha256(utf8(text))) }, raw);
}
