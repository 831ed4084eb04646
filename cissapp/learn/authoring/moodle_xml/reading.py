"""Reads Moodle XML, as an upload of a stranger: no entities, no document type, nothing fetched."""

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.drafts import WORDS_OF_TRUTH, Answer, Asked, Filling, report_of
from cissapp.learn.authoring.moodle_xml.elements import YES, Elements, said
from cissapp.learn.authoring.report import Dropped, Note, Report, Unreadable, within_limit
from cissapp.learn.authoring.weighing import ALL, chosen_from, is_our_rule, short_forms, whole
from cissapp.learn.authoring.wording import LONGEST_NAME, TOO_LONG

NOT_MOODLE = "This is not a Moodle XML file: it does not begin with <quiz> and questions inside."
REASONS = {
    "description": "a description: it asks nothing",
    "essay": "an essay: people would have to mark it",
    "cloze": "a text with gaps: ours ask one thing at a time",
}


def read_moodle_xml(text: str, filling: Filling) -> Report:
    """Read a Moodle XML file; every question is imported or reported.

    Raises `Unreadable` if the file is larger than 2 MB, declares entities, or is no Moodle XML.
    """
    try:
        root = fromstring(within_limit(text).lstrip("\ufeff \r\n\t"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable(
            "The file declares a document type or entities; Moodle never does."
        ) from error
    except (ParseError, ValueError) as error:
        raise Unreadable(NOT_MOODLE) from error
    if root.tag != "quiz":
        raise Unreadable(NOT_MOODLE)
    items: list[Asked | Dropped] = []
    notes = []
    for element in root.iterfind("question"):
        if element.get("type") == "category":
            name = said(element.find("category"))
            notes.append(
                Note(f"before question {len(items) + 1}", "", f"not kept: the category {name}")
            )
        else:
            items.append(_question(element, f"question {len(items) + 1}", filling.language))
    report = report_of(items, filling)
    return replace(report, notes=(*notes, *report.notes))


def _question(element: Element, place: str, language: str) -> Asked | Dropped:
    name = " ".join(
        (said(element.find("idnumber"), inside=False) or said(element.find("name"))).split()
    )[:LONGEST_NAME]
    kind = element.get("type", "")
    if kind not in KINDS:
        return Dropped(
            place,
            name,
            REASONS.get(kind, f"the kind {kind or 'without name'}: ours have none like it"),
        )
    texts = Elements(element)
    asked = KINDS[kind](texts, language)
    fact = texts.plain(element.find("generalfeedback"))
    if texts.too_long:
        return Dropped(place, name, TOO_LONG)
    if isinstance(asked, str):
        return Dropped(place, name, asked)
    losses = (*asked.losses, *texts.all_losses())
    return replace(asked, place=place, name=name, fact=fact, losses=losses)


def _asked(
    texts: Elements,
    kind: QuestionKind,
    answers: tuple[Answer, ...],
    *,
    spare: tuple[str, ...] = (),
    losses: tuple[str, ...] = (),
) -> Asked:
    return Asked(
        "", "", kind, texts.plain(texts.root.find("questiontext")), answers, spare, "", losses
    )


def _choice(texts: Elements, _language: str) -> Asked:
    single = (
        said(texts.root.find("single"), inside=False).lower() in YES
        or texts.root.find("single") is None
    )
    found = texts.answers()
    weights = [weight for _, weight, _ in found]
    losses = () if is_our_rule(weights, single=single) else ("the weights of its answers",)
    answers = tuple(
        Answer(text, right, why)
        for (text, _, why), right in zip(found, chosen_from(weights, single=single), strict=True)
    )
    return _asked(
        texts, QuestionKind.SINGLE if single else QuestionKind.MULTIPLE, answers, losses=losses
    )


def _truth(texts: Elements, language: str) -> Asked | str:
    found = {text.lower(): (weight, why) for text, weight, why in texts.answers()}
    if set(found) != {"true", "false"}:
        return "does not say what is true and what is false"
    answers = tuple(
        Answer(word, found[name][0] >= ALL, found[name][1])
        for name, word in zip(("true", "false"), WORDS_OF_TRUTH[language], strict=True)
    )
    if sum(answer.right for answer in answers) != 1:
        return "does not say what is true and what is false"
    return _asked(texts, QuestionKind.TRUE_FALSE, answers)


def _matching(texts: Elements, _language: str) -> Asked:
    sides = [
        (texts.plain(one), texts.plain(one.find("answer")))
        for one in texts.root.iterfind("subquestion")
    ]
    answers = tuple(Answer(left, match=right) for left, right in sides if left)
    spare = tuple(right for left, right in sides if not left and right)
    return _asked(texts, QuestionKind.MATCHING, answers, spare=spare)


def _short(texts: Elements, _language: str) -> Asked:
    found = texts.answers()
    forms, losses = short_forms([(text, weight) for text, weight, _ in found])
    if any(why for _, _, why in found):
        losses += ("the feedback of its answers",)
    if said(texts.root.find("usecase"), inside=False) in YES:
        losses += ("that capital letters counted",)
    answers = tuple(Answer(form, right=True) for form in forms)
    return _asked(texts, QuestionKind.SHORT_TEXT, answers, losses=losses)


def _number(texts: Elements, _language: str) -> Asked | str:
    found = texts.root.findall("answer")
    tolerance = said(found[0].find("tolerance"), inside=False) if found else ""
    value = whole(said(found[0]), tolerance) if len(found) == 1 else None
    if value is None or texts.root.find("units/unit") is not None:
        return (
            "a number with decimals, a range, a unit or several answers: ours are whole and exact"
        )
    losses = ["its kind (a number is now a short text)"]
    if texts.plain(found[0].find("feedback")):
        losses.append("the feedback of its answers")
    return _asked(
        texts, QuestionKind.SHORT_TEXT, (Answer(value, right=True),), losses=tuple(losses)
    )


def _ordering(texts: Elements, _language: str) -> Asked:
    answers = tuple(Answer(text, why=why) for text, _, why in texts.answers())
    losses = ["its way of marking (ours compares each two steps)"]
    if said(texts.root.find("selecttype"), inside=False) not in {"", "ALL"}:
        losses.append("that only some of its steps were shown")
    return _asked(texts, QuestionKind.ORDERING, answers, losses=tuple(losses))


KINDS: dict[str, Callable[[Elements, str], Asked | str]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "matching": _matching,
    "shortanswer": _short,
    "numerical": _number,
    "ordering": _ordering,
}
