"""Words that the glossary replaced, and where pages and code still have them.

`python -m tests.architecture.words` takes what is mended out of `words_to_replace.txt`. It adds nothing.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache

from babel.messages.pofile import read_po

from config import ROOT

LIST = ROOT / "tests" / "architecture" / "words_to_replace.txt"

# What pages do not say (as it stands in the glossary), how it is found, and where it is good English.
PAGES = {
    "dossier": (r"\bdossiers?\b", ""),
    "hand in": (r"\bhand(s|ed|ing)? (one )?in\b", r"quiz|attempt|question|answers"),
    "mark": (
        r"\bmarks?\b",
        r"quotation mark|mark by mark|a mark in this browser|\bmark (all|it)? ?as\b|★ marks",
    ),
    "sift": (r"\bsift", ""),
    "first look": (r"\bfirst look", ""),
    "assessor": (r"\bassessors?\b", ""),
    "dealt": (r"\b(deals?|dealt)\b", r"deal(s|t)? with"),
    "ruling": (r"\b(rulings?|ruled)\b", ""),
    "verdict": (r"\bverdicts?\b", ""),
    "seat": (r"\bseats?\b", ""),
    "tie": (r"\b(ties?|tied)\b", r"tied to a (list|template)"),
    "hint": (r"\bhints?\b", ""),
    "days agreed": (r"\bdays? agreed\b", ""),
    "turn of": (r"\bturn of\b", ""),
    "revoked": (r"\brevo[ck]", ""),
    "lapsed": (r"\blaps(e[sd]?|ing)\b", ""),
    "fell into other hands": (r"\bin(to)? (other|wrong) hands\b", ""),
    "without a line": (
        r"\bwithout a line|\bthere is (a|no) line|\bneed a line|\bover the line|\bline (is back|broke)",
        "",
    ),
    "of one mind": (r"\bof one mind\b", ""),
}
# What documents do not say either, outside of names of code. The others mean something else there as often as not.
DOCUMENTS = (
    "dossier",
    "sift",
    "first look",
    "assessor",
    "ruling",
    "verdict",
    "seat",
    "days agreed",
    "turn of",
    "revoked",
    "lapsed",
    "of one mind",
)
# These name the words, or are written from names of code.
WITH_OLD_WORDS = {"glossary.md", "record-of-processing.md"}
# What classes and functions are not called: words inside their names, in small letters with `_` between.
NAMES = {
    "dossier": r"dossiers?",
    "sift": r"sift\w*?",
    "assessor": r"assessors?|assess(ed|ing)",
    "dealt": r"deal|dealt",
    "ruling": r"rulings?|ruled",
    "verdict": r"verdicts?",
    "seat": r"seat\w*?",
    "hands": r"hands",
    "hand in": r"hand(ed)?_in",
    "tie": r"ties?|tied",
    "hint": r"hints?",
    "turn of": r"whose_turn",
    "revoked": r"revo[ck]\w*?",
    "lapsed": r"laps(e[sd]?|ing)",
    "of one mind": r"of_one_mind",
    "doubt": r"doubts?",
}
# A person hands a quiz in; what the school does with its application is to submit it.
QUIZ = "learn"
# What means something else as often as not, so that no machine can judge it.
NOT_JUDGED = {
    "file": "what is uploaded is one",
    "proof": "the public log has some",
    "paper": "a checklist can be printed on it",
    "taken": "a photo is, a place is",
}


def messages() -> Iterator[str]:
    """Go through the English sentences of pages and mails, as the catalogue has them."""
    with (ROOT / "cissapp/translations/messages.pot").open("rb") as file:
        for message in read_po(file):
            yield from message.id if isinstance(message.id, tuple) else (message.id,)


def names() -> Iterator[tuple[str, str]]:
    """Go through the names of all classes and functions, each with its wing."""
    for path in sorted((ROOT / "cissapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield path.relative_to(ROOT / "cissapp").parts[0], node.name


def documents() -> Iterator[tuple[str, str]]:
    """Go through the lines of the documents without names of code and addresses of links, each with its document."""
    for path in sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]):
        if (
            path.name not in WITH_OLD_WORDS
            and path.parent.name != "adr"
            and path.name != "CHANGELOG.md"
        ):
            for line in path.read_text(encoding="utf-8").splitlines():
                yield str(path.relative_to(ROOT)), re.sub(r"`[^`]*`|\]\([^)]*\)", "", line)


def in_a_message(message: str) -> list[str]:
    """List the words that a sentence should not have."""
    return [
        word
        for word, (pattern, good) in PAGES.items()
        if re.search(pattern, message, re.IGNORECASE)
        and not (good and re.search(good, message, re.IGNORECASE))
    ]


def in_a_name(name: str, wing: str = "") -> list[str]:
    """List the words that a name should not have."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return [
        word
        for word, pattern in NAMES.items()
        if re.search(rf"(?:^|_)(?:{pattern})(?:_|$)", plain)
        and not (word == "hand in" and wing == QUIZ)
    ]


@cache
def found() -> frozenset[str]:
    """Return every line that the list would need."""
    pages = {
        f"page {json.dumps(one, ensure_ascii=False)}" for one in messages() if in_a_message(one)
    }
    return frozenset(pages | {f"name {name}" for wing, name in names() if in_a_name(name, wing)})


def listed() -> list[str]:
    """Return the lines of the list."""
    return LIST.read_text(encoding="utf-8").splitlines()


def write(lines: Iterable[str]) -> None:
    """Write the list."""
    LIST.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    write(set(listed()) & found())
