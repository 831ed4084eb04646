"""The sheet of all questions, and the queue of a device: everything has an outcome, nothing is dropped."""

import json
import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import Attempt, AttemptQuestion, LateAnswer
from cissapp.learn.learning.rules.grading import worthless_answer
from cissapp.learn.learning.services import attempts
from tests.factories import NOW
from tests.learn.learning.answering import drawing, key_of, sent
from tests.shipped import MODULE as FIRST
from tests.shipped import SHIPPED

pytestmark = pytest.mark.usefixtures("stopped_clock")

MODULE = FIRST.id
QUIZ = f"/learn/{MODULE}/quiz"
OPTIONS = {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE}
JSON = {"Accept": "application/json"}


class Device:
    """A browser with an open attempt, and the addresses that its script uses."""

    def __init__(self, app, browser, attempt_id):
        self.app, self.browser, self.attempt_id = app, browser, attempt_id
        self.url = f"/learn/attempts/{attempt_id}/answers"
        with app.app_context():
            rows = self.rows()
            self.position = next(
                row.position for row in rows if key_of(row).kind in OPTIONS and len(row.options) > 1
            )
            session.remove()

    def rows(self):
        query = select(AttemptQuestion).where(AttemptQuestion.attempt_id == self.attempt_id)
        return list(session.scalars(query.order_by(AttemptQuestion.position)))

    def ask(self):
        return self.browser.get(self.url, headers=JSON).json

    def send(self, *answers, status=200, token=None):
        headers = {**JSON, "X-CSRFToken": token or self.browser.token()}
        body = {"answers": list(answers)}
        answer = self.browser.post(self.url, json=body, headers=headers, csrf=False)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    def one(self, number="1", sequence=0, made=None, position=None):
        return {
            "position": position or self.position,
            "fields": [["chosen", number]],
            "sequence": sequence,
            "made": made,
        }

    def outcomes(self, *answers):
        return [one["outcome"] for one in self.send(*answers)["outcomes"]]

    def saved(self):
        """What is saved at the position, as the page numbers it."""
        with self.app.app_context():
            row = next(row for row in self.rows() if row.position == self.position)
            found = [str(row.options.index(one) + 1) for one in row.chosen or []]
            session.remove()
        return found

    def late(self):
        """What is kept beside the attempt: position, reason, and the moment that the device claims."""
        with self.app.app_context():
            query = select(LateAnswer).where(LateAnswer.attempt_id == self.attempt_id)
            found = [
                (row.position, row.reason.value, row.made_at) for row in session.scalars(query)
            ]
            session.remove()
        return found


@pytest.fixture
def begin(app, make, sign_in):
    """Let a person begin a quiz."""

    def begun(person=None):
        person = person or make.manager(name="Ana Rusu")
        browser = sign_in(person)
        browser.post(f"{QUIZ}/start")
        with app.app_context():
            attempt_id = session.scalar(select(Attempt.id).where(Attempt.user_id == person.id))
            session.remove()
        return Device(app, browser, attempt_id)

    return begun


@pytest.fixture
def device(begin):
    return begin()


def test_the_sheet_shows_every_question_with_its_own_ids_and_where_answers_go(app, device):
    page = device.browser.get(f"{QUIZ}/sheet").get_data(as_text=True)

    assert re.findall(r'data-position="(\d+)"', page) == [str(one) for one in range(1, 11)]
    assert f'data-answers="{device.url}"' in page
    assert page.count('name="sequence"') == 10


def test_without_a_script_the_sheet_shows_one_scene_and_takes_the_story_on_from_there(device, app):
    """A later scene may show what follows from an earlier decision, and its answer would not be sent along."""

    def scenes(path):
        page = device.browser.get(path).get_data(as_text=True)
        found = re.findall(r'<fieldset id="[^"]*chosen_(\d)"([^>]*)>', page)
        return [number for number, rest in found if "hidden" not in rest.split()]

    with app.app_context():
        story = next(row for row in device.rows() if key_of(row).kind is QuestionKind.SCENARIO)
        position, key = story.position, key_of(story)
        session.remove()

    assert (scenes(f"{QUIZ}/sheet"), len(key.steps) > 4) == (["1"], True)

    device.browser.post(
        f"{QUIZ}/{position}", data={"chosen_1": "1", "then": "next", "sequence": "0"}
    )

    assert scenes(f"{QUIZ}/sheet") == scenes(f"{QUIZ}/{position}") != ["1"]


def test_the_sheet_without_an_attempt_leads_to_the_door(make, sign_in):
    answer = sign_in(make.manager()).get(f"{QUIZ}/sheet")

    assert (answer.status_code, answer.location) == (302, QUIZ)


def test_an_answer_comes_back_with_its_moment_its_number_and_its_receipt(device):
    (outcome,) = device.send(device.one("2"))["outcomes"]
    asked = device.ask()

    receipt = outcome.pop("receipt")
    assert outcome == {
        "position": device.position,
        "outcome": "saved",
        "saved": NOW.isoformat(),
        "text": f"Saved {outcome['text'].removeprefix('Saved ')}",
        "sequence": 1,
    }
    assert asked["open"] is True
    assert asked["now"] == NOW.isoformat()
    assert [(one["position"], one["sequence"], one["receipt"]) for one in asked["answers"]] == [
        (device.position, 1, receipt)
    ]
    assert device.saved() == ["2"]


def test_an_answer_that_arrives_twice_is_saved_once(app, device):
    first = device.send(device.one("2"))["outcomes"]
    with clock.at(NOW + timedelta(hours=3)):
        again = device.send(device.one("2"), device.one("2"))["outcomes"]

    assert again == [*first, *first]
    assert device.late() == []


def test_answers_out_of_order_do_not_undo_the_newer_one(device):
    assert device.outcomes(device.one("1", 0)) == ["saved"]
    assert device.outcomes(device.one("2", 1)) == ["saved"]
    late = device.send(device.one("1", 0))["outcomes"][0]

    assert late["outcome"] == "newer"
    assert late["sequence"] == 2
    assert device.saved() == ["2"]
    assert [one[:2] for one in device.late()] == [(device.position, "newer")]


def test_another_device_that_saved_meanwhile_counts_and_this_one_is_told(device):
    device.send(device.one("2", 0))
    with clock.at(NOW + timedelta(hours=1)):
        told = device.send(device.one("1", 0), device.one("1", 0))["outcomes"]

    assert [one["outcome"] for one in told] == ["newer", "newer"]
    assert told[0]["message"].startswith("Another device saved an answer at ")
    assert device.saved() == ["2"]
    assert len(device.late()) == 1


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        (int((NOW - timedelta(days=9)).timestamp() * 1000), NOW - timedelta(days=9)),
        (int((NOW + timedelta(days=400)).timestamp() * 1000), NOW + timedelta(days=400)),
        (0, None),
        (-(10**15), None),
        (10**30, None),
        (1.5, None),
        ("yesterday", None),
        (None, None),
        ([], None),
        (True, None),
    ],
)
def test_a_wrong_clock_decides_nothing(device, made, kept):
    device.send(device.one("2", 0))
    outcomes = device.outcomes(device.one("1", 0, made), device.one("1", 1, made))

    assert outcomes == ["newer", "saved"]
    assert device.saved() == ["1"]
    ((_, _, claimed),) = device.late()
    if kept:
        assert claimed == kept


def test_after_a_month_the_attempt_is_closed_and_the_answer_is_kept_beside(app, device):
    with clock.at(NOW + timedelta(days=400)):
        device.browser.sign_in(_person(app, device))
        asked = device.ask()
        told = device.send(device.one("1"), token=asked["token"])["outcomes"][0]

    assert asked["open"] is False
    assert told["outcome"] == "closed"
    assert told["message"].startswith("This attempt closed before the answer arrived.")
    assert device.saved() == []
    assert [one[:2] for one in device.late()] == [(device.position, "closed")]


def _person(app, device):
    from cissapp.people.accounts.models import User

    with app.app_context():
        user_id = session.get_one(Attempt, device.attempt_id).user_id
        found = session.get_one(User, user_id)
        session.expunge(found)
        session.remove()
    return found


def test_who_is_signed_out_is_told_so_and_nothing_is_taken(app, device):
    visitor = app.test_client()
    asked = visitor.get(device.url, headers=JSON)
    sent_ = visitor.post(device.url, json={"answers": [device.one()]}, headers=JSON, csrf=False)

    assert (asked.status_code, sent_.status_code) == (401, 401)
    assert sent_.json["error"] == "signed_out"
    assert device.saved() == []


def test_an_old_token_is_refused_and_a_fresh_one_comes_with_the_answers(device):
    refused = device.send(device.one(), status=400, token="of last month")
    fresh = device.ask()["token"]

    assert refused["message"] == "This page is out of date. Reload it."
    assert device.send(device.one(), token=fresh)["outcomes"][0]["outcome"] == "saved"


def test_the_answers_of_somebody_else_do_not_exist(device, begin):
    other = begin()
    asked = other.browser.get(device.url, headers=JSON)
    headers = {**JSON, "X-CSRFToken": other.browser.token()}
    body = {"answers": [device.one()]}
    sent_ = other.browser.post(device.url, json=body, headers=headers, csrf=False)

    assert (asked.status_code, sent_.status_code) == (404, 404)
    assert device.saved() == []


@pytest.mark.parametrize(
    "body",
    [None, [], "answers", {}, {"answers": None}, {"answers": {}}, {"answers": [{}] * 61}],
    ids=["null", "list", "text", "nothing", "none", "object", "too many"],
)
def test_what_is_no_list_of_answers_is_refused_as_a_whole(device, body):
    headers = {**JSON, "X-CSRFToken": device.browser.token(), "Content-Type": "application/json"}
    answer = device.browser.post(device.url, data=json.dumps(body), headers=headers, csrf=False)

    assert (answer.status_code, answer.json) == (422, {"message": "This is not a list of answers."})


WORTHLESS = {
    "no answer": None,
    "text": "1",
    "no position": {"fields": [["chosen", "1"]]},
    "unknown position": {"position": 99, "fields": [["chosen", "1"]]},
    "position as text": {"position": "1", "fields": [["chosen", "1"]]},
    "no fields": {"position": 0},
    "fields as text": {"position": 0, "fields": "chosen=1"},
    "no option": {"position": 0, "fields": [["chosen", "77"]]},
    "no number": {"position": 0, "fields": [["chosen", "<b>"]]},
    "nothing chosen": {"position": 0, "fields": []},
    "no pairs": {"position": 0, "fields": [["chosen"], 3, None, {"chosen": "1"}]},
    "nested": {"position": 0, "fields": [["chosen", ["1"]]]},
}


@pytest.mark.parametrize("given", WORTHLESS.values(), ids=WORTHLESS)
def test_a_wrong_kind_of_answer_is_refused_by_itself_and_the_good_one_beside_it_is_saved(
    device, given
):
    if isinstance(given, dict) and given.get("position") == 0:
        given = {**given, "position": device.position}
    other = device.send(given, device.one("1"))["outcomes"]

    assert [one["outcome"] for one in other] == ["refused", "saved"]
    assert other[0]["message"]
    assert device.saved() == ["1"]


@pytest.mark.parametrize("sequence", [None, "1", -1, 10**6, 10**40, 1.5, True, []])
def test_a_worthless_number_of_the_save_overwrites_nothing(device, sequence):
    device.send(device.one("2", 0))

    # A number beyond the newest save is none that a device can know; it locks nobody out.
    known = sequence in (10**6, 10**40, True)
    assert device.outcomes({**device.one("1"), "sequence": sequence}) == [
        "saved" if known else "newer"
    ]
    assert device.ask()["answers"][0]["sequence"] == (2 if known else 1)


def test_every_kind_of_question_is_taken_from_the_queue(app, make, begin, monkeypatch):
    seen = set()
    for module in SHIPPED.modules:
        kinds = {one.key.kind for one in module.questions_for("MD")}
        monkeypatch.setattr(attempts, "SystemRandom", partial(drawing, module, *kinds))
        person = make.manager()
        browser = begin(person).browser
        browser.post(f"/learn/{module.id}/quiz/start")
        with app.app_context():
            query = select(Attempt).where(
                Attempt.user_id == person.id, Attempt.module_id == module.id
            )
            attempt_id = session.scalars(query).one().id
            answers = [
                {
                    "position": row.position,
                    "sequence": 0,
                    "fields": [
                        [name, value]
                        for fields in sent(row, key_of(row), worthless_answer(key_of(row)))
                        for name, given in fields.items()
                        for value in (given if isinstance(given, list) else [given])
                    ],
                }
                for row in session.get_one(Attempt, attempt_id).questions
            ]
            seen |= {key_of(row).kind for row in session.get_one(Attempt, attempt_id).questions}
            session.remove()
        headers = {**JSON, "X-CSRFToken": browser.token()}
        url = f"/learn/attempts/{attempt_id}/answers"
        said = browser.post(url, json={"answers": answers}, headers=headers, csrf=False).json
        assert [one["outcome"] for one in said["outcomes"]] == ["saved"] * len(answers)

    assert seen == {
        one.key.kind for module in SHIPPED.modules for one in module.questions_for("MD")
    }
    assert {QuestionKind.MATCHING, QuestionKind.ORDERING, QuestionKind.SCENARIO} <= seen


def test_a_decision_that_was_taken_is_not_taken_back_from_the_queue(app, begin, make):
    device = begin()
    with app.app_context():
        row = next(one for one in device.rows() if key_of(one).kind is QuestionKind.SCENARIO)
        key = key_of(row)
        (first, *_) = list(sent(row, key, worthless_answer(key)))
        ((name, number),) = first.items()
        other = "2" if number == "1" else "1"
        position = row.position
        session.remove()
    one = {"position": position, "sequence": 0, "fields": [[name, number]]}
    said = [
        device.send(answer)["outcomes"][0]["outcome"]
        for answer in (one, one, {**one, "sequence": 1, "fields": [[name, other]]})
    ]

    # The first decision stands: what is sent for it once more is the same answer.
    assert said == ["saved", "saved", "saved"]
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(LateAnswer)) == 0
        kept = next(row for row in device.rows() if row.position == position).chosen
        session.remove()
    assert len(kept) == 1


def test_what_came_from_a_queue_stands_in_the_trail(app, device):
    from cissapp.foundation.audit.models import AuditEntry

    device.send(device.one("2", 0))
    device.send(device.one("1", 0))
    with app.app_context():
        query = select(AuditEntry.event).where(AuditEntry.subject_id == str(device.attempt_id))
        events = [str(one) for one in session.scalars(query.order_by(AuditEntry.id))]
        session.remove()

    assert events[-2:] == ["answer.saved", "answer.late"]


def test_a_list_that_is_nested_without_end_is_no_list_of_answers(device):
    headers = {**JSON, "X-CSRFToken": device.browser.token(), "Content-Type": "application/json"}

    answer = device.browser.post(device.url, data=b"[" * 100_000, headers=headers, csrf=False)

    assert answer.status_code == 422
