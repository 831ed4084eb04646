"""Puts a credential into a picture and takes it out again (Open Badges 3.0, section 5.3 "Baked badges")."""

import struct
import zlib
from collections.abc import Iterator

from cissapp.certify.credentials.rules.findings import Carrier
from cissapp.certify.credentials.rules.strict_json import LARGEST, UnreadableCredential

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
ELEMENT = f"{{{NAMESPACE}}}credential"
SVG = "{http://www.w3.org/2000/svg}svg"
KEYWORD = b"openbadgecredential"
PNG = b"\x89PNG\r\n\x1a\n"
FIRST_CHUNK = 33
LARGEST_PICTURE = 2_000_000
# Terminator, no compression, no method, no language, no translated keyword (PNG 1.2, 4.2.3.3).
UNPACKED = b"\0\0\0\0\0"


def extract_credential(content: bytes) -> tuple[Carrier, str]:
    """Extract the credential from whatever carries it; raise `UnreadableCredential`."""
    if len(content) > LARGEST_PICTURE:
        raise UnreadableCredential("it is too large")
    if content.startswith(PNG):
        return Carrier.PNG, _text(_out_of_png(content))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Carrier.SVG, _out_of_svg(content)
    return Carrier.JSON, _text(content)


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise UnreadableCredential("it is too large")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableCredential("it is no text") from error


# --- SVG ---------------------------------------------------------------------------------------


def bake_svg(picture: str, credential: str) -> str:
    """Put a credential with an embedded proof right behind the opening tag of a picture."""
    start = picture.index("<svg") + len("<svg")
    end = picture.index(">", start) + 1
    # JSON can escape any character, so the sequence that would end the block is escaped.
    safe = credential.replace("]]>", "]]\\u003e")
    return (
        f'{picture[:start]} xmlns:openbadges="{NAMESPACE}"{picture[start:end]}'
        f"<openbadges:credential><![CDATA[{safe}]]></openbadges:credential>{picture[end:]}"
    )


def _out_of_svg(content: bytes) -> str:
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 -- few send a picture
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415 -- see above

    if len(content) > LARGEST_PICTURE:
        raise UnreadableCredential("it is too large")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise UnreadableCredential("it is no picture") from error
    found = root.findall(f".//{ELEMENT}")
    if root.tag != SVG or len(found) != 1:
        raise UnreadableCredential("there is no credential in the picture, or more than one")
    text = found[0].get("verify") or (found[0].text or "").strip()
    return _text(text.encode())


# --- PNG ---------------------------------------------------------------------------------------


def bake_png(picture: bytes, credential: str) -> bytes:
    """Put a credential into a chunk of its own, right behind the header of a picture."""
    content = KEYWORD + UNPACKED + credential.encode()
    return picture[:FIRST_CHUNK] + _chunk(b"iTXt", content) + picture[FIRST_CHUNK:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _out_of_png(content: bytes) -> bytes:
    found = [one for kind, one in _chunks(content) if kind == b"iTXt" and one.startswith(KEYWORD)]
    if len(found) != 1 or not found[0].startswith(KEYWORD + UNPACKED):
        raise UnreadableCredential("there is no credential in the picture, or more than one")
    return found[0].removeprefix(KEYWORD + UNPACKED)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG)
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        kind = content[place + 4 : place + 8]
        end = place + 8 + length
        if end + 4 > len(content):
            break
        yield kind, content[place + 8 : end]
        place = end + 4
