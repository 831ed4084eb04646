"""Texts of strangers take work in proportion to their length: counted in steps, never in seconds.

Every regular expression is tried with pieces made of its own parts; every loop over a text that somebody else
wrote stands in a table with what could break it. Whatever is new is found by the first, or belongs into the second.
"""

import ast
import importlib
import pkgutil
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined] # the library's own reader
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import cissapp
from cissapp.certify.credentials.open_badges.baking import extract_credential
from cissapp.certify.credentials.rules.strict_json import read_json
from cissapp.certify.transparency.rules.notes import read_note
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import MARKS_IN_DISGUISE, MOST_MARKS, normalised
from cissapp.foundation.intake import links, markup
from cissapp.foundation.intake.names import display_name
from cissapp.foundation.intake.office import fields
from cissapp.foundation.intake.pdf import raw_bytes
from cissapp.foundation.intake.stripping import office
from cissapp.foundation.safeguards.rules import find_signs
from cissapp.foundation.web.forms import tidy
from cissapp.learn.authoring.formats.gift import read_gift
from cissapp.learn.authoring.formats.moodle_xml import read_moodle_xml
from cissapp.learn.authoring.formats.plain_text import TextFormat, plain_text
from cissapp.learn.authoring.rules.drafts import DraftDefaults
from cissapp.people.accounts.rules import fold_address, password_problems
from cissapp.people.enrolment.rules import one_line
from cissapp.people.school_lists import list_files
from cissapp.people.school_lists.list_files.cells import MOST_COLUMNS
from cissapp.people.school_lists.rules import is_known
from cissapp.prepare.applications.rules.clarity import check_clarity
from cissapp.prepare.documents.rules.differences import differences, sentences
from cissapp.prepare.documents.rules.same_text import normalised_text
from cissapp.prepare.mechanism.rules.picture_keeping import keeps_pictures
from cissapp.review.briefs.rules.names import safe_name
from cissapp.review.independence.rules.possible_conflicts import phone_numbers
from cissapp.verify.verification.checking.online import codes_in
from tests.foundation.core.regex_steps import Steps, letters_of, sample_of

ROOT = Path(cissapp.__file__).parent
# A process of its own, with its own limits, or nothing of a stranger's.
NOT_LOADED = ("worker", "demo")
# Used in a loop, where its uses are not seen by its name: only from the beginning of a text.
ANCHORED = {"MAIL", "WEB", "TELEPHONE"}
# What breaks an expression and is no repetition of its own parts.
PIECES = {"RSIDS": "<rsids>", "STRING": "(\\", "TAG": "<a'\"", "QUOTED": '«„“"'}
RATIO = 2.6


# --- expressions -----------------------------------------------------------------------------


def expressions() -> dict[str, re.Pattern[Any]]:
    found = {}
    for module in pkgutil.walk_packages(cissapp.__path__, "cissapp."):
        if not any(one in module.name for one in NOT_LOADED):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found[f"{module.name}.{name}"] = value
    return found


def calls() -> Iterator[ast.Call]:
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node


def inline() -> dict[str, re.Pattern[Any]]:
    """Expressions that are written where they are used; those from the beginning of a text are called "match …"."""
    found = {}
    for call in calls():
        module, method = getattr(call.func, "value", None), getattr(call.func, "attr", "")
        if isinstance(module, ast.Name) and module.id == "re" and method != "compile" and call.args:
            with suppress(ValueError, TypeError, re.error):
                flags = re.DOTALL if "DOTALL" in ast.unparse(call) else 0
                found[f"{method} {ast.unparse(call)}"] = re.compile(
                    ast.literal_eval(call.args[0]), flags
                )
    return found


def uses() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for call in calls():
        assert isinstance(call.func, ast.Attribute)
        owner = call.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        found[name].add(call.func.attr)
    return found


def growth(pattern: re.Pattern[Any], *, anchored: bool, more: str | None) -> tuple[float, str]:
    """Say how much more steps twice as long a text takes, for the worst of many texts."""
    tree = list(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    sample = sample_of(tree)
    parts = [*letters_of(tree)][:8]
    starts = [sample[:end] for end in range(1, min(len(sample), 10) + 1)]
    worst = (0.0, "")
    for piece in dict.fromkeys([*parts, *starts, *([more] if more else [])]):
        short, long = ((piece * size)[:size] for size in (60, 120))
        if piece == more:
            short, long = piece * 60, piece * 120
        steps = [Steps(pattern, text, anchored=anchored).count for text in (short, long)]
        worst = max(worst, (steps[1] / steps[0], piece))
    return worst


def test_no_regular_expression_goes_back_again_and_again() -> None:
    used = uses()
    found = {}
    for where, pattern in {**expressions(), **inline()}.items():
        name = where.rpartition(".")[2]
        anchored = (
            name in ANCHORED
            or where.startswith(("match ", "fullmatch "))
            or (bool(used.get(name)) and used[name] <= {"match", "fullmatch"})
        )
        ratio, piece = growth(pattern, anchored=anchored, more=PIECES.get(name))
        if ratio > RATIO:
            found[where] = (round(ratio, 1), piece)

    assert found == {}


@pytest.mark.parametrize(
    ("pattern", "piece"),
    [
        (rb"\s+(?:[\w.-]+:)?rsid\w*\s*=", " "),
        (rb"<((?:[\w.-]+:)?rsids)\b[^<>]*>.*?</\1\s*>", "<rsids>"),
        (rb"\((?:[^()\\]|\\.)*+\)", "(\\"),
        (r"(<\?xml[^>]*encoding\s*=)", "<?xml"),
    ],
)
def test_the_count_knows_those_that_did(pattern: Any, piece: str) -> None:
    assert growth(re.compile(pattern, re.DOTALL), anchored=False, more=piece)[0] > RATIO


# --- Unicode ---------------------------------------------------------------------------------


def test_only_one_place_brings_whole_texts_into_a_form_of_unicode() -> None:
    """The library's own sorting of marks takes the square of their number."""
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "unicodedata.normalize" in path.read_text(encoding="utf-8")
    }

    assert found == {
        "foundation/core/unicode.py",
        "foundation/safeguards/rules/folding.py",  # one letter at a time
        "foundation/intake/office/package.py",  # names of at most 250 letters
    }


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73\u0301", "\uff9e\u0301", "\u0344\u0316"])
def test_no_letter_keeps_more_marks_than_a_writing_has(form: Any, marks: str) -> None:
    text = normalised(form, "a" + marks * 400 + "b")

    assert text[-1] == "b"
    assert len(text) < 4 * MOST_MARKS


@pytest.mark.parametrize("text", ["Țară, ărî", "й ї ґ ў", "Ａna ﬁ", "a\u0302\u0323 ệ", "도시"])
@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_a_real_text_stays_what_it_was(form: Any, text: str) -> None:
    assert normalised(form, text) == unicodedata.normalize(form, text)


def test_every_sign_that_is_marks_alone_is_known() -> None:
    disguised = {
        sign
        for sign in map(chr, range(sys.maxunicode + 1))
        if not unicodedata.combining(sign)
        and unicodedata.combining(unicodedata.normalize("NFKD", sign)[0])
    }

    assert disguised == MARKS_IN_DISGUISE


# --- loops -----------------------------------------------------------------------------------


def steps(job: Callable[[Any], object], text: Any) -> int:
    """Count the lines of code that run."""
    count = 0

    def line(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        with suppress(Exception):
            job(text)
    finally:
        sys.settrace(before)
    return count


def field_codes(text: str) -> None:
    codes = fields.FieldCodes()
    for _ in text:
        codes.begin()
    for letter in text:
        codes.add(letter)
        codes.close()


def same_names(text: str) -> None:
    markup._shown({f"space{number} name": letter for number, letter in enumerate(text)})


def repeated(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * size)[:size]


def of_bytes(job: Callable[[bytes], object]) -> Callable[[str], object]:
    return lambda text: job(text.encode())


WORDS = ("a", "a ", ". ", "\n", "<a ", "\u0301\u0316", "\ufdfa", "a@", "1 ")


# What reads a stranger's text, and the pieces that might break it.
def read_list(content: bytes) -> None:
    """Go through a list of schools."""
    for _row in list_files.open_list(BytesIO(content), is_known).rows:
        pass


TABLE: dict[str, tuple[Callable[[Any], object], tuple[str, ...]]] = {
    "typed text": (tidy, WORDS),
    "address": (fold_address, WORDS),
    "password": (lambda text: password_problems(text, Role.SECRETARIAT, ["Ana Popa"]), WORDS),
    "phrases": (find_signs, (*WORDS, "Ana 12 ", "my father ", "«„", "i - ", "pupil Ana (12) ")),
    "text of a document": (normalised_text, WORDS),
    "sentences": (lambda text: sentences([text]), WORDS),
    "difference": (
        lambda text: differences(sentences([text]), sentences([text[::-1]])),
        ("a. ", "a b c. ", "ab. ba. "),
    ),
    "rule on evidence": (
        keeps_pictures,
        (*WORDS, "keep photo ", "photo ", "keep ", "keep a b c d e f g photo ", "nu "),
    ),
    "answer": (check_clarity, WORDS),
    "telephone numbers": (phone_numbers, (*WORDS, "1(", "+1 ")),
    "name of a file": (display_name, (*WORDS, "../", "..")),
    "name in a bag": (safe_name, (*WORDS, "._")),
    "link": (links.is_allowed, (*WORDS, "mailto:", "www.")),
    "field": (fields.check, (*WORDS, '"', " \\l", "QUOTE 1 ")),
    "fields in fields": (field_codes, ("a", '"')),
    "attributes": (same_names, ("a",)),
    "names in a DOCX": (of_bytes(office._word), ("<w:rsids>", "<a rsid", " ", "</w:rsids>")),
    "names in an ODT": (
        of_bytes(office._opendocument),
        ('<a name="PrinterName" ', "<creator-initials>", "xmlns:"),
    ),
    "strings in a PDF": (of_bytes(raw_bytes.without_strings), ("(", "(\\", "()", "((((", "<0")),
    "HTML": (
        lambda text: plain_text(text, TextFormat.HTML),
        (*WORDS, "<script>", "<!--", "&", "<"),
    ),
    "GIFT": (
        lambda text: read_gift(text, DraftDefaults(1, "a")),
        (*WORDS, "::a::{=b}\n\n", "{", "~"),
    ),
    "Moodle XML": (
        lambda text: read_moodle_xml(f"<quiz>{text}</quiz>", DraftDefaults(1, "a")),
        ("<question/>", "<a>", "&"),
    ),
    "list of schools": (of_bytes(read_list), ("code,", "code,name\n", ";", '"', "a\n")),
    "cell": (one_line, WORDS),
    "note": (read_note, (*WORDS, "— a b\n", "\n\n")),
    "codes in a file": (of_bytes(codes_in), ("ABCD-", "ABCD-ABCD-ABCD-ABCD-ABC0 ")),
    "JSON": (read_json, ("[", '{"a":', "1", '"')),
    "badge": (of_bytes(extract_credential), ("<svg>", "<", "\x89PNG")),
}


@pytest.mark.parametrize("name", TABLE)
def test_twice_as_much_takes_twice_as_many_steps(name: str) -> None:
    job, pieces = TABLE[name]
    worse = {}
    for piece in pieces:
        job_of = repeated(piece)
        steps(job, job_of(40))  # what is kept for the next time
        short, long = steps(job, job_of(600)), steps(job, job_of(1_200))
        if long > RATIO * short + 200:
            worse[piece] = (short, long)

    assert worse == {}


def test_a_list_with_the_same_column_again_and_again_is_refused_for_its_columns() -> None:
    with pytest.raises(Refused) as refused:
        read_list(b"code," * 20_000 + b"\n")

    assert refused.value.problems[0].values == {"most": MOST_COLUMNS}


def test_fields_within_fields_have_an_end() -> None:
    codes = fields.FieldCodes()

    with pytest.raises(fields.FileRejected):
        for _ in range(1_000):
            codes.begin()


def test_a_tag_that_does_not_end_is_not_read_again_with_every_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(markup, "PIECE", 100)
    monkeypatch.setattr(markup, "LONGEST_TAG", 1_000)

    markup.read(b'<a b="' + b"x" * 800 + b'"/>', markup.XmlWatcher())
    with pytest.raises(markup.FileRejected):
        markup.read(b'<a b="' + b"x" * 2_000 + b'"/>', markup.XmlWatcher())


PHRASES = (
    "Ana",
    "12",
    "class",
    "7B",
    "pupil",
    "beaten",
    "yesterday",
    "my",
    "father",
    "if",
    "elev",
    "був",
)


@given(
    some.lists(some.sampled_from([*PHRASES, ".", "«", "'", "1", "\u0301"]), min_size=1, max_size=10)
)
@settings(max_examples=25, deadline=None)
def test_no_row_of_phrases_takes_more_than_its_share(row: list[str]) -> None:
    text = " ".join(row * 12)
    find_signs(text)

    assert steps(find_signs, f"{text} {text}") <= 2.1 * steps(find_signs, text) + 400


@given(some.text(some.sampled_from("abіж1 .'-A\u0301"), min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_no_text_takes_more_steps_than_so_many_a_letter(piece: str) -> None:
    find_signs(piece)

    assert steps(find_signs, piece * 10) < 150 * len(piece) * 10 + 3_000
