"""When something is closed, and how many documents there may be."""

import pytest

from cissapp.foundation.core.errors import Refused
from cissapp.prepare.documents.rules import is_open, refuse_if_closed
from cissapp.prepare.documents.rules.limits import refuse_many_documents, refuse_many_versions


@pytest.mark.parametrize(
    ("open_criteria", "criterion_id", "part", "expected"),
    [
        (None, "A1", None, True),
        (None, None, "B", True),
        ([], None, None, False),
        ([], "A1", None, False),
        (["B10"], "B1", None, False),
        (["B10"], "B10", None, True),
        (["B10"], None, None, True),
        (["B10"], None, "B", True),
        (["A10"], None, "B", False),
    ],
)
def test_what_was_handed_in_is_closed_but_for_what_was_opened(
    open_criteria, criterion_id, part, expected
):
    assert is_open(open_criteria, criterion_id, part=part) is expected
    if expected:
        refuse_if_closed(open_criteria, criterion_id, part=part)
    else:
        with pytest.raises(Refused) as refused:
            refuse_if_closed(open_criteria, criterion_id, part=part)
        assert [problem.code for problem in refused.value.problems] == ["closed"]


def test_the_reason_names_what_is_open():
    with pytest.raises(Refused) as refused:
        refuse_if_closed(["A3", "B1"], "A1")

    problem = refused.value.problems[0]
    assert problem.message % problem.values == (
        "You have submitted this. Changes were only requested in other criteria: A3, B1."
    )


def test_there_is_a_limit_to_documents_and_versions():
    refuse_many_documents(39)
    refuse_many_versions(19)

    with pytest.raises(Refused, match="documents"):
        refuse_many_documents(40)
    with pytest.raises(Refused, match="versions"):
        refuse_many_versions(20)
