"""Drawings in SVG inside a document: no script, nothing from outside."""

import re

from cissapp.foundation.intake.markup import Attributes, XmlWatcher, local_values
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

SCRIPTS = {
    "script",
    "foreignObject",
    "iframe",
    "embed",
    "object",
    "handler",
    "listener",
    "set",
    "animate",
}
HANDLER = re.compile(r"on[a-z]{3,}$", re.IGNORECASE)
INNER_PICTURE = re.compile(r"data:image/(png|jpeg|jpg|gif)[;,]", re.IGNORECASE)
OUTER_STYLE = re.compile(r"@import|url\(\s*['\"]?\s*(?!#|data:image/|['\"#])", re.IGNORECASE)


class SvgWatcher(XmlWatcher):
    """Watches one drawing."""

    def start(self, name: str, attributes: Attributes) -> None:
        """Refuse active elements, and attributes that run code or fetch from outside."""
        if name in SCRIPTS:
            raise FileRejected(RejectionReason.SCRIPT)
        for key, value in attributes.items():
            if HANDLER.match(key):
                raise FileRejected(RejectionReason.SCRIPT)
            if OUTER_STYLE.search(value):
                raise FileRejected(RejectionReason.OUTSIDE_CONTENT)
        for target in (*local_values(attributes, "href"), *local_values(attributes, "src")):
            if target.strip() and not target.startswith("#") and not INNER_PICTURE.match(target):
                raise FileRejected(RejectionReason.OUTSIDE_CONTENT)

    def text(self, text: str) -> None:
        """Refuse styles that fetch from outside."""
        if OUTER_STYLE.search(text):
            raise FileRejected(RejectionReason.OUTSIDE_CONTENT)
