/* DER, as strictly as it is written: one way for each value (X.690). */

const TAG = {
  INTEGER: 0x02, BITS: 0x03, OCTETS: 0x04, OID: 0x06, SEQUENCE: 0x30, SET: 0x31, FIRST: 0xa0, SECOND: 0xa1,
};

/* Read the value at a place: its tag, what is inside, and its whole. */
function derAt(bytes, start, end) {
  let at = start;
  const next = () => {
    if (at >= end) throw new Wrong("unreadable");
    return bytes[at++];
  };
  const tag = next();
  if ((tag & 31) === 31) throw new Wrong("unreadable");
  let length = next();
  if (length > 127) {
    let count = length - 128;
    if (count < 1 || count > 3) throw new Wrong("unreadable");
    length = 0;
    const first = bytes[at];
    while (count--) length = length * 256 + next();
    if (length < 128 || first === 0) throw new Wrong("unreadable");
  }
  if (at + length > end) throw new Wrong("unreadable");
  return { tag, inside: bytes.subarray(at, at + length), whole: bytes.subarray(start, at + length), end: at + length };
}

/* Read the one value that the bytes are. */
function der(bytes, tag) {
  const found = derAt(bytes, 0, bytes.length);
  if (found.end !== bytes.length || (tag !== undefined && found.tag !== tag)) throw new Wrong("unreadable");
  return found;
}

/* Read the values inside a value, one after the other. */
function derInside(value, ...tags) {
  const found = [];
  for (let at = 0; at < value.inside.length; ) {
    const one = derAt(value.inside, at, value.inside.length);
    found.push(one);
    at = one.end;
  }
  if (tags.length && (found.length !== tags.length || tags.some((tag, place) => found[place].tag !== tag)))
    throw new Wrong("unreadable");
  return found;
}

function derOf(tag, ...parts) {
  const inside = joined(...parts);
  const size = inside.length;
  const length =
    size < 128 ? [size] : size < 256 ? [129, size] : size < 65536 ? [130, size >> 8, size & 255]
      : [131, size >> 16, (size >> 8) & 255, size & 255];
  return joined(Uint8Array.of(tag, ...length), inside);
}

/* The 32 bytes of a number that is at most that long, written the one right way. */
function derNumber(value) {
  let bytes = value.inside;
  if (value.tag !== TAG.INTEGER || !bytes.length || bytes[0] > 127) throw new Wrong("unreadable");
  if (bytes[0] === 0) {
    if (bytes.length < 2 || bytes[1] < 128) throw new Wrong("unreadable");
    bytes = bytes.subarray(1);
  }
  if (bytes.length > 32) throw new Wrong("unreadable");
  return joined(new Uint8Array(32 - bytes.length), bytes);
}
