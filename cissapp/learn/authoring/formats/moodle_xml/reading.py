"""Parses Moodle XML as untrusted input: no entities, no document type, nothing fetched."""

from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec.structs import replace

from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.formats.moodle_xml.elements import YES, MoodleTexts, text_of
from cissapp.learn.authoring.formats.plain_text import LONGEST_NAME, TOO_LONG
from cissapp.learn.authoring.formats.weights import (
    ALL,
    accepted_forms,
    is_our_rule,
    right_options,
    whole_number,
)
from cissapp.learn.authoring.rules.drafts import (
    DraftDefaults,
    ImportedAnswer,
    ImportedQuestion,
    convert_questions,
    words_of_truth,
)
from cissapp.learn.authoring.rules.import_report import (
    ImportNote,
    ImportReport,
    LeftOutQuestion,
    UnreadableFile,
    check_size,
)

NOT_MOODLE = "This is not a Moodle XML file: it does not begin with <quiz> and contain questions."
REASONS = {
    "description": "a description: it asks nothing",
    "essay": "an essay: people would have to mark it",
    "cloze": "a text with gaps: our questions ask one thing at a time",
}


def read_moodle_xml(text: str, filling: DraftDefaults) -> ImportReport:
    """Read a Moodle XML file; every question is imported or reported.

    Raises `UnreadableFile` if the file is larger than 2 MB, declares entities, or is no Moodle XML.
    """
    try:
        root = fromstring(check_size(text).lstrip("\ufeff \r\n\t"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableFile(
            "The file declares a document type or entities; Moodle never does."
        ) from error
    except (ParseError, ValueError) as error:
        raise UnreadableFile(NOT_MOODLE) from error
    if root.tag != "quiz":
        raise UnreadableFile(NOT_MOODLE)
    items: list[ImportedQuestion | LeftOutQuestion] = []
    notes = []
    for element in root.iterfind("question"):
        if element.get("type") == "category":
            name = text_of(element.find("category"))
            notes.append(
                ImportNote(
                    f"before question {len(items) + 1}", "", f"not kept: the category {name}"
                )
            )
        else:
            items.append(_question(element, f"question {len(items) + 1}", filling.language))
    report = convert_questions(items, filling)
    return replace(report, notes=(*notes, *report.notes))


def _question(element: Element, place: str, language: str) -> ImportedQuestion | LeftOutQuestion:
    name = " ".join(
        (text_of(element.find("idnumber"), inside=False) or text_of(element.find("name"))).split()
    )[:LONGEST_NAME]
    kind = element.get("type", "")
    if kind not in KINDS:
        return LeftOutQuestion(
            place,
            name,
            REASONS.get(kind, f"the kind {kind or 'without a name'}: we have none like it"),
        )
    texts = MoodleTexts(element)
    asked = KINDS[kind](texts, language)
    fact = texts.plain(element.find("generalfeedback"))
    if texts.too_long:
        return LeftOutQuestion(place, name, TOO_LONG)
    if isinstance(asked, str):
        return LeftOutQuestion(place, name, asked)
    losses = (*asked.losses, *texts.all_losses())
    return replace(asked, place=place, name=name, fact=fact, losses=losses)


def _asked(
    texts: MoodleTexts,
    kind: QuestionKind,
    answers: tuple[ImportedAnswer, ...],
    *,
    spare: tuple[str, ...] = (),
    losses: tuple[str, ...] = (),
) -> ImportedQuestion:
    return ImportedQuestion(
        "", "", kind, texts.plain(texts.root.find("questiontext")), answers, spare, "", losses
    )


def _choice(texts: MoodleTexts, _language: str) -> ImportedQuestion:
    single = (
        text_of(texts.root.find("single"), inside=False).lower() in YES
        or texts.root.find("single") is None
    )
    found = texts.answers()
    weights = [weight for _, weight, _ in found]
    losses = () if is_our_rule(weights, single=single) else ("the weights of its answers",)
    answers = tuple(
        ImportedAnswer(text, right, why)
        for (text, _, why), right in zip(found, right_options(weights, single=single), strict=True)
    )
    kind = QuestionKind.SINGLE if single else QuestionKind.MULTIPLE
    return replace(_asked(texts, kind, answers, losses=losses), scale=texts.keeps_order())


def _truth(texts: MoodleTexts, language: str) -> ImportedQuestion | str:
    found = {text.lower(): (weight, why) for text, weight, why in texts.answers()}
    if set(found) != {"true", "false"}:
        return "does not say what is true and what is false"
    answers = tuple(
        ImportedAnswer(word, found[name][0] >= ALL, found[name][1])
        for name, word in zip(("true", "false"), words_of_truth(language), strict=True)
    )
    if sum(answer.right for answer in answers) != 1:
        return "does not say what is true and what is false"
    return _asked(texts, QuestionKind.TRUE_FALSE, answers)


def _matching(texts: MoodleTexts, _language: str) -> ImportedQuestion:
    sides = [
        (texts.plain(one), texts.plain(one.find("answer")))
        for one in texts.root.iterfind("subquestion")
    ]
    answers = tuple(ImportedAnswer(left, match=right) for left, right in sides if left)
    spare = tuple(right for left, right in sides if not left and right)
    return _asked(texts, QuestionKind.MATCHING, answers, spare=spare)


def _short(texts: MoodleTexts, _language: str) -> ImportedQuestion:
    found = texts.answers()
    forms, losses = accepted_forms([(text, weight) for text, weight, _ in found])
    if any(why for _, _, why in found):
        losses += ("the feedback of its answers",)
    if text_of(texts.root.find("usecase"), inside=False) in YES:
        losses += ("that capital letters counted",)
    answers = tuple(ImportedAnswer(form, right=True) for form in forms)
    return _asked(texts, QuestionKind.SHORT_TEXT, answers, losses=losses)


def _number(texts: MoodleTexts, _language: str) -> ImportedQuestion | str:
    found = texts.root.findall("answer")
    tolerance = text_of(found[0].find("tolerance"), inside=False) if found else ""
    value = whole_number(text_of(found[0]), tolerance) if len(found) == 1 else None
    if value is None or texts.root.find("units/unit") is not None:
        return (
            "a number with decimals, a range, a unit or several answers: ours must be whole and"
            " exact"
        )
    losses = ["its kind (a number is now a short text)"]
    if texts.plain(found[0].find("feedback")):
        losses.append("the feedback of its answers")
    return _asked(
        texts, QuestionKind.SHORT_TEXT, (ImportedAnswer(value, right=True),), losses=tuple(losses)
    )


def _ordering(texts: MoodleTexts, _language: str) -> ImportedQuestion:
    answers = tuple(ImportedAnswer(text, why=why) for text, _, why in texts.answers())
    losses = ["its way of marking (ours compares each pair of steps)"]
    if text_of(texts.root.find("selecttype"), inside=False) not in {"", "ALL"}:
        losses.append("that only some of its steps were shown")
    return _asked(texts, QuestionKind.ORDERING, answers, losses=tuple(losses))


KINDS: dict[str, Callable[[MoodleTexts, str], ImportedQuestion | str]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "matching": _matching,
    "shortanswer": _short,
    "numerical": _number,
    "ordering": _ordering,
}
