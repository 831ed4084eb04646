"""Out and in again: whatever is answered earns what it earned before."""

from collections.abc import Callable
from itertools import zip_longest
from random import Random

import pytest

from cissapp.foundation.content.schema import (
    ChoiceKey,
    MatchingKey,
    OrderingKey,
    QuestionKind,
    ShortTextKey,
)
from cissapp.foundation.content.values import Question
from cissapp.learn.authoring.formats.gift import read_gift, write_gift
from cissapp.learn.authoring.formats.moodle_xml import read_moodle_xml, write_moodle_xml
from cissapp.learn.learning.rules.grading import points
from tests.learn.authoring.formats.samples import FILLING, random_question

GIFT_KINDS = [
    QuestionKind.SINGLE,
    QuestionKind.MULTIPLE,
    QuestionKind.TRUE_FALSE,
    QuestionKind.MATCHING,
    QuestionKind.SHORT_TEXT,
]
SHEETS = 25


def translated(before: Question, after: Question) -> dict[str, str]:
    """Which option or match is called what afterwards: the order says it."""
    old, new = before.key, after.key
    if isinstance(old, OrderingKey) and isinstance(new, OrderingKey):
        return dict(zip(old.key, new.key, strict=True))
    if isinstance(old, MatchingKey) and isinstance(new, MatchingKey):
        names = dict(zip(old.options, new.options, strict=True))
        matches = {old.pairs[one]: new.pairs[names[one]] for one in old.options}
        spare = (set(old.matches) - set(matches)), (set(new.matches) - set(matches.values()))
        return {**names, **matches, **dict(zip(*spare, strict=True))}
    if isinstance(old, ChoiceKey) and isinstance(new, ChoiceKey):
        return dict(zip(old.options, new.options, strict=True))
    return {}


def answer(random: Random, question: Question) -> list[str]:
    key = question.key
    if isinstance(key, OrderingKey):
        return random.sample(key.options, len(key.options))
    if isinstance(key, MatchingKey):
        return [f"{one}={random.choice(key.matches)}" for one in key.options]
    if isinstance(key, ShortTextKey):
        forms = [form for forms in key.accepted.values() for form in forms]
        return [random.choice([*forms, forms[0].upper(), "something else"])]
    assert isinstance(key, ChoiceKey)
    count = random.randint(1, len(key.options)) if key.kind is QuestionKind.MULTIPLE else 1
    return sorted(random.sample(key.options, count))


def in_new_names(chosen: list[str], names: dict[str, str]) -> list[str]:
    if not names:
        return chosen
    return ["=".join(names[part] for part in one.split("=")) for one in chosen]


@pytest.mark.parametrize(
    ("kinds", "write", "read"),
    [
        (GIFT_KINDS, write_gift, read_gift),
        ([*GIFT_KINDS, QuestionKind.ORDERING], write_moodle_xml, read_moodle_xml),
    ],
    ids=["gift", "moodle-xml"],
)
def test_every_answer_earns_after_the_way_what_it_earned_before(
    kinds: list[QuestionKind], write: Callable, read: Callable
):
    random = Random(20261126)
    before = [random_question(random, kind, n) for n, kind in enumerate(kinds * 40)]

    text, dropped = write(before, "en")
    report = read(text, FILLING)

    assert (dropped, report.dropped) == ((), ())
    assert [one.id for one in report.imported] == [one.id for one in before]
    wrong = []
    earned = set()
    for old, new in zip_longest(before, report.imported):
        names = translated(old, new)
        for _ in range(SHEETS):
            chosen = answer(random, old)
            earns = points(old.key, chosen)
            earned.add(earns)
            if points(new.key, in_new_names(chosen, names)) != earns:
                wrong.append((old.id, chosen))
    assert wrong == []
    assert {0, 50, 100} <= earned
    assert len(earned) > 8  # parts of the points were compared too
    assert not any("weights" in note.what for note in report.notes)


@pytest.mark.parametrize(
    ("write", "read"), [(write_gift, read_gift), (write_moodle_xml, read_moodle_xml)]
)
def test_texts_come_back_as_they_were_but_for_arrows_and_html(write: Callable, read: Callable):
    random = Random(7)
    before = [random_question(random, QuestionKind.MULTIPLE, number) for number in range(60)]

    after = read(write(before, "en")[0], FILLING).imported

    def shown(question: Question) -> list[str]:
        words = question.texts["en"]
        pieces = [words.text, words.fact]
        pieces += [said for one in words.options.values() for said in (one.text, one.why)]
        return [
            "\n".join(" ".join(line.split()) for line in piece.splitlines() if line.strip())
            .replace("<b", "‹b")
            .replace("</", "‹/")
            .replace("->", "→")
            for piece in pieces
        ]

    assert [shown(one) for one in after] == [shown(one) for one in before]
