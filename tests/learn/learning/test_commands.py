"""`ciss receipts check`: kept, replaced, lost, forged."""

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.learn.learning import services
from cissapp.learn.learning.commands import receipts_group
from cissapp.learn.learning.models import Attempt
from cissapp.learn.learning.rules import receipts
from cissapp.learn.learning.rules.grading import full_answer, worthless_answer
from tests.factories import NOW
from tests.learn.learning.answering import drawing, key_of


@pytest.fixture
def saved(app, make):
    """An attempt with one saved answer, and its receipt."""
    person = make.manager()
    with app.app_context(), unit_of_work():
        module = content().modules[0]
        random = drawing(module, QuestionKind.SINGLE)
        attempt = services.start_attempt(
            module, content=content(), by=person, at=NOW, random=random
        )
        row = next(one for one in attempt.questions if key_of(one).kind is QuestionKind.SINGLE)
        services.save_answer(
            attempt, row.position, worthless_answer(key_of(row)), sequence=0, by=person, at=NOW
        )
        receipt = receipts.receipt_of_answer(attempt.id, row.position, 1, NOW, row.chosen)
        key = receipts.receipt_key(app.config["SECRET_KEY"])
        return person, attempt.id, row.position, receipts.write_receipt(receipt, key)


def checked(app, *words):
    result = app.test_cli_runner().invoke(receipts_group, ["check", *words])
    return result.exit_code, result.output.splitlines()


@pytest.mark.one_database("sqlite")
def test_a_kept_answer_is_confirmed_also_when_typed_with_blanks(app, saved):
    _, attempt_id, position, receipt = saved
    what = f"attempt {attempt_id}, question {position}, save 1"
    genuine = f"Genuine: {what}, saved at 2026-11-25 09:00:00 UTC."
    told = (
        0,
        [
            genuine,
            "The answer is saved as the receipt says.",
        ],
    )

    assert checked(app, receipt) == told
    assert checked(app, *receipt.lower().split("-")) == told


@pytest.mark.one_database("sqlite")
def test_a_newer_answer_is_named(app, saved):
    person, attempt_id, position, receipt = saved
    with app.app_context(), unit_of_work():
        attempt = session.get_one(Attempt, attempt_id)
        answer = full_answer(key_of(attempt.questions[position - 1]))
        services.save_answer(attempt, position, answer, sequence=1, by=person, at=NOW)

    code, lines = checked(app, receipt)

    assert (code, lines[1]) == (0, "A newer answer by the same person replaced this one.")


@pytest.mark.one_database("sqlite")
def test_a_lost_answer_is_called_lost(app, saved):
    _, attempt_id, position, receipt = saved
    with app.app_context(), unit_of_work():
        row = session.get_one(Attempt, attempt_id).questions[position - 1]
        row.chosen, row.sequence, row.saved_at = None, 0, None

    code, lines = checked(app, receipt)

    assert (code, lines[1]) == (1, "LOST: the database has an older or a different answer.")


@pytest.mark.one_database("sqlite")
def test_a_changed_answer_is_called_lost(app, saved):
    _, attempt_id, position, receipt = saved
    with app.app_context(), unit_of_work():
        row = session.get_one(Attempt, attempt_id).questions[position - 1]
        row.chosen = full_answer(key_of(row))

    assert checked(app, receipt)[0] == 1


@pytest.mark.one_database("sqlite")
def test_a_forged_receipt_is_refused(app, saved):
    receipt = saved[3]
    forged = receipt[:-1] + ("A" if receipt[-1] != "A" else "B")

    assert checked(app, forged) == (
        1,
        ["Not genuine: this installation did not issue this receipt, or a character is wrong."],
    )
