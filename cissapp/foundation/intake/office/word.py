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
from cissapp.foundation.intake.reasons import Doubt, Finding, Reason
from cissapp.foundation.intake.verdict import Verdict

TYPES = "[Content_Types].xml"
ROOT_RELATIONSHIPS = "_rels/.rels"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
MAIN = WORD + "document.main+xml"
XML_ENDINGS = (".xml", ".rels", ".vml", ".svg", ".xhtml", ".inkml")
HARMLESS_TYPES = ("font", "opentype", "printersettings", "package.digital-signature")
REASON_OF_NAME = (
    (re.compile(r"vbaproject|vbadata|jsaproject|(^|/)macros?/", re.IGNORECASE), Reason.MACRO),
    (re.compile(r"(^|/)activex", re.IGNORECASE), Reason.ACTIVEX),
    (re.compile(r"(^|/)embeddings/|oleobject|(^|/)afchunk", re.IGNORECASE), Reason.EMBEDDED),
    (re.compile(r"(^|/)(customui|webextensions)/", re.IGNORECASE), Reason.ADD_IN),
)
REASON_OF_TYPE = (
    ("macroenabled", Reason.MACRO), ("vbaproject", Reason.MACRO), ("vbadata", Reason.MACRO), ("jsaproject", Reason.MACRO),
    ("activex", Reason.ACTIVEX), (".control+xml", Reason.ACTIVEX),
    ("oleobject", Reason.EMBEDDED), ("spreadsheetml", Reason.EMBEDDED), ("presentationml", Reason.EMBEDDED),
    ("ms-excel", Reason.EMBEDDED), ("ms-powerpoint", Reason.EMBEDDED), ("msword", Reason.EMBEDDED),
    ("template.main", Reason.EMBEDDED), (".package", Reason.EMBEDDED), ("afchunk", Reason.EMBEDDED),
    ("text/html", Reason.EMBEDDED), ("text/plain", Reason.EMBEDDED), ("xhtml", Reason.EMBEDDED), ("message/", Reason.EMBEDDED), ("/rtf", Reason.EMBEDDED),
    ("webextension", Reason.ADD_IN), ("attachedtoolbars", Reason.ADD_IN), ("customui", Reason.ADD_IN),
    ("video/", Reason.FILM), ("audio/", Reason.FILM),
    ("mailmerge", Reason.DATA_SOURCE), ("externallink", Reason.OUTSIDE_CONTENT),
)  # fmt: skip
REASON_OF_MAIN = (
    ("macroenabled", Reason.MACRO), ("spreadsheetml", Reason.SPREADSHEET), ("ms-excel", Reason.SPREADSHEET),
    ("presentationml", Reason.PRESENTATION), ("ms-powerpoint", Reason.PRESENTATION),
    ("template", Reason.TEMPLATE), ("glossary", Reason.TEMPLATE),
)  # fmt: skip
REASON_OF_RELATIONSHIP = {
    "attachedtemplate": Reason.OUTSIDE_TEMPLATE,
    "oleobject": Reason.EMBEDDED,
    "package": Reason.EMBEDDED,
    "afchunk": Reason.EMBEDDED,
    "control": Reason.ACTIVEX,
    "activexcontrolbinary": Reason.ACTIVEX,
    "vbaproject": Reason.MACRO,
    "wordvbadata": Reason.MACRO,
    "vbaprojectsignature": Reason.MACRO,
    "frame": Reason.OUTSIDE_CONTENT,
    "subdocument": Reason.OUTSIDE_CONTENT,
    "externallink": Reason.OUTSIDE_CONTENT,
    "externallinkpath": Reason.OUTSIDE_CONTENT,
    "transform": Reason.OUTSIDE_CONTENT,
    "mailmergesource": Reason.DATA_SOURCE,
    "mailmergeheadersource": Reason.DATA_SOURCE,
    "mailmergerecipientdata": Reason.DATA_SOURCE,
    "recipientdata": Reason.DATA_SOURCE,
    "extensibility": Reason.ADD_IN,
    "attachedtoolbars": Reason.ADD_IN,
    "webextension": Reason.ADD_IN,
    "webextensiontaskpanes": Reason.ADD_IN,
    "video": Reason.FILM,
    "audio": Reason.FILM,
    "media": Reason.FILM,
}


def judge(files: dict[str, bytes]) -> tuple[Verdict, str]:
    """Take or refuse a DOCX; name its main part."""
    for name in files:
        for pattern, reason in REASON_OF_NAME:
            if pattern.search(name):
                raise Doubt(reason)
    types = ContentTypes()
    read(files[TYPES], types)
    main = _main_part(files, types)
    findings: set[Finding] = set()
    for name, data in files.items():
        if name != TYPES:
            findings |= _check_part(name, data, types.type_of(name))
    return Verdict(MediaType.DOCX, None, findings), main


def _main_part(files: dict[str, bytes], types: ContentTypes) -> str:
    relationships = Relationships()
    if ROOT_RELATIONSHIPS not in files:
        raise Doubt(Reason.ZIP_DAMAGED)
    read(files[ROOT_RELATIONSHIPS], relationships)
    mains = [one.target for one in relationships.found if one.kind == "officedocument"]
    if len(mains) != 1:
        raise Doubt(Reason.ZIP_DAMAGED)
    name = posixpath.normpath(mains[0].lstrip("/"))
    kind = types.type_of(name)
    if name not in files or kind != MAIN.lower():
        raise Doubt(_reason_of(kind, REASON_OF_MAIN) or Reason.ZIP_DAMAGED)
    return name


def _reason_of(kind: str, table: tuple[tuple[str, Reason], ...]) -> Reason | None:
    return next((reason for word, reason in table if word in kind), None)


def _check_part(name: str, data: bytes, kind: str) -> set[Finding]:
    """Look at a part by its type, never by its name alone: any part may be used as text."""
    if reason := _reason_of(kind, REASON_OF_TYPE):
        raise Doubt(reason)
    if kind == RELATIONSHIPS:
        _check_relationships(name, data)
        return _check_xml(name, data, kind)
    if kind.endswith(("+xml", "/xml", "vmldrawing")) or name.lower().endswith(XML_ENDINGS):
        return _check_xml(name, data, kind)
    if kind.startswith("image/"):
        return parts.check_picture(data)
    if not kind:
        parts.refuse_other_file(data)
        raise Doubt(Reason.FOREIGN_PART)
    _check_other(kind, data)
    return set()


def _check_xml(name: str, data: bytes, kind: str) -> set[Finding]:
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
        raise Doubt(REASON_OF_RELATIONSHIP[one.kind])
    if one.is_external:
        if one.kind != "hyperlink":
            raise Doubt(Reason.OUTSIDE_CONTENT)
        if not links.is_allowed(one.target):
            raise Doubt(Reason.LINK)
        return
    target = unquote(one.target).strip()
    folder = posixpath.dirname(posixpath.dirname(where))
    whole = posixpath.normpath(posixpath.join("/", folder, target))
    climbs = posixpath.normpath(posixpath.join(folder, target)).startswith("..")
    if links.SCHEME.match(target) or "\\" in target or whole.startswith("//") or climbs:
        raise Doubt(Reason.OUTSIDE_CONTENT)


def _check_other(kind: str, data: bytes) -> None:
    """Refuse what is neither XML nor a picture, except a disguised font, printer’s settings and signatures."""
    parts.refuse_other_file(data)
    if any(word in kind for word in HARMLESS_TYPES):
        return
    raise Doubt(Reason.FOREIGN_PART)
