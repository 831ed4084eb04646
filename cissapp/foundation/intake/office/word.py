"""DOCX: a Word document without macros, objects, add-ins and anything from outside."""

import posixpath
import re
from urllib.parse import unquote

from cissapp.foundation.intake import links
from cissapp.foundation.intake.markup import read
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.office import parts
from cissapp.foundation.intake.office.svg import SvgWatcher
from cissapp.foundation.intake.office.word_watchers import (
    ContentTypes,
    DocumentWatcher,
    Relationship,
    Relationships,
)
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason
from cissapp.foundation.intake.results import WorkerReport

TYPES = "[Content_Types].xml"
ROOT_RELATIONSHIPS = "_rels/.rels"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
MAIN = WORD + "document.main+xml"
XML_ENDINGS = (".xml", ".rels", ".vml", ".svg", ".xhtml", ".inkml")
HARMLESS_TYPES = ("font", "opentype", "printersettings", "package.digital-signature")
REASON_OF_NAME = (
    (
        re.compile(r"vbaproject|vbadata|jsaproject|(^|/)macros?/", re.IGNORECASE),
        RejectionReason.MACRO,
    ),
    (re.compile(r"(^|/)activex", re.IGNORECASE), RejectionReason.ACTIVEX),
    (
        re.compile(r"(^|/)embeddings/|oleobject|(^|/)afchunk", re.IGNORECASE),
        RejectionReason.EMBEDDED,
    ),
    (re.compile(r"(^|/)(customui|webextensions)/", re.IGNORECASE), RejectionReason.ADD_IN),
)
REASON_OF_TYPE = (
    ("macroenabled", RejectionReason.MACRO), ("vbaproject", RejectionReason.MACRO), ("vbadata", RejectionReason.MACRO), ("jsaproject", RejectionReason.MACRO),
    ("activex", RejectionReason.ACTIVEX), (".control+xml", RejectionReason.ACTIVEX),
    ("oleobject", RejectionReason.EMBEDDED), ("spreadsheetml", RejectionReason.EMBEDDED), ("presentationml", RejectionReason.EMBEDDED),
    ("ms-excel", RejectionReason.EMBEDDED), ("ms-powerpoint", RejectionReason.EMBEDDED), ("msword", RejectionReason.EMBEDDED),
    ("template.main", RejectionReason.EMBEDDED), (".package", RejectionReason.EMBEDDED), ("afchunk", RejectionReason.EMBEDDED),
    ("text/html", RejectionReason.EMBEDDED), ("text/plain", RejectionReason.EMBEDDED), ("xhtml", RejectionReason.EMBEDDED), ("message/", RejectionReason.EMBEDDED), ("/rtf", RejectionReason.EMBEDDED),
    ("webextension", RejectionReason.ADD_IN), ("attachedtoolbars", RejectionReason.ADD_IN), ("customui", RejectionReason.ADD_IN),
    ("video/", RejectionReason.FILM), ("audio/", RejectionReason.FILM),
    ("mailmerge", RejectionReason.DATA_SOURCE), ("externallink", RejectionReason.OUTSIDE_CONTENT),
)  # fmt: skip
REASON_OF_MAIN = (
    ("macroenabled", RejectionReason.MACRO), ("spreadsheetml", RejectionReason.SPREADSHEET), ("ms-excel", RejectionReason.SPREADSHEET),
    ("presentationml", RejectionReason.PRESENTATION), ("ms-powerpoint", RejectionReason.PRESENTATION),
    ("template", RejectionReason.TEMPLATE), ("glossary", RejectionReason.TEMPLATE),
)  # fmt: skip
REASON_OF_RELATIONSHIP = {
    "attachedtemplate": RejectionReason.OUTSIDE_TEMPLATE,
    "oleobject": RejectionReason.EMBEDDED,
    "package": RejectionReason.EMBEDDED,
    "afchunk": RejectionReason.EMBEDDED,
    "control": RejectionReason.ACTIVEX,
    "activexcontrolbinary": RejectionReason.ACTIVEX,
    "vbaproject": RejectionReason.MACRO,
    "wordvbadata": RejectionReason.MACRO,
    "vbaprojectsignature": RejectionReason.MACRO,
    "frame": RejectionReason.OUTSIDE_CONTENT,
    "subdocument": RejectionReason.OUTSIDE_CONTENT,
    "externallink": RejectionReason.OUTSIDE_CONTENT,
    "externallinkpath": RejectionReason.OUTSIDE_CONTENT,
    "transform": RejectionReason.OUTSIDE_CONTENT,
    "mailmergesource": RejectionReason.DATA_SOURCE,
    "mailmergeheadersource": RejectionReason.DATA_SOURCE,
    "mailmergerecipientdata": RejectionReason.DATA_SOURCE,
    "recipientdata": RejectionReason.DATA_SOURCE,
    "extensibility": RejectionReason.ADD_IN,
    "attachedtoolbars": RejectionReason.ADD_IN,
    "webextension": RejectionReason.ADD_IN,
    "webextensiontaskpanes": RejectionReason.ADD_IN,
    "video": RejectionReason.FILM,
    "audio": RejectionReason.FILM,
    "media": RejectionReason.FILM,
}


def judge(files: dict[str, bytes]) -> tuple[WorkerReport, str]:
    """Accept or reject a DOCX; return the name of its main part."""
    for name in files:
        for pattern, reason in REASON_OF_NAME:
            if pattern.search(name):
                raise FileRejected(reason)
    types = ContentTypes()
    read(files[TYPES], types)
    main = _main_part(files, types)
    findings: set[FileFinding] = set()
    for name, data in files.items():
        if name != TYPES:
            findings |= _check_part(name, data, types.type_of(name))
    return WorkerReport(MediaType.DOCX, None, findings), main


def _main_part(files: dict[str, bytes], types: ContentTypes) -> str:
    relationships = Relationships()
    if ROOT_RELATIONSHIPS not in files:
        raise FileRejected(RejectionReason.ZIP_DAMAGED)
    read(files[ROOT_RELATIONSHIPS], relationships)
    mains = [one.target for one in relationships.found if one.kind == "officedocument"]
    if len(mains) != 1:
        raise FileRejected(RejectionReason.ZIP_DAMAGED)
    name = posixpath.normpath(mains[0].lstrip("/"))
    kind = types.type_of(name)
    if name not in files or kind != MAIN.lower():
        raise FileRejected(_reason_of(kind, REASON_OF_MAIN) or RejectionReason.ZIP_DAMAGED)
    return name


def _reason_of(kind: str, table: tuple[tuple[str, RejectionReason], ...]) -> RejectionReason | None:
    return next((reason for word, reason in table if word in kind), None)


def _check_part(name: str, data: bytes, kind: str) -> set[FileFinding]:
    """Check a part by its type, never by its name alone, since any part may be used as text."""
    if reason := _reason_of(kind, REASON_OF_TYPE):
        raise FileRejected(reason)
    if kind == RELATIONSHIPS:
        _check_relationships(name, data)
        return _check_xml(name, data, kind)
    if kind.endswith(("+xml", "/xml", "vmldrawing")) or name.lower().endswith(XML_ENDINGS):
        return _check_xml(name, data, kind)
    if kind.startswith("image/"):
        return parts.check_picture(data)
    if not kind:
        parts.refuse_other_file(data)
        raise FileRejected(RejectionReason.FOREIGN_PART)
    _check_other(kind, data)
    return set()


def _check_xml(name: str, data: bytes, kind: str) -> set[FileFinding]:
    if "svg" in kind or name.lower().endswith(".svg"):
        read(data, SvgWatcher())
    watcher = DocumentWatcher(is_data=name.lower().startswith("customxml/"))
    read(data, watcher)
    watcher.finish()
    return watcher.findings


def _check_relationships(name: str, data: bytes) -> None:
    relationships = Relationships()
    read(data, relationships)
    for one in relationships.found:
        _check_relationship(one, name)


def _check_relationship(one: Relationship, where: str) -> None:
    if one.kind in REASON_OF_RELATIONSHIP:
        raise FileRejected(REASON_OF_RELATIONSHIP[one.kind])
    if one.is_external:
        if one.kind != "hyperlink":
            raise FileRejected(RejectionReason.OUTSIDE_CONTENT)
        if not links.is_allowed(one.target):
            raise FileRejected(RejectionReason.LINK)
        return
    target = unquote(one.target).strip()
    folder = posixpath.dirname(posixpath.dirname(where))
    whole = posixpath.normpath(posixpath.join("/", folder, target))
    climbs = posixpath.normpath(posixpath.join(folder, target)).startswith("..")
    if links.SCHEME.match(target) or "\\" in target or whole.startswith("//") or climbs:
        raise FileRejected(RejectionReason.OUTSIDE_CONTENT)


def _check_other(kind: str, data: bytes) -> None:
    """Refuse what is neither XML nor a picture, except obfuscated fonts, printer settings and signatures."""
    parts.refuse_other_file(data)
    if any(word in kind for word in HARMLESS_TYPES):
        return
    raise FileRejected(RejectionReason.FOREIGN_PART)
