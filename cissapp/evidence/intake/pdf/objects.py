"""Every object of a PDF: nothing in it may act, reach out, hold another file or overwhelm a reader."""

from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

from cissapp.evidence.intake import links
from cissapp.evidence.intake.pdf.circles import Graph
from cissapp.evidence.intake.pdf.streams import Streams
from cissapp.evidence.intake.reasons import Doubt, Finding, Reason

MOST_OBJECTS = 300_000
HARMLESS_ACTIONS = {
    "/GoTo",
    "/URI",
    "/Named",
    "/ResetForm",
    "/Hide",
    "/SetOCGState",
    "/Trans",
    "/Thread",
    "/GoToDp",
}
REASON_OF_KEY = {
    "/JS": Reason.PDF_SCRIPT,
    "/JavaScript": Reason.PDF_SCRIPT,
    "/EmbeddedFile": Reason.PDF_EMBEDDED,
    "/EmbeddedFiles": Reason.PDF_EMBEDDED,
    "/EF": Reason.PDF_EMBEDDED,
    "/Collection": Reason.PDF_EMBEDDED,
    "/XFA": Reason.PDF_XFA,
    "/AA": Reason.PDF_ACTS_ALONE,
    "/Rendition": Reason.PDF_FILM,
    "/Renditions": Reason.PDF_FILM,
    "/RichMedia": Reason.PDF_FILM,
    "/RichMediaContent": Reason.PDF_FILM,
    "/Movie": Reason.PDF_FILM,
    "/Sound": Reason.PDF_FILM,
    "/3DD": Reason.PDF_FILM,
    "/Launch": Reason.PDF_PROGRAM_START,
    "/SubmitForm": Reason.PDF_SENDS_FORM,
    "/ImportData": Reason.PDF_IMPORTS_DATA,
    "/OPI": Reason.PDF_OTHER_FILE,
}
REASON_OF_NAME = {
    "/JavaScript": Reason.PDF_SCRIPT,
    "/EnableJavaScripts": Reason.PDF_SCRIPT,
    "/Launch": Reason.PDF_PROGRAM_START,
    "/SubmitForm": Reason.PDF_SENDS_FORM,
    "/ImportData": Reason.PDF_IMPORTS_DATA,
    "/GoToR": Reason.PDF_OTHER_FILE,
    "/GoToE": Reason.PDF_EMBEDDED,
    "/Rendition": Reason.PDF_FILM,
    "/RichMedia": Reason.PDF_FILM,
    "/RichMediaExecute": Reason.PDF_FILM,
    "/Movie": Reason.PDF_FILM,
    "/Sound": Reason.PDF_FILM,
    "/Screen": Reason.PDF_FILM,
    "/3D": Reason.PDF_FILM,
    "/U3D": Reason.PDF_FILM,
    "/PRC": Reason.PDF_FILM,
    "/GoTo3DView": Reason.PDF_FILM,
    "/EmbeddedFile": Reason.PDF_EMBEDDED,
    "/FileAttachment": Reason.PDF_EMBEDDED,
    "/Collection": Reason.PDF_EMBEDDED,
    "/Filespec": Reason.PDF_OTHER_FILE,
    "/PS": Reason.PDF_POSTSCRIPT,
}
KEYS_OF_NAMES = ("/S", "/Subtype", "/Type", "/Subtype2")
ACTION_KEYS = {"/A", "/PA", "/Next"}
NOTES = {
    "/Text",
    "/FreeText",
    "/Highlight",
    "/Underline",
    "/StrikeOut",
    "/Squiggly",
    "/Caret",
    "/Ink",
}


class Walk:
    """One walk over all objects."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.graph = Graph()
        self.streams = Streams(self.graph)
        self.findings: set[Finding] = set()

    def go(self) -> set[Finding]:
        """Look at every object; refuse the file at the first that may not be."""
        self._check_dictionary(self.pdf.trailer)
        for number, thing in enumerate(self.pdf.objects):
            if number > MOST_OBJECTS:
                raise Doubt(Reason.TOO_MANY_PARTS)
            for part in _parts(thing):
                self._check_dictionary(part)
            self.graph.add_object(thing)
            if isinstance(thing, pikepdf.Stream):
                self.streams.check(thing)
        self.graph.refuse_circles()
        return self.findings | self.streams.findings

    def _check_dictionary(self, part: Any) -> None:
        for key, value in part.items():
            if key in REASON_OF_KEY and _can_hold(value):
                raise Doubt(REASON_OF_KEY[key])
            if check := CHECKS.get(key):
                check(value)
        if "/F" in part:
            _check_file(part, part["/F"])
        self._check_names(part)

    def _check_names(self, part: Any) -> None:
        for key in KEYS_OF_NAMES:
            name = part.get(key)
            if isinstance(name, pikepdf.Name):
                if str(name) in REASON_OF_NAME:
                    raise Doubt(REASON_OF_NAME[str(name)])
                if key == "/Subtype" and str(name) in NOTES:
                    self.findings.add(Finding.COMMENTS)


def _parts(thing: Any) -> Iterator[Any]:
    """Give the dictionaries in an object, its own and those inside it, without following references."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            inner = [value for _, value in part.items()]
        elif isinstance(part, pikepdf.Array):
            inner = list(part)
        else:
            continue
        waiting += [it for it in inner if isinstance(it, pikepdf.Object) and not it.is_indirect]


def _can_hold(value: Any) -> bool:
    """Whether a value can hold something active: a bare name or number under an active key is a name only."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array | pikepdf.String)


def _check_action(value: Any) -> None:
    actions = list(value) if isinstance(value, pikepdf.Array) else [value]
    for action in actions:
        if not isinstance(action, pikepdf.Dictionary):
            continue
        kind = action.get("/S")
        if isinstance(kind, pikepdf.Name) and str(kind) not in HARMLESS_ACTIONS:
            raise Doubt(REASON_OF_NAME.get(str(kind), Reason.PDF_UNKNOWN_ACTION))


def _check_opening(value: Any) -> None:
    if isinstance(value, pikepdf.Dictionary):
        kind = str(value.get("/S", ""))
        if kind == "/GoTo" and "/Next" not in value:
            return
        raise Doubt(REASON_OF_NAME.get(kind, Reason.PDF_OPENS_WITH_ACTION))
    if not isinstance(value, pikepdf.Array | pikepdf.Name | pikepdf.String):
        raise Doubt(Reason.PDF_OPENS_WITH_ACTION)


def _check_address(value: Any) -> None:
    if isinstance(value, pikepdf.Dictionary):
        value = value.get("/Base", "")
    if not isinstance(value, pikepdf.String | str) or not links.is_allowed(str(value)):
        raise Doubt(Reason.LINK)


def _check_file(part: Any, value: Any) -> None:
    """Refuse a stream that lives in another file, and an action that leads to one."""
    is_action = "/S" in part and isinstance(value, pikepdf.Dictionary | pikepdf.String)
    if isinstance(part, pikepdf.Stream) or is_action:
        raise Doubt(Reason.PDF_OTHER_FILE)


def _check_reference(value: Any) -> None:
    if isinstance(value, pikepdf.Dictionary) and "/F" in value:
        raise Doubt(Reason.PDF_OTHER_FILE)


CHECKS: dict[str, Callable[[Any], None]] = {
    **dict.fromkeys(ACTION_KEYS, _check_action),
    "/OpenAction": _check_opening,
    "/URI": _check_address,
    "/Ref": _check_reference,
}
