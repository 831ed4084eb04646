"""The objects of a PDF: nothing in them may be active, fetch, hold another file or overload a reader."""

from collections.abc import Callable
from typing import Any

import pikepdf

from cissapp.foundation.intake import links
from cissapp.foundation.intake.pdf.cycles import LINKING_KEYS, ReferenceGraph
from cissapp.foundation.intake.pdf.streams import StreamChecker
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason

MOST_OBJECTS = 150_000
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
    "/JS": RejectionReason.PDF_SCRIPT,
    "/JavaScript": RejectionReason.PDF_SCRIPT,
    "/EmbeddedFile": RejectionReason.PDF_EMBEDDED,
    "/EmbeddedFiles": RejectionReason.PDF_EMBEDDED,
    "/EF": RejectionReason.PDF_EMBEDDED,
    "/Collection": RejectionReason.PDF_EMBEDDED,
    "/XFA": RejectionReason.PDF_XFA,
    "/AA": RejectionReason.PDF_ACTS_ALONE,
    "/Rendition": RejectionReason.PDF_FILM,
    "/Renditions": RejectionReason.PDF_FILM,
    "/RichMedia": RejectionReason.PDF_FILM,
    "/RichMediaContent": RejectionReason.PDF_FILM,
    "/Movie": RejectionReason.PDF_FILM,
    "/Sound": RejectionReason.PDF_FILM,
    "/3DD": RejectionReason.PDF_FILM,
    "/Launch": RejectionReason.PDF_PROGRAM_START,
    "/SubmitForm": RejectionReason.PDF_SENDS_FORM,
    "/ImportData": RejectionReason.PDF_IMPORTS_DATA,
    "/OPI": RejectionReason.PDF_OTHER_FILE,
}
REASON_OF_NAME = {
    "/JavaScript": RejectionReason.PDF_SCRIPT,
    "/EnableJavaScripts": RejectionReason.PDF_SCRIPT,
    "/Launch": RejectionReason.PDF_PROGRAM_START,
    "/SubmitForm": RejectionReason.PDF_SENDS_FORM,
    "/ImportData": RejectionReason.PDF_IMPORTS_DATA,
    "/GoToR": RejectionReason.PDF_OTHER_FILE,
    "/GoToE": RejectionReason.PDF_EMBEDDED,
    "/Rendition": RejectionReason.PDF_FILM,
    "/RichMedia": RejectionReason.PDF_FILM,
    "/RichMediaExecute": RejectionReason.PDF_FILM,
    "/Movie": RejectionReason.PDF_FILM,
    "/Sound": RejectionReason.PDF_FILM,
    "/Screen": RejectionReason.PDF_FILM,
    "/3D": RejectionReason.PDF_FILM,
    "/U3D": RejectionReason.PDF_FILM,
    "/PRC": RejectionReason.PDF_FILM,
    "/GoTo3DView": RejectionReason.PDF_FILM,
    "/EmbeddedFile": RejectionReason.PDF_EMBEDDED,
    "/FileAttachment": RejectionReason.PDF_EMBEDDED,
    "/Collection": RejectionReason.PDF_EMBEDDED,
    "/Filespec": RejectionReason.PDF_OTHER_FILE,
    "/PS": RejectionReason.PDF_POSTSCRIPT,
}
KEYS_OF_NAMES = {"/S", "/Subtype", "/Type", "/Subtype2"}
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


class ObjectWalk:
    """One walk over all objects."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.graph = ReferenceGraph()
        self.streams = StreamChecker(self.graph)
        self.findings: set[FileFinding] = set()

    def go(self) -> set[FileFinding]:
        """Check every object; reject the file at the first forbidden one."""
        if int(self.pdf.trailer.get("/Size", 0)) > MOST_OBJECTS:
            raise FileRejected(RejectionReason.TOO_MANY_PARTS)
        self._check_dictionary(self.pdf.trailer, 0)
        for number, thing in enumerate(self.pdf.objects):
            if number > MOST_OBJECTS:
                raise FileRejected(RejectionReason.TOO_MANY_PARTS)
            self._check_object(thing)
        self.graph.refuse_circles()
        return self.findings | self.streams.findings

    def _check_object(self, thing: Any) -> None:
        """Check an object and the direct objects inside it, without following references."""
        if isinstance(thing, pikepdf.Stream):
            self.streams.check(thing)
            _check_data_file(thing)
        number = thing.objgen[0] if isinstance(thing, pikepdf.Object) else 0
        waiting = [thing]
        while waiting:
            part = waiting.pop()
            if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
                waiting += self._check_dictionary(part, number if part is thing else 0)
            elif isinstance(part, pikepdf.Array):
                waiting += [it for it in part if _stands_here(it)]

    def _check_dictionary(self, part: Any, number: int) -> list[Any]:
        """Check the entries of a dictionary; return its direct values that hold others."""
        inner = []
        for key, value in part.items():
            if key in REASON_OF_KEY and _can_hold(value):
                raise FileRejected(REASON_OF_KEY[key])
            if check := CHECKS.get(key):
                check(value)
            if key in KEYS_OF_NAMES:
                self._check_name(key, value)
            elif key in LINKING_KEYS and number:
                self.graph.add_way(number, value)
            elif key == "/F" and "/S" in part:
                _check_file(value)
            if _stands_here(value):
                inner.append(value)
        return inner

    def _check_name(self, key: str, value: Any) -> None:
        if not isinstance(value, pikepdf.Name):
            return
        name = str(value)
        if name in REASON_OF_NAME:
            raise FileRejected(REASON_OF_NAME[name])
        if key == "/Subtype" and name in NOTES:
            self.findings.add(FileFinding.COMMENTS)


def _stands_here(value: Any) -> bool:
    """Return whether a value is a container, and direct rather than a reference."""
    holds = isinstance(value, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream)
    return holds and not value.is_indirect


def _can_hold(value: Any) -> bool:
    """Return whether a value can hold active content: a bare name or number never does."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array | pikepdf.String)


def _check_action(value: Any) -> None:
    actions = list(value) if isinstance(value, pikepdf.Array) else [value]
    for action in actions:
        if not isinstance(action, pikepdf.Dictionary):
            continue
        kind = action.get("/S")
        if isinstance(kind, pikepdf.Name) and str(kind) not in HARMLESS_ACTIONS:
            raise FileRejected(REASON_OF_NAME.get(str(kind), RejectionReason.PDF_UNKNOWN_ACTION))


def _check_opening(value: Any) -> None:
    if isinstance(value, pikepdf.Dictionary):
        kind = str(value.get("/S", ""))
        if kind == "/GoTo" and "/Next" not in value:
            return
        raise FileRejected(REASON_OF_NAME.get(kind, RejectionReason.PDF_OPENS_WITH_ACTION))
    if not isinstance(value, pikepdf.Array | pikepdf.Name | pikepdf.String):
        raise FileRejected(RejectionReason.PDF_OPENS_WITH_ACTION)


def _check_address(value: Any) -> None:
    if isinstance(value, pikepdf.Dictionary):
        value = value.get("/Base", "")
    if not isinstance(value, pikepdf.String | str) or not links.is_allowed(str(value)):
        raise FileRejected(RejectionReason.LINK)


def _check_file(value: Any) -> None:
    """Refuse an action that leads to a file."""
    if isinstance(value, pikepdf.Dictionary | pikepdf.String):
        raise FileRejected(RejectionReason.PDF_OTHER_FILE)


def _check_data_file(stream: Any) -> None:
    """Refuse a stream whose data is in another file."""
    if "/F" in stream or "/FFilter" in stream:
        raise FileRejected(RejectionReason.PDF_OTHER_FILE)


def _check_reference(value: Any) -> None:
    if isinstance(value, pikepdf.Dictionary) and "/F" in value:
        raise FileRejected(RejectionReason.PDF_OTHER_FILE)


CHECKS: dict[str, Callable[[Any], None]] = {
    **dict.fromkeys(ACTION_KEYS, _check_action),
    "/OpenAction": _check_opening,
    "/URI": _check_address,
    "/Ref": _check_reference,
}
