"""Checks of the parts of an ODT."""

from urllib.parse import unquote

from cissapp.foundation.intake import links
from cissapp.foundation.intake.markup import Attributes, XmlWatcher, local_values
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason

REASON_OF_ELEMENT = {
    "event-listener": RejectionReason.MACRO,
    "script": RejectionReason.MACRO,
    "execute-macro": RejectionReason.MACRO,
    "library-embedded": RejectionReason.MACRO,
    "library-linked": RejectionReason.MACRO,
    "object": RejectionReason.EMBEDDED,
    "object-ole": RejectionReason.EMBEDDED,
    "applet": RejectionReason.EMBEDDED,
    "plugin": RejectionReason.FILM,
    "floating-frame": RejectionReason.OUTSIDE_CONTENT,
    "section-source": RejectionReason.OUTSIDE_CONTENT,
    "table-source": RejectionReason.OUTSIDE_CONTENT,
    "cell-range-source": RejectionReason.OUTSIDE_CONTENT,
    "dde-connection": RejectionReason.FIELD,
    "dde-connection-decl": RejectionReason.FIELD,
    "dde-source": RejectionReason.FIELD,
    "dde-link": RejectionReason.FIELD,
    "connection-resource": RejectionReason.DATA_SOURCE,
    "submission": RejectionReason.DATA_SOURCE,
    "instance": RejectionReason.DATA_SOURCE,
}
LEADS = {"a", "button", "area-rectangle", "area-circle", "area-polygon", "image-map"}
MACRO_ADDRESSES = ("vnd.sun.star.", "macro:", "script:", "service:", "javascript:")
PEOPLE = {"creator", "initial-creator", "printed-by"}


class OpenDocumentWatcher(XmlWatcher):
    """Watches one part of an ODT."""

    def __init__(self) -> None:
        self.findings: set[FileFinding] = set()
        self.element = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Refuse active and external content."""
        self.element = name
        if name in REASON_OF_ELEMENT:
            raise FileRejected(REASON_OF_ELEMENT[name])
        if name.startswith("database-"):
            raise FileRejected(RejectionReason.DATA_SOURCE)
        if name == "annotation":
            self.findings.add(FileFinding.COMMENTS)
        elif name == "changed-region":
            self.findings.add(FileFinding.CHANGES)
        for value in attributes.values():
            if value.strip().lower().startswith(MACRO_ADDRESSES):
                raise FileRejected(RejectionReason.MACRO)
        for target in (*local_values(attributes, "href"), *local_values(attributes, "src")):
            _check_target(name, unquote(target))

    def end(self, name: str) -> None:
        """Leave the element."""
        self.element = ""

    def text(self, text: str) -> None:
        """Record that a person is named."""
        if self.element in PEOPLE and text.strip():
            self.findings.add(FileFinding.AUTHOR)


def _check_target(name: str, target: str) -> None:
    if not target:
        return
    if name == "template":
        raise FileRejected(RejectionReason.OUTSIDE_TEMPLATE)
    if name in LEADS:
        if not links.is_allowed(target):
            raise FileRejected(RejectionReason.LINK)
    elif links.leads_outside(target):
        raise FileRejected(RejectionReason.OUTSIDE_CONTENT)
