/* The file of a certificate: its one signature covers all of it, and the facts are inside. */

const SIGNED_ANEW = /\/ByteRange/g;
const RANGE = /\/ByteRange \[(\d{1,9}) (\d{1,9}) (\d{1,9}) (\d{1,9})\] *\n/;
const ENDS = /%%EOF/g;

/* Take a file apart; throw what is wrong with it. Gives the signature's bytes and the two signed parts. */
function takeApart(bytes) {
  const text = latin1(bytes);
  if (text.slice(0, 5) !== "%PDF-") throw fault("not_ours", "no_pdf");
  const marks = text.match(SIGNED_ANEW) || [];
  if (marks.length !== 1) {
    throw fault(marks.length ? "altered" : "not_ours", "signatures", { count: marks.length });
  }
  const range = RANGE.exec(text);
  if (!range) throw fault("altered", "changed");
  const [start, before, after, length] = range.slice(1).map(Number);
  // Only the hexadecimal digits of the signature itself are not signed; nothing may stand outside.
  const whole = start === 0 && before < after && after + length === bytes.length;
  const held = text.slice(before, after);
  if (!whole || !/^<[0-9A-F]+>$/.test(held) || text.slice(before - 10, before) !== "/Contents ") {
    throw fault("altered", "changed");
  }
  // The file as drawn, and the signature: two ends, and the last of them is the end of the file.
  const ends = text.match(ENDS) || [];
  if (ends.length !== 2 || !text.endsWith("%%EOF\n") || !locked(text.slice(range.index))) {
    throw fault("altered", "changed");
  }
  return {
    text,
    held: held.slice(1, -1),
    signed: joined(bytes.subarray(0, before), bytes.subarray(after)),
  };
}

/* Whether the signature forbids every later change (a certification, P 1). */
function locked(dictionary) {
  const end = dictionary.indexOf("endobj");
  const said = dictionary.slice(0, end);
  return (
    said.includes("/SubFilter /ETSI.CAdES.detached") &&
    said.includes("/TransformMethod /DocMDP") &&
    /\/TransformParams <<\s*\/Type \/TransformParams\s*\/V \/1\.2\s*\/P 1\s*>>/.test(said)
  );
}

class Fault extends Wrong {}

/* Something wrong with a file, and which answer it ends in. */
function fault(answer, sentence, values) {
  const made = new Fault(sentence, values);
  made.answer = answer;
  return made;
}

const FACTS_AT = /\/PieceInfo\s*<<\s*\/CISS\s*<<\s*(?:\/LastModified\s*\([^)]*\)\s*)?\/Private (\d{1,6}) 0 R/g;
const LARGEST_FACTS = 200000;

/* The text of the facts that a file carries; null, if there is none. Only after the signature held. */
function factsText(bytes, text) {
  const places = Array.from(text.matchAll(FACTS_AT));
  if (places.length !== 1) return null;
  const head = new RegExp("[\\r\\n]" + places[0][1] + " 0 obj\\s*<<([^>]*)>>\\s*stream\\r?\\n", "g");
  const streams = Array.from(text.matchAll(head));
  if (streams.length !== 1) return null;
  const length = /\/Length (\d{1,7})(?!\d| \d+ R)/.exec(streams[0][1]);
  if (!length) return null;
  const start = streams[0].index + streams[0][0].length;
  const held = bytes.subarray(start, start + Number(length[1]));
  const filtered = /\/Filter/.test(streams[0][1]);
  return fromUtf8(filtered ? inflated(held) : held);
}

/* Unpack a zlib stream. */
function inflated(held) {
  if (held.length < 6 || (held[0] & 15) !== 8) throw new Wrong("unreadable");
  try {
    return tinyInflate(held.subarray(2), new Uint8Array(LARGEST_FACTS));
  } catch (error) {
    throw new Wrong("unreadable");
  }
}
