"""Texts of a question in Moodle XML, and what else it carries that ours cannot."""

from dataclasses import dataclass, field
from math import isfinite
from xml.etree.ElementTree import Element

from cissapp.content.exchange.wording import LONGEST, Format, plain

FORMATS = {
    "html": Format.HTML,
    "markdown": Format.MARKDOWN,
    "plain_text": Format.PLAIN,
    "moodle_auto_format": Format.AUTO,
}
WHOLE_FEEDBACK = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def said(element: Element | None, *, inside: bool = True) -> str:
    """Give the words of an element, or those of the `<text>` inside it."""
    found = element.find("text") if element is not None and inside else element
    return "".join(found.itertext()).strip() if found is not None else ""


def _number(word: str, otherwise: float) -> float:
    try:
        found = float(word)
    except ValueError:
        return otherwise
    return found if isfinite(found) else otherwise


@dataclass
class Elements:
    """Writes the texts of one question without marks, and gathers what was lost."""

    root: Element
    losses: list[str] = field(default_factory=list)
    too_long: bool = False

    def plain(self, element: Element | None) -> str:
        """Write the `<text>` of an element in plain words."""
        if element is None:
            return ""
        words = said(element)
        if len(words) > LONGEST:
            self.too_long = True
            return ""
        wording = plain(words, FORMATS.get(element.get("format", ""), Format.AUTO))
        self.losses.extend(wording.losses)
        return wording.text

    def answers(self) -> list[tuple[str, float, str]]:
        """List text, weight in hundredths and feedback of each answer."""
        return [
            (
                self.plain(one),
                _number(one.get("fraction", "0"), 0),
                self.plain(one.find("feedback")),
            )
            for one in self.root.iterfind("answer")
        ]

    def all_losses(self) -> list[str]:
        """Name what ours cannot carry: files, hints, penalties, tags, weights in a quiz."""
        root = self.root
        carried = {
            "a picture or another file": root.find(".//file") is not None,
            "its hints": root.find("hint") is not None,
            "its penalty for another try": _number(said(root.find("penalty"), inside=False), 0) > 0,
            "its tags": root.find("tags/tag") is not None,
            "its weight in a quiz": _number(said(root.find("defaultgrade"), inside=False), 1) != 1,
            "the feedback on the answer as a whole": any(
                said(root.find(name)) for name in WHOLE_FEEDBACK
            ),
        }
        return [*self.losses, *(what for what, there in carried.items() if there)]
