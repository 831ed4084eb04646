"""ODT: an OpenDocument text without macros, objects, listeners and anything from outside."""

import re

from cissapp.foundation.intake.markup import Attributes, XmlWatcher, read
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.office import parts
from cissapp.foundation.intake.office.opendocument_watchers import OpenDocumentWatcher
from cissapp.foundation.intake.office.svg import SvgWatcher
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason
from cissapp.foundation.intake.results import WorkerReport

TEXT = "application/vnd.oasis.opendocument.text"
FAMILY = "application/vnd.oasis.opendocument."
MIMETYPE = "mimetype"
MANIFEST = "META-INF/manifest.xml"
CONTENT = "content.xml"
IN_META = {MANIFEST, "META-INF/documentsignatures.xml"}
XML_ENDINGS = (".xml", ".rdf")
LARGEST_CACHE = 1_000_000
REASON_OF_NAME = (
    (re.compile(r"(basic|scripts?|dialogs|macros?)/", re.IGNORECASE), RejectionReason.MACRO),
    (re.compile(r"meta-inf/macrosignatures", re.IGNORECASE), RejectionReason.MACRO),
    (re.compile(r"object", re.IGNORECASE), RejectionReason.EMBEDDED),
    (re.compile(r"versions?(/|list)|embeddings/", re.IGNORECASE), RejectionReason.EMBEDDED),
)


class Manifest(XmlWatcher):
    """The facts in an ODT manifest: the document's type, and whether anything is encrypted."""

    def __init__(self) -> None:
        self.kind = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Record the document's type; refuse encrypted parts, embedded documents and code."""
        if name in {"encryption-data", "encrypted-key", "EncryptedKey"}:
            raise FileRejected(RejectionReason.ZIP_LOCKED)
        if name != "file-entry":
            return
        kind = attributes.get("media-type", "").strip().lower()
        if attributes.get("full-path") == "/":
            self.kind = kind
        elif kind.startswith(FAMILY) or "oleobject" in kind or "java" in kind:
            raise FileRejected(RejectionReason.EMBEDDED)


def judge(files: dict[str, bytes]) -> WorkerReport:
    """Accept or reject an ODT."""
    _check_type(files)
    for name in files:
        for pattern, reason in REASON_OF_NAME:
            if pattern.match(name):
                raise FileRejected(reason)
    findings: set[FileFinding] = set()
    for name, data in files.items():
        if name not in {MIMETYPE, MANIFEST}:
            findings |= _check_part(name, data)
    return WorkerReport(MediaType.ODT, None, findings)


def _check_type(files: dict[str, bytes]) -> None:
    told = files[MIMETYPE].decode("latin-1").strip().lower()
    if told != TEXT:
        raise FileRejected(_reason_of(told))
    if files[MIMETYPE] != TEXT.encode() or MANIFEST not in files or CONTENT not in files:
        raise FileRejected(RejectionReason.ZIP_DAMAGED)
    manifest = Manifest()
    read(files[MANIFEST], manifest)
    if manifest.kind != TEXT:
        raise FileRejected(
            RejectionReason.ZIP_LIES
            if not manifest.kind.startswith(FAMILY)
            else _reason_of(manifest.kind)
        )


def _reason_of(kind: str) -> RejectionReason:
    if not kind.startswith(FAMILY):
        return RejectionReason.ARCHIVE
    rest = kind.removeprefix(FAMILY)
    if rest.endswith("-template"):
        return RejectionReason.TEMPLATE
    known = {
        "spreadsheet": RejectionReason.SPREADSHEET,
        "presentation": RejectionReason.PRESENTATION,
    }
    return known.get(rest, RejectionReason.OTHER_OPENDOCUMENT)


def _check_part(name: str, data: bytes) -> set[FileFinding]:
    lower = name.lower()
    if lower.startswith("meta-inf/") and name not in IN_META:
        raise FileRejected(RejectionReason.FOREIGN_PART)
    if lower.endswith(".svg"):
        read(data, SvgWatcher())
    elif lower.endswith(XML_ENDINGS):
        return _check_xml(name, data)
    elif lower.startswith("fonts/") and parts.is_font(data):
        return set()
    elif name == "layout-cache" and len(data) <= LARGEST_CACHE:
        parts.refuse_other_file(data)
    else:
        return parts.check_picture(data)
    return set()


def _check_xml(name: str, data: bytes) -> set[FileFinding]:
    watcher = OpenDocumentWatcher()
    if data or not name.startswith("Configurations2/"):
        read(data, watcher)
    return watcher.findings
