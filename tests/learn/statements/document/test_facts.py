"""What is stated: written in one way, read back strictly, listed only where there is something."""

import json
from datetime import UTC, datetime

import pytest

from cissapp.foundation.core.db import canonical
from cissapp.learn.learning.rules import ModuleProgress
from cissapp.learn.statements.document.facts import StatedModule, read_statement, stated_modules
from cissapp.learn.statements.rules import read_json
from tests.certify.certificates.specimen import content, facts
from tests.learn.statements.specimen import PEOPLE, module, statement


@pytest.mark.parametrize("language", PEOPLE)
def test_a_statement_reads_back_as_it_was_written(language: str):
    known = statement(language)

    assert read_statement(known.text()) == known


def test_nothing_but_what_is_named_is_stated():
    assert set(json.loads(statement().text())) == {
        *("base_url", "country_code", "demo", "format", "key_id", "language", "locality"),
        *("made_at", "modules", "name", "says_not", "school_code", "school_name"),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "ciss-certificate-3"},
        {"name": None},
        {"demo": "no"},
        {"modules": []},
        {"modules": [1]},
        {"modules": "x"},
        {"made_at": "yesterday"},
        {"made_at": 5},
        {"email": "ana@school.example"},
        {"key_id": {}},
    ],
)
def test_what_is_no_statement_of_ours_is_refused(changes):
    raw = {**statement().content(), **changes}

    with pytest.raises(ValueError, match=r"statement|time data"):
        read_statement(canonical(raw))


@pytest.mark.parametrize(
    "changes",
    [
        {"percent": 101},
        {"percent": True},
        {"lessons_read": 7},
        {"version": 0},
        {"title": 5},
        {"x": 1},
    ],
)
def test_a_module_with_a_wrong_value_is_refused(changes):
    raw = statement().content()
    raw["modules"] = [{**raw["modules"][0], **changes}]

    with pytest.raises(ValueError, match="statement"):
        read_statement(canonical(raw))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "null", '{"a":1,"a":2}', '{"a":1.5}', '{"a":NaN}', "[" * 9_000, " " * 200_000],
)
def test_json_is_read_strictly(text: str):
    with pytest.raises(ValueError, match=r"."):
        read_json(text)


def test_the_facts_of_a_certificate_are_no_statement():
    with pytest.raises(ValueError, match=r"."):
        read_statement(facts().text())


def test_only_modules_with_something_to_state_are_listed():
    first, second, third = content().modules[:3]
    at = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    parts = [
        ModuleProgress(module=first, passed_at=at),
        ModuleProgress(module=second),
        ModuleProgress(module=third, read={third.lessons[0].id: at, "gone": at}),
    ]
    titles = {one.id: one.id.upper() for one in content().modules}

    assert stated_modules(parts, titles) == (
        StatedModule(
            first.id,
            1,
            first.id.upper(),
            first.file.version,
            len(first.lessons),
            0,
            at.date(),
            None,
        ),
        StatedModule(
            third.id, 3, third.id.upper(), third.file.version, len(third.lessons), 1, None, None
        ),
    )


def test_counts_follow_from_the_modules():
    known = statement(modules=(module(1), module(2, passed_on=None, percent=None, lessons_read=2)))

    assert (known.passed, known.lessons_read) == (1, 8)
