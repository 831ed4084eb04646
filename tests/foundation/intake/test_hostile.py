"""Every hostile file is refused, and for its own reason; a part of them on the whole way, in a process of its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pikepdf
import pytest

from cissapp.foundation.core.errors import Problem, Refused
from cissapp.foundation.intake import AcceptedFile, examination, examine
from cissapp.foundation.intake.kinds import FileFamily
from cissapp.foundation.intake.office import document as office
from cissapp.foundation.intake.pdf import document as pdf
from cissapp.foundation.intake.reasons import RejectionReason
from cissapp.foundation.intake.sentences import SENTENCES
from tests.foundation.intake import (
    hostile_kinds,
    hostile_open,
    hostile_pdfs,
    hostile_word,
    hostile_zips,
)

HEAVY = ("bomb", "many", "deep", "3001", "multiply")

WRITTEN = [
    *((f"pdf-{name}", "policy.pdf", make, reason) for name, make, reason in hostile_pdfs.cases()),
    *((f"docx-{name}", "policy.docx", make, reason) for name, make, reason in hostile_word.cases()),
    *((f"zip-{name}", "policy.docx", make, reason) for name, make, reason in hostile_zips.cases()),
    *((f"odt-{name}", "policy.odt", make, reason) for name, make, reason in hostile_open.cases()),
    *hostile_kinds.cases(),
]


def is_heavy(name: str) -> bool:
    return any(word in name for word in HEAVY)


# A heavy file takes longer to make than to refuse: it is made once for both ways.
CASES = [
    (name, file_name, cache(make) if is_heavy(name) else make, reason)
    for name, file_name, make, reason in WRITTEN
]
WHOLE_WAY = [case for place, case in enumerate(CASES) if place % 10 == 0 or is_heavy(case[0])]


def refusal(content: bytes, file_name: str) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        examine(content, file_name)
    return refused.value.problems


def in_this_process(kind: FileFamily, content: bytes) -> AcceptedFile:
    verdict, _ = (pdf if kind is FileFamily.PDF else office).judge(content)
    return AcceptedFile(verdict.kind, "", verdict.pages, ())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Judge in this process, and leave the PDF library's limits as they were."""
    monkeypatch.setattr(examination, "examine_in_worker", in_this_process)
    before = pikepdf.settings.get_qpdf_limits()
    yield
    pikepdf.settings.set_qpdf_limits(**before)


@pytest.mark.parametrize(
    ("file_name", "make", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_hostile_file_is_refused_for_its_reason(
    quick: None, file_name: str, make: Callable[[], bytes], reason: RejectionReason
):
    assert refusal(make(), file_name) == (Problem("file", SENTENCES[reason]),)


def test_on_the_whole_way_too():
    """In time, too: a worker has 5 seconds of processor time, and who needs more is refused for another reason."""

    def take(case: tuple[str, str, Callable[[], bytes], RejectionReason]) -> tuple[str, str]:
        name, file_name, make, _ = case
        (problem,) = refusal(make(), file_name)
        return name, problem.message

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(take, WHOLE_WAY))

    assert results == [(name, SENTENCES[reason]) for name, _, _, reason in WHOLE_WAY]


def test_the_corpus_is_large_and_names_differ():
    twice = [name for name, count in Counter(case[0] for case in CASES).items() if count > 1]

    assert (len(CASES) >= 210, twice) == (True, [])


def test_each_reason_has_a_sentence_of_its_own():
    assert len(set(SENTENCES.values())) == len(RejectionReason)


def test_the_corpus_shows_each_reason():
    """Those left out are about the machine, not the file; other tests show them."""
    shown = {case[3] for case in CASES}

    assert set(RejectionReason) - shown == {
        RejectionReason.NOT_CHECKED,
        RejectionReason.NOT_SCANNED,
    }
