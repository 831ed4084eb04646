"""What the parts of an ODT say."""

from urllib.parse import unquote

from cissapp.foundation.intake import links
from cissapp.foundation.intake.markup import Attributes, Watcher, local_values
from cissapp.foundation.intake.reasons import Doubt, Finding, Reason

REASON_OF_ELEMENT = {
    "event-listener": Reason.MACRO,
    "script": Reason.MACRO,
    "execute-macro": Reason.MACRO,
    "library-embedded": Reason.MACRO,
    "library-linked": Reason.MACRO,
    "object": Reason.EMBEDDED,
    "object-ole": Reason.EMBEDDED,
    "applet": Reason.EMBEDDED,
    "plugin": Reason.FILM,
    "floating-frame": Reason.OUTSIDE_CONTENT,
    "section-source": Reason.OUTSIDE_CONTENT,
    "table-source": Reason.OUTSIDE_CONTENT,
    "cell-range-source": Reason.OUTSIDE_CONTENT,
    "dde-connection": Reason.FIELD,
    "dde-connection-decl": Reason.FIELD,
    "dde-source": Reason.FIELD,
    "dde-link": Reason.FIELD,
    "connection-resource": Reason.DATA_SOURCE,
    "submission": Reason.DATA_SOURCE,
    "instance": Reason.DATA_SOURCE,
}
LEADS = {"a", "button", "area-rectangle", "area-circle", "area-polygon", "image-map"}
MACRO_ADDRESSES = ("vnd.sun.star.", "macro:", "script:", "service:", "javascript:")
PEOPLE = {"creator", "initial-creator", "printed-by"}


class OpenDocumentWatcher(Watcher):
    """Watches one part."""

    def __init__(self) -> None:
        self.findings: set[Finding] = set()
        self.element = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Refuse what acts or reaches out."""
        self.element = name
        if name in REASON_OF_ELEMENT:
            raise Doubt(REASON_OF_ELEMENT[name])
        if name.startswith("database-"):
            raise Doubt(Reason.DATA_SOURCE)
        if name == "annotation":
            self.findings.add(Finding.COMMENTS)
        elif name == "changed-region":
            self.findings.add(Finding.CHANGES)
        for value in attributes.values():
            if value.strip().lower().startswith(MACRO_ADDRESSES):
                raise Doubt(Reason.MACRO)
        for target in (*local_values(attributes, "href"), *local_values(attributes, "src")):
            _check_target(name, unquote(target))

    def end(self, name: str) -> None:
        """Leave the element."""
        self.element = ""

    def text(self, text: str) -> None:
        """Note that somebody is named."""
        if self.element in PEOPLE and text.strip():
            self.findings.add(Finding.AUTHOR)


def _check_target(name: str, target: str) -> None:
    if not target:
        return
    if name == "template":
        raise Doubt(Reason.OUTSIDE_TEMPLATE)
    if name in LEADS:
        if not links.is_allowed(target):
            raise Doubt(Reason.LINK)
    elif links.leads_outside(target):
        raise Doubt(Reason.OUTSIDE_CONTENT)
