"""Writes Moodle XML, and reports what the format cannot carry."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cissapp.foundation.content.schema import (
    ChoiceKey,
    MatchingKey,
    OrderingKey,
    QuestionKind,
    QuestionText,
    ShortTextKey,
)
from cissapp.foundation.content.values import Question
from cissapp.learn.authoring.formats.exportable import is_plain_true_false, split_exportable
from cissapp.learn.authoring.formats.plain_text import without_controls
from cissapp.learn.authoring.formats.weights import ALL, share_text
from cissapp.learn.authoring.rules.import_report import LeftOutQuestion

CARRIED = (
    QuestionKind.SINGLE,
    QuestionKind.MULTIPLE,
    QuestionKind.TRUE_FALSE,
    QuestionKind.MATCHING,
    QuestionKind.ORDERING,
    QuestionKind.SHORT_TEXT,
)
PLAIN = "plain_text"


def write_moodle_xml(
    questions: Iterable[Question], language: str
) -> tuple[str, tuple[LeftOutQuestion, ...]]:
    """Write questions in a language; return the text of the file, and the questions left out.

    Points stay the same, except for an ordering: Moodle's closest way of marking deducts none.
    """
    kept, dropped = split_exportable(questions, language, CARRIED)
    quiz = Element("quiz")
    for _, question in kept:
        _write(quiz, question, question.texts[language])
    indent(quiz)
    return tostring(quiz, encoding="unicode", xml_declaration=True) + "\n", tuple(dropped)


def _write(quiz: Element, question: Question, words: QuestionText) -> None:
    key = question.key
    element = SubElement(quiz, "question")
    _text(element, "name", question.id, "")
    _text(element, "questiontext", words.text)
    _text(element, "generalfeedback", words.fact)
    for tag, value in (
        ("defaultgrade", "1"),
        ("penalty", "0"),
        ("hidden", "0"),
        ("idnumber", key.id),
    ):
        SubElement(element, tag).text = value
    if isinstance(key, ChoiceKey):
        kind = _truth if is_plain_true_false(key, words) else _choice
        element.set("type", kind(element, key, words))
    elif isinstance(key, MatchingKey):
        element.set("type", _matching(element, key, words))
    elif isinstance(key, OrderingKey):
        element.set("type", _ordering(element, key, words))
    elif isinstance(key, ShortTextKey):
        element.set("type", _short(element, key))


def _text(parent: Element, tag: str, text: str, written: str = PLAIN) -> Element:
    element = SubElement(parent, tag, {"format": written} if written else {})
    SubElement(element, "text").text = without_controls(text)
    return element


def _answer(parent: Element, text: str, fraction: str, why: str = "") -> None:
    element = _text(parent, "answer", text)
    element.set("fraction", fraction)
    if why:
        _text(element, "feedback", why)


def _choice(element: Element, key: ChoiceKey, words: QuestionText) -> str:
    several = key.kind is QuestionKind.MULTIPLE
    SubElement(element, "single").text = "false" if several else "true"
    SubElement(element, "shuffleanswers").text = "false" if key.scale else "true"
    share = share_text(len(key.key))
    for one in key.options:
        wrong = f"-{share}" if several else "0"
        option = words.options[one]
        _answer(element, option.text, share if one in key.key else wrong, option.why)
    return "multichoice"


def _truth(element: Element, key: ChoiceKey, words: QuestionText) -> str:
    for one, word in zip(key.options, ("true", "false"), strict=True):
        _answer(element, word, str(ALL) if one in key.key else "0", words.options[one].why)
    return "truefalse"


def _matching(element: Element, key: MatchingKey, words: QuestionText) -> str:
    """Write pairs, then the matches that are left over, each beside an empty question."""
    SubElement(element, "shuffleanswers").text = "true"
    spare = [one for one in key.matches if one not in key.pairs.values()]
    sides = [(words.options[one].text, key.pairs[one]) for one in key.options]
    for left, match in [*sides, *(("", one) for one in spare)]:
        pair = _text(element, "subquestion", left)
        _text(pair, "answer", words.matches[match], "")
    return "matching"


def _ordering(element: Element, key: OrderingKey, words: QuestionText) -> str:
    for tag, value in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", str(len(key.key))),
        ("gradingtype", "RELATIVE_ALL_PREVIOUS_AND_NEXT"),
        ("showgrading", "SHOW"),
        ("numberingstyle", "none"),
    ):
        SubElement(element, tag).text = value
    for place, one in enumerate(key.key, start=1):
        _answer(element, words.options[one].text, f"{place}.0", words.options[one].why)
    return "ordering"


def _short(element: Element, key: ShortTextKey) -> str:
    """Write the accepted answers of all languages: each counts, whatever the page speaks."""
    SubElement(element, "usecase").text = "0"
    for form in dict.fromkeys(form for forms in key.accepted.values() for form in forms):
        # In Moodle `*` matches anything; with a backslash before it, it matches itself.
        _answer(element, form.replace("*", r"\*"), str(ALL))
    return "shortanswer"
