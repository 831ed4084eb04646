"""The texts of a question in Moodle XML, and its content that our questions cannot carry."""

from math import isfinite
from xml.etree.ElementTree import Element

from msgspec import Struct, field

from cissapp.learn.authoring.formats.plain_text import (
    LONGEST,
    LONGEST_NAME,
    TextFormat,
    lost_file,
    plain_text,
)

FORMATS = {
    "html": TextFormat.HTML,
    "markdown": TextFormat.MARKDOWN,
    "plain_text": TextFormat.PLAIN,
    "moodle_auto_format": TextFormat.AUTO,
}
WHOLE_FEEDBACK = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
# Elements that are read, that are reported as lost, or that only control how Moodle shows the question.
KNOWN = {
    *("name", "questiontext", "generalfeedback", "answer", "subquestion", "single", "usecase"),
    *("idnumber", "units", "selecttype", "penalty", "hint", "tags", "defaultgrade", "hidden"),
    *("shuffleanswers", "file", "image", "image_base64", *WHOLE_FEEDBACK),
    *("answernumbering", "showstandardinstruction", "shownumcorrect", "layouttype", "selectcount"),
    *("gradingtype", "showgrading", "numberingstyle", "unitgradingtype", "unitpenalty"),
    *("showunits", "unitsleft", "questiontextformat", "length", "version", "stamp"),
}
YES, NO = {"true", "1", "yes"}, {"false", "0", "no"}
NOTHING = {"", "none", *NO}


def text_of(element: Element | None, *, inside: bool = True) -> str:
    """Return the words of an element, or those of the `<text>` inside it."""
    found = element.find("text") if element is not None and inside else element
    return "".join(found.itertext()).strip() if found is not None else ""


def _number(word: str, otherwise: float) -> float:
    try:
        found = float(word)
    except ValueError:
        return otherwise
    return found if isfinite(found) else otherwise


class MoodleTexts(Struct):
    """Converts the texts of one question to plain text, and collects what was lost."""

    root: Element
    losses: list[str] = field(default_factory=list)
    too_long: bool = False

    def plain(self, element: Element | None) -> str:
        """Write the `<text>` of an element in plain words."""
        if element is None:
            return ""
        words = text_of(element)
        if len(words) > LONGEST:
            self.too_long = True
            return ""
        wording = plain_text(words, FORMATS.get(element.get("format", ""), TextFormat.AUTO))
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

    def keeps_order(self) -> bool:
        """Return whether the answers are shown in the order of the file."""
        return text_of(self.root.find("shuffleanswers"), inside=False) in NO

    def all_losses(self) -> list[str]:
        """Name what ours cannot carry: files, hints, penalties, tags, weights in a quiz, and what we do not know."""
        root = self.root
        carried = {
            "its hints": root.find("hint") is not None,
            "its penalty for another try": _number(text_of(root.find("penalty"), inside=False), 0)
            > 0,
            "its tags": root.find("tags/tag") is not None,
            "that it was hidden": text_of(root.find("hidden"), inside=False) in YES,
            "that its answers keep their order": self.keeps_order()
            and root.get("type") != "multichoice",
            "its weight in a quiz": _number(text_of(root.find("defaultgrade"), inside=False), 1)
            != 1,
            "the feedback on the answer as a whole": any(
                text_of(root.find(name)) for name in WHOLE_FEEDBACK
            ),
        }
        lost = (what for what, there in carried.items() if there)
        return [*self.losses, *self._files(), *lost, *self._unknown()]

    def _files(self) -> list[str]:
        """Name pictures and other files: in texts, and beside the question, where Moodle 1 had its picture."""
        found = [lost_file(one.get("name", "")) for one in self.root.iterfind(".//file")]
        for image in self.root.iterfind("image"):
            path = text_of(image, inside=image.find("text") is not None)
            found += [lost_file(path)] if path else []
        if not found and text_of(self.root.find("image_base64"), inside=False):
            found.append("a picture without a name")
        return found

    def _unknown(self) -> list[str]:
        """List non-empty parts of the question that this code does not know."""
        names = dict.fromkeys(
            one.tag
            for one in self.root
            if one.tag not in KNOWN and "".join(one.itertext()).strip().lower() not in NOTHING
        )
        return [f"the content of <{name[:LONGEST_NAME]}>" for name in names]
