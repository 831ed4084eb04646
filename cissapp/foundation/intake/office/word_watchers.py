"""Checks of the parts of a DOCX: types, relationships, the contents of the text and its authors."""

import re

from msgspec import Struct

from cissapp.foundation.intake import links
from cissapp.foundation.intake.markup import Attributes, XmlWatcher, local_values
from cissapp.foundation.intake.office.fields import FieldCodes
from cissapp.foundation.intake.office.svg import INNER_PICTURE
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason

REASON_OF_ELEMENT = {
    "altChunk": RejectionReason.EMBEDDED,
    "OLEObject": RejectionReason.EMBEDDED,
    "oleObj": RejectionReason.EMBEDDED,
    "object": RejectionReason.EMBEDDED,
    "objectEmbed": RejectionReason.EMBEDDED,
    "objectLink": RejectionReason.EMBEDDED,
    "externalData": RejectionReason.EMBEDDED,
    "control": RejectionReason.ACTIVEX,
    "ocx": RejectionReason.ACTIVEX,
    "subDoc": RejectionReason.OUTSIDE_CONTENT,
    "frameset": RejectionReason.OUTSIDE_CONTENT,
    "sourceFileName": RejectionReason.OUTSIDE_CONTENT,
    "saveThroughXslt": RejectionReason.OUTSIDE_CONTENT,
    "attachedTemplate": RejectionReason.OUTSIDE_TEMPLATE,
    "mailMerge": RejectionReason.DATA_SOURCE,
    "webVideoPr": RejectionReason.FILM,
    "audioFile": RejectionReason.FILM,
    "videoFile": RejectionReason.FILM,
    "wavAudioFile": RejectionReason.FILM,
    "quickTimeFile": RejectionReason.FILM,
    "movie": RejectionReason.FILM,
    "bgSound": RejectionReason.FILM,
    "customUI": RejectionReason.ADD_IN,
    "webextension": RejectionReason.ADD_IN,
    "taskpane": RejectionReason.ADD_IN,
    "taskpanes": RejectionReason.ADD_IN,
    "toolbarData": RejectionReason.ADD_IN,
    "script": RejectionReason.SCRIPT,
    "iframe": RejectionReason.SCRIPT,
}
CHANGES = {"ins", "del", "moveFrom", "moveTo"}
TARGETS = ("src", "href", "altHref", "althref")
LEADS = {
    "a",
    "hlinkClick",
    "hlinkHover",
    "shape",
    "group",
    "rect",
    "roundrect",
    "oval",
    "line",
    "polyline",
}
PEOPLE = {"creator", "lastModifiedBy"}
NOBODY = {"", "python-docx"}
WORD_SPACE = re.compile(r"wordprocessingml|vml|office:office", re.IGNORECASE)


class Relationship(Struct, frozen=True):
    """A relationship of a part to another part or an outside target."""

    kind: str
    target: str
    is_external: bool


class Relationships(XmlWatcher):
    """Collects the relationships of a part."""

    def __init__(self) -> None:
        self.found: list[Relationship] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Note a relationship."""
        if name == "Relationship":
            kind = re.split(r"[/\\]", attributes.get("Type", "").strip().lower())[-1]
            is_external = attributes.get("TargetMode", "Internal").strip().lower() != "internal"
            self.found.append(Relationship(kind, attributes.get("Target", ""), is_external))


class ContentTypes(XmlWatcher):
    """Collects what type each part has."""

    def __init__(self) -> None:
        self.by_ending: dict[str, str] = {}
        self.by_name: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """Record a type; refuse a second one for the same part."""
        kind = attributes.get("ContentType", "").strip().lower()
        if name == "Default":
            table, key = self.by_ending, attributes.get("Extension", "").lower()
        elif name == "Override":
            table, key = self.by_name, attributes.get("PartName", "").lower()
        else:
            return
        if table.setdefault(key, kind) != kind:
            raise FileRejected(RejectionReason.ZIP_LIES)

    def type_of(self, name: str) -> str:
        """Return the type of a part in lower case, empty if it has none."""
        override = self.by_name.get(f"/{name.lower()}")
        return override or self.by_ending.get(name.rpartition(".")[2].lower(), "")


class DocumentWatcher(XmlWatcher):
    """Watches a part: text, settings or properties. Embedded data (`customXml`) has its own vocabulary."""

    def __init__(self, *, is_data: bool = False) -> None:
        self.is_data = is_data
        self.findings: set[FileFinding] = set()
        self.codes = FieldCodes()
        self.element = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Refuse active and external content; track fields."""
        self.element = name
        if self.is_data and not WORD_SPACE.search(self.space):
            return
        if name in REASON_OF_ELEMENT:
            raise FileRejected(REASON_OF_ELEMENT[name])
        if name == "fldChar":
            self._turn(attributes.get("fldCharType", ""))
        elif name == "fldSimple":
            self._simple(attributes.get("instr", ""))
        elif name in CHANGES:
            self.findings.add(FileFinding.CHANGES)
        elif name == "comment":
            self.findings.add(FileFinding.COMMENTS)
        _check_targets(name, attributes)

    def end(self, name: str) -> None:
        """Leave the element."""
        self.element = ""

    def text(self, text: str) -> None:
        """Add to a field's code; record a named person; refuse a link base with a forbidden target."""
        if self.element in {"instrText", "delInstrText"}:
            self.codes.add(text)
        elif self.element in PEOPLE and text.strip() not in NOBODY:
            self.findings.add(FileFinding.AUTHOR)
        elif self.element == "HyperlinkBase" and not links.is_allowed(text):
            raise FileRejected(RejectionReason.LINK)

    def finish(self) -> None:
        """Check the fields that were not closed."""
        self.codes.finish()

    def _turn(self, kind: str) -> None:
        if kind == "begin":
            self.codes.begin()
        elif kind == "end":
            self.codes.close()

    def _simple(self, code: str) -> None:
        self.codes.begin()
        self.codes.add(code)
        self.codes.close()


def _check_targets(name: str, attributes: Attributes) -> None:
    """Check addresses in the text itself, as in old drawings."""
    for key in TARGETS:
        for target in local_values(attributes, key):
            if not target or re.fullmatch(r"rId\w+", target) or INNER_PICTURE.match(target):
                continue
            if name in LEADS and not links.is_allowed(target):
                raise FileRejected(RejectionReason.LINK)
            if name not in LEADS and links.leads_outside(target):
                raise FileRejected(RejectionReason.OUTSIDE_CONTENT)
