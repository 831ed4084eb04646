"""A zip file that is never trusted: headers are compared, bytes accounted for, members unpacked."""

import re
import stat
import struct
import unicodedata
import zlib

from msgspec import Struct

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

MOST_MEMBERS = 2_000
MOST_UNPACKED = 50_000_000
FREE_OF_RATIO = 1_000_000
HIGHEST_RATIO = 500  # ten thousand equal paragraphs reach 300, zeros 1,000
PIECE = 65_536
LONGEST_NAME = 250

END = struct.Struct("<4s4H2LH")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
ENCRYPTED = 0x1 | 0x40 | 0x2000
PATCHED = 0x20
SIZES_FOLLOW = 0x8
UTF8 = 0x800
BEYOND = 0xFFFFFFFF
UNICODE_PATH = 0x7075
ESCAPED = re.compile(r"%(00|2e|2f|5c)", re.IGNORECASE)


class ZipMember(Struct, frozen=True):
    """A member as described by the central directory."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Package:
    """The members of a zip file, by name, in the order in which they lie in the file."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        count, start, end = _directory(content)
        members = _members(content, count, start, end)
        _check_names([member.name for member in members])
        self.members = sorted(members, key=lambda member: member.offset)
        self.files: dict[str, bytes] = {}
        self._unpack(start)

    def _unpack(self, start: int) -> None:
        at = total = 0
        ends = [member.offset for member in self.members[1:]] + [start]
        for member, end in zip(self.members, ends, strict=True):
            if member.offset != at:
                raise FileRejected(RejectionReason.ZIP_JUNK)
            begin = _data_start(self.content, member)
            data = self.content[begin : begin + member.packed]
            _check_between(self.content[begin + member.packed : end], member)
            out = _unpacked(data, member, MOST_UNPACKED - total)
            total += len(out)
            at = end
            if not member.name.endswith("/"):
                self.files[member.name] = out
            elif out:
                raise FileRejected(RejectionReason.ZIP_LIES)


def _directory(content: bytes) -> tuple[int, int, int]:
    at = len(content) - END.size
    if at < 0 or content[at : at + 4] != b"PK\x05\x06":
        raise FileRejected(
            RejectionReason.ZIP_JUNK if b"PK\x05\x06" in content else RejectionReason.ZIP_DAMAGED
        )
    _, disk, start_disk, here, count, size, start, comment = END.unpack_from(content, at)
    if BEYOND in {size, start} or count == 0xFFFF:
        raise FileRejected(RejectionReason.ZIP_METHOD)
    if disk or start_disk or here != count or comment or start + size != at:
        raise FileRejected(
            RejectionReason.ZIP_LIES if start + size >= at else RejectionReason.ZIP_JUNK
        )
    if count > MOST_MEMBERS:
        raise FileRejected(RejectionReason.TOO_MANY_PARTS)
    if count == 0:
        raise FileRejected(RejectionReason.ZIP_DAMAGED)
    return count, start, at


def _members(content: bytes, count: int, at: int, end: int) -> list[ZipMember]:
    members = []
    for _ in range(count):
        if at + CENTRAL.size > end or content[at : at + 4] != b"PK\x01\x02":
            raise FileRejected(RejectionReason.ZIP_LIES)
        fields = CENTRAL.unpack_from(content, at)
        (
            _,
            _,
            _,
            flags,
            method,
            _,
            _,
            crc,
            packed,
            size,
            name,
            extra,
            comment,
            disk,
            _,
            outer,
            offset,
        ) = fields
        raw = content[at + CENTRAL.size : at + CENTRAL.size + name]
        at += CENTRAL.size + name
        _check_entry(flags, method, outer, disk or comment)
        if BEYOND in {packed, size, offset}:
            raise FileRejected(RejectionReason.ZIP_METHOD)
        if _has_second_name(content[at : at + extra]):
            raise FileRejected(RejectionReason.ZIP_LIES)
        at += extra
        members.append(
            ZipMember(raw, _decoded(raw, flags), flags, method, crc, packed, size, offset)
        )
    if at != end:
        raise FileRejected(RejectionReason.ZIP_LIES)
    return members


def _check_entry(flags: int, method: int, outer: int, odd: int) -> None:
    if flags & ENCRYPTED:
        raise FileRejected(RejectionReason.ZIP_LOCKED)
    if method not in {STORED, DEFLATED} or flags & PATCHED:
        raise FileRejected(RejectionReason.ZIP_METHOD)
    if stat.S_IFMT(outer >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise FileRejected(RejectionReason.ZIP_SPECIAL)
    if odd:
        raise FileRejected(RejectionReason.ZIP_JUNK)


def _decoded(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & UTF8 else "ascii")
    except UnicodeDecodeError as error:
        raise FileRejected(RejectionReason.ZIP_MEMBER_NAME) from error


def _has_second_name(extra: bytes) -> bool:
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<HH", extra, at)
        if tag == UNICODE_PATH:
            return True
        at += 4 + size
    return False


def _check_names(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not _is_proper(name):
            raise FileRejected(RejectionReason.ZIP_MEMBER_NAME)
        plain = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if plain in seen:
            raise FileRejected(RejectionReason.ZIP_TWICE)
        seen.add(plain)
    files = {name.casefold() for name in names if not name.endswith("/")}
    if any(name.casefold().rpartition("/")[0] in files for name in names if not name.endswith("/")):
        raise FileRejected(RejectionReason.ZIP_TWICE)


def _is_proper(name: str) -> bool:
    if not name or len(name) > LONGEST_NAME or any(sign in name for sign in '\\:*?"<>|'):
        return False
    if any(unicodedata.category(character)[0] == "C" for character in name) or ESCAPED.search(name):
        return False
    steps = name.removesuffix("/").split("/")
    return all(step.strip() == step and step.rstrip(".") == step and step for step in steps)


def _data_start(content: bytes, member: ZipMember) -> int:
    try:
        fields = LOCAL.unpack_from(content, member.offset)
    except struct.error as error:
        raise FileRejected(RejectionReason.ZIP_LIES) from error
    sign, _, flags, method, _, _, crc, packed, size, name, extra = fields
    begin = member.offset + LOCAL.size
    told = (crc, packed, size)
    expected = {(member.crc, member.packed, member.size)}
    if member.flags & SIZES_FOLLOW:
        expected |= {(0, 0, 0), (member.crc, 0, 0)}
    if (
        sign != b"PK\x03\x04"
        or (flags, method) != (member.flags, member.method)
        or content[begin : begin + name] != member.raw_name
        or told not in expected
    ):
        raise FileRejected(RejectionReason.ZIP_LIES)
    if _has_second_name(content[begin + name : begin + name + extra]):
        raise FileRejected(RejectionReason.ZIP_LIES)
    return int(begin + name + extra)


def _check_between(gap: bytes, member: ZipMember) -> None:
    """Check that only a repetition of the sizes, if anything, lies between the data and the next member."""
    sizes = struct.pack("<3L", member.crc, member.packed, member.size)
    long_sizes = struct.pack("<LQQ", member.crc, member.packed, member.size)
    allowed = {b""}
    if member.flags & SIZES_FOLLOW:
        allowed = {sizes, b"PK\x07\x08" + sizes, long_sizes, b"PK\x07\x08" + long_sizes}
    if gap not in allowed:
        raise FileRejected(
            RejectionReason.ZIP_JUNK if len(gap) > len(long_sizes) + 4 else RejectionReason.ZIP_LIES
        )


def _unpacked(data: bytes, member: ZipMember, left: int) -> bytes:
    if len(data) != member.packed:
        raise FileRejected(RejectionReason.ZIP_LIES)
    if member.method == STORED:
        out = data
        if len(out) > left:
            raise FileRejected(RejectionReason.UNPACKS_HUGE)
    else:
        out = _inflated(data, left)
    if len(out) != member.size:
        raise FileRejected(RejectionReason.ZIP_LIES)
    if zlib.crc32(out) != member.crc:
        raise FileRejected(RejectionReason.ZIP_DAMAGED)
    return out


def _inflated(data: bytes, left: int) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    limit = min(left, max(FREE_OF_RATIO, HIGHEST_RATIO * len(data)))
    pieces: list[bytes] = []
    total = 0
    for at in range(0, len(data), PIECE):
        piece = data[at : at + PIECE]
        while piece and not stream.eof:
            try:
                out = stream.decompress(piece, PIECE)
            except zlib.error as error:
                raise FileRejected(RejectionReason.ZIP_DAMAGED) from error
            piece = stream.unconsumed_tail
            total += len(out)
            if total > limit:
                raise FileRejected(RejectionReason.UNPACKS_HUGE)
            pieces.append(out)
    out = stream.flush()
    if not stream.eof:
        raise FileRejected(RejectionReason.ZIP_DAMAGED)
    if stream.unused_data or total + len(out) > limit:
        raise FileRejected(RejectionReason.ZIP_LIES)
    return b"".join([*pieces, out])
