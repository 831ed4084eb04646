"""Decisions (docs/adr): each has its number, a status, a date, and its line in the index."""

import re
from datetime import date

import pytest

from config import ROOT

FOLDER = ROOT / "docs" / "adr"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
HEAD = re.compile(
    r"^# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"\*\*Status\.\*\* (?:Proposed|Accepted|Replaced by ADR \d+|Withdrawn)(?:[;,:] [^\n]+)?\. "
    r"\*\*Date\.\*\* (?P<date>\d{4}-\d{2}-\d{2})\.\n"
)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_status_date_and_its_line_in_the_index(path):
    head = HEAD.match(path.read_text(encoding="utf-8"))

    assert head
    assert int(head["number"]) == int(path.name[:4])
    assert date.fromisoformat(head["date"])
    assert f"| {head['number']} | [{head['title']}]({path.name}) | {head['date']} |" in INDEX


def test_numbers_follow_each_other_and_the_index_lists_nothing_else():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert re.findall(r"\]\((.+?)\)", INDEX) == [path.name for path in DECISIONS]


def test_a_decision_names_only_decisions_that_are_there():
    named = {
        int(number)
        for path in (*DECISIONS, *(ROOT / "docs").glob("*.md"))
        for number in re.findall(r"ADR (\d+)", path.read_text(encoding="utf-8"))
    }

    assert named <= set(range(1, len(DECISIONS) + 1))
