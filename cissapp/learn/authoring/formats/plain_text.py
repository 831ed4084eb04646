"""Plain text from the formats in which other systems keep text; no HTML is kept."""

import re
import unicodedata
from enum import StrEnum
from html import unescape
from urllib.parse import unquote

from msgspec import Struct

LONGEST, LONGEST_NAME = 20_000, 100
TOO_LONG = "is longer than 20,000 characters, which no question may be"


class TextFormat(StrEnum):
    """How a text is written."""

    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    AUTO = "moodle"


class PlainText(Struct, frozen=True):
    """A text without markup, and what was lost in the conversion."""

    text: str
    losses: tuple[str, ...] = ()


BLOCKS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "hr"}
)
SILENT = frozenset({"script", "style", "head", "title", "template"})
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".tif", ".tiff")
LOST = {
    "img": "a picture",
    "audio": "a recording",
    "video": "a film",
    "object": "something embedded",
    "iframe": "something embedded",
    "svg": "a picture",
    "a": "the address of a link",
    "table": "the shape of a table",
    "math": "a formula",
}
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|code|div|em|font|h[1-6]|hr|i|iframe|img|li|object|ol|p|pre|s|script"
    r"|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul|audio|video|math)\b[^<>]*>"
    r"|<!--|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s\"'>]+))", re.IGNORECASE)
# Placeholders in Moodle question banks for the address of a file or a page: since 2.0, and before.
_INSIDE_MOODLE = re.compile(r"@@PLUGINFILE@@|\$@[A-Z0-9*]{1,60}@\$")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,15}|!--|!\[CDATA\[|[!?/])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# What could be taken for the beginning of a tag, as the check of lessons sees it.
_LIKE_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
# Characters that reverse the direction of reading: they can hide what a text says.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def _without_tags(text: str) -> tuple[str, list[str]]:
    """Remove the tags from HTML, and list what had no words; in linear time.

    The parser of the standard library takes minutes for 20,000 characters that never close a tag.
    """
    pieces: list[str] = []
    losses: list[str] = []
    at = 0
    while (opened := text.find("<", at)) != -1:
        pieces.append(_shown(text[at:opened]))
        name = _NAME.match(text, opened)
        if name is None:
            pieces.append("<")
            at = opened + 1
            continue
        word = name[1].lower()
        at = _end_of_tag(text, word if name[0][1] != "/" else "", name.end())
        if word in LOST:
            losses.append(_picture(text[opened:at]) if word == "img" else LOST[word])
        if word in BLOCKS:
            pieces.append("\n")
    pieces.append(_shown(text[at:]))
    return "".join(pieces), losses


def _end_of_tag(text: str, word: str, at: int) -> int:
    """Find the end of a tag, or of the element it hides; an unclosed one reaches the end of the text."""
    closing = {"!--": "-->", "![cdata[": "]]>"}.get(word, ">")
    if word in SILENT:
        found = re.compile(f"</{word}", re.IGNORECASE).search(text, at)
        at = found.end() if found else len(text)
    end = text.find(closing, at)
    return len(text) if end == -1 else end + len(closing)


def _picture(tag: str) -> str:
    """Name the picture that a tag shows; one that stands in the tag itself has no name."""
    found = _SOURCE.search(tag)
    address = unescape(found[1] or found[2] or found[3] or "") if found else ""
    name = "" if address.startswith("data:") else file_name(address)
    return f"the picture {name}" if name else LOST["img"]


def lost_file(address: str) -> str:
    """Name a file that is left behind, as a picture where its ending says so."""
    name = file_name(address)
    if not name:
        return "a file without a name"
    return f"the {'picture' if name.lower().endswith(PICTURES) else 'file'} {name}"


def file_name(address: str) -> str:
    """Return the last part of an address or a path, also of one inside an old Moodle."""
    path = unquote(_INSIDE_MOODLE.sub("/", address)).replace("\\", "/")
    name = path.rstrip("/").rpartition("/")[2].partition("?")[0]
    return " ".join(without_controls(name).split())[:LONGEST_NAME]


def _shown(text: str) -> str:
    """Decode entities; a line break in HTML becomes a space."""
    text = _ENTITY.sub(lambda found: unescape(found[0]), text)
    return re.sub(r"\s+", " ", text)


def without_controls(text: str) -> str:
    """Drop invisible characters: controls, and those that reverse the direction of reading."""
    kept = (
        mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in {"Cc", "Cs"}
    )
    return "".join(kept).translate(_TURNING).replace("\ufeff", "")


def plain_text(text: str, written: TextFormat) -> PlainText:
    """Convert a text to plain text: tags go, entities become their characters, `<b` becomes `‹b`."""
    losses: dict[str, None] = {}
    if written is TextFormat.HTML or (written is not TextFormat.PLAIN and _TAG.search(text)):
        text, lost = _without_tags(text)
        losses = dict.fromkeys(lost)
    elif written is TextFormat.MARKDOWN:
        losses["Markdown formatting (the marks stay in the text)"] = None
    text = without_controls(text)
    if _INSIDE_MOODLE.search(text):
        losses["the target of an address inside Moodle (the address stays in the text)"] = None
    if _LIKE_TAG.search(text):
        text = _LIKE_TAG.sub("‹", text)
        losses["the sign < before a word (now ‹)"] = None
    lines = (" ".join(line.split()) for line in text.splitlines())
    return PlainText("\n".join(line for line in lines if line), tuple(losses))
