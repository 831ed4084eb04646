"""The list of OWASP ASVS says nothing that is not there: ids, states, files, tests, counts, what is left."""

import re
from collections import Counter
from functools import cache

from config import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
STATES = ("held", "partly", "not held", "by the operator", "does not apply")
BY_HAND = "looked at by hand"
CODED = re.compile(r"`([^`]+)`")
FIRST = {"cissapp", "tests", "docs", "deploy", "modules"}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d+\.\d+\.\d+ \|", line)
]
HEADINGS = {
    re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-")
    for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
}


@cache
def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def number(requirement: str) -> list[int]:
    return [int(part) for part in requirement.split(".")]


def fault_of(proof: str) -> str | None:
    """Return what is wrong with a proof: no such target of make, no such file, no such test in it."""
    if proof.startswith("make "):
        found = re.search(rf"^{proof.removeprefix('make ')}:", text_of("Makefile"), re.MULTILINE)
        return None if found else "no target of make"
    place, _, test = proof.partition("::")
    if not place.startswith("tests/") or not (ROOT / place).exists():
        return "no test file"
    return None if not test or f"def {test}(" in text_of(place) else "no test of that name"


def test_each_requirement_has_one_line_in_its_order_under_its_chapter():
    ids = [row[0] for row in ROWS]
    chapters = [
        (int(chapter), number(requirement)[0])
        for chapter, part in re.findall(
            r"^### V(\d+) .*\n((?:(?!^### ).*\n?)*)", PAGE, re.MULTILINE
        )
        for requirement in re.findall(r"^\| (\d+\.\d+\.\d+) \|", part, re.MULTILINE)
    ]

    assert ids == sorted(set(ids), key=number)
    assert [row for row in ROWS if len(row) != 5 or not all(row)] == []
    assert [pair for pair in chapters if pair[0] != pair[1]] == []
    assert len(chapters) == len(ids)


def test_states_are_counted_and_what_is_left_names_each_that_is_not_whole():
    counted = Counter(row[2] for row in ROWS)
    told = re.findall(r"^\| ([a-z ]+) \| (\d+) \|$", PAGE, re.MULTILINE)
    left = PAGE.partition("## What is left\n")[2].partition("\n## ")[0]

    assert [(state, int(count)) for state, count in told] == [
        (state, counted[state]) for state in STATES
    ]
    assert f"\n{len(ROWS)} requirements.\n" in PAGE
    assert sorted(re.findall(r"\d+\.\d+\.\d+", left), key=number) == [
        row[0] for row in ROWS if row[2] in {"partly", "not held"}
    ]


def faults_of(row: list[str]) -> list[str]:
    """List what a line names and is not there: proofs, files, parts of the page, functions of files."""
    _id, _asks, _state, control, proof = row
    proofs = CODED.findall(proof)
    faults = [f"{name}: {fault}" for name in proofs if (fault := fault_of(name))]
    if bool(proofs) is (proof == BY_HAND):
        faults.append("neither a proof nor by hand")
    for name in CODED.findall(control):
        if name.partition("/")[0] in FIRST and "/" in name and not (ROOT / name).exists():
            faults.append(f"{name}: no file")
    faults += [part for part in re.findall(r"\]\(#([a-z-]+)\)", control) if part not in HEADINGS]
    return faults + [
        f"{place} has no {name}"
        for name, place in re.findall(r"`(\w+)` (?:in|of) `([\w/]+\.py)`", control)
        if not re.search(rf"\b{name}\b", text_of(place))
    ]


def test_what_the_lines_name_is_there():
    assert {row[0]: faults for row in ROWS if (faults := faults_of(row))} == {}
