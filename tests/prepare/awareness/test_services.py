"""Counting answers: on both databases, without a trace of who or when."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.prepare.awareness import queries, services
from cissapp.prepare.awareness.models import AwarenessRound, UsedTicket
from cissapp.prepare.awareness.rules.questions import Question
from cissapp.prepare.awareness.rules.rounds import RoundFacts, RoundKind
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("context")

TODAY = NOW.date()
GOOD = {
    Question.IN_SCHOOL: "two",
    Question.OUTSIDE: "yes",
    Question.WOULD_TELL: "yes",
    Question.POSTER: "no",
}
POOR = {**GOOD, Question.IN_SCHOOL: "one"}


def opened(school, head, **values):
    facts = {"label": "October", "kind": RoundKind.BEFORE, "expected": 30, **values}
    facts.setdefault("ends_on", TODAY + timedelta(days=14))
    return services.open_round(school, RoundFacts(**facts), by=head, at=NOW)


def come(asked, number, chosen=GOOD, today=TODAY):
    for _ in range(number):
        ticket = f"ticket {asked.answers}"
        assert services.count_answer(asked, chosen, ticket, today=today)


def both(asked, today=TODAY):
    """Of the figures that are shown: the share that reaches the aim."""
    figures = queries.figures(asked, today)
    return figures and (figures.shares[Question.BOTH].part, figures.answers)


@pytest.mark.one_database("sqlite")
def test_figures_come_in_steps_of_ten_and_all_at_the_end(school, head):
    asked = opened(school, head)
    seen = []
    for chosen in [GOOD] * 9 + [POOR] * 20:
        come(asked, 1, chosen)
        seen.append(both(asked))

    assert seen[:9] == [None] * 9
    assert seen[9:19] == [(9, 10)] * 10
    assert seen[19:] == [(9, 20)] * 10
    come(asked, 1, GOOD)
    assert both(asked) == (9, 20)
    assert both(asked, asked.ends_on) == (9, 20)
    assert both(asked, asked.ends_on + timedelta(days=1)) == (10, 30)


@pytest.mark.one_database("sqlite")
def test_a_round_ended_by_the_school_shows_all_unless_fewer_than_ten_are_new(school, head):
    few, more, none = (opened(school, head) for _ in range(3))
    come(few, 15)
    come(more, 20)
    come(none, 9)
    for asked in (few, more, none):
        services.end_round(asked, by=head, at=NOW)

    assert [both(asked) for asked in (few, more, none)] == [(10, 10), (20, 20), None]
    with pytest.raises(Refused):
        services.count_answer(few, GOOD, "late", today=TODAY)


def test_a_ticket_counts_once_and_a_round_takes_a_fifth_more_than_expected(school, head):
    asked = opened(school, head, expected=10)
    assert services.count_answer(asked, GOOD, "one", today=TODAY)
    assert not services.count_answer(asked, GOOD, "one", today=TODAY)
    come(asked, 11)
    with pytest.raises(Refused) as refused:
        services.count_answer(asked, GOOD, "one more", today=TODAY)

    assert [one.code for one in refused.value.problems] == ["full"]
    assert asked.answers == 12


def test_what_is_kept_of_an_answer_is_a_count(school, head):
    """No column could hold an address, a moment of an answer, or a text of a pupil."""
    inspector = inspect(session.connection())
    columns = {
        table: {one["name"]: str(one["type"]) for one in inspector.get_columns(table)}
        for table in ("awareness_round", "awareness_counter", "awareness_ticket")
    }
    assert {table: set(names) for table, names in columns.items()} == {
        "awareness_round": {
            *("id", "school_id", "code", "label", "kind", "expected", "opened_on", "ends_on"),
            *("ended_on", "compared_with_id", "opened_by_id", "answers", "shown"),
        },
        "awareness_counter": {"round_id", "question", "option", "answers", "shown"},
        "awareness_ticket": {"round_id", "fingerprint"},
    }
    assert not any("TIME" in kind for names in columns.values() for kind in names.values())

    asked = opened(school, head)
    before = session.scalars(select(AuditEntry.id)).all()
    come(asked, 3)
    come(asked, 2, POOR)
    assert session.scalars(select(AuditEntry.id)).all() == before
    counts = {(one.question.value, one.option): one.answers for one in asked.counters}
    assert {key: count for key, count in counts.items() if count} == {
        ("in_school", "two"): 3,
        ("in_school", "one"): 2,
        ("outside", "yes"): 5,
        ("would_tell", "yes"): 5,
        ("poster", "no"): 5,
        ("both", "yes"): 3,
        ("both", "no"): 2,
    }


def test_tickets_are_forgotten_when_a_round_has_ended(school, head):
    by_hand, by_day, still_open = (
        opened(school, head, ends_on=TODAY + timedelta(days=days)) for days in (9, 1, 9)
    )
    for asked in (by_hand, by_day, still_open):
        come(asked, 2)
    services.end_round(by_hand, by=head, at=NOW)

    assert services.forget_tickets(at=NOW + timedelta(days=2)) == 1
    assert set(session.scalars(select(UsedTicket.round_id))) == {still_open.id}
    assert services.forget_tickets(at=NOW + timedelta(days=2)) == 0


def test_before_and_after_stand_side_by_side_until_one_is_deleted(school, head):
    before = opened(school, head)
    after = opened(school, head, kind=RoundKind.AFTER, compared_with=before.id)
    come(before, 5)
    come(before, 5, POOR)
    come(after, 10)
    compared = queries.comparison(after, queries.figures(after, TODAY), TODAY)

    assert compared.changes[Question.BOTH].value == 0.5
    services.remove_round(before, by=head, at=NOW)
    session.expire_all()
    assert queries.comparison(after, queries.figures(after, TODAY), TODAY) is None
    assert queries.rounds(school.id) == [after]
    services.remove_round(after, by=head, at=NOW)
    assert session.scalars(select(AwarenessRound)).all() == []


@pytest.mark.one_database("sqlite")
def test_a_round_of_another_school_is_not_compared_with(school, head, make):
    other = make.school()
    foreign = opened(other, make.manager(other))
    with pytest.raises(Refused) as refused:
        opened(school, head, compared_with=foreign.id)

    assert [one.code for one in refused.value.problems] == ["compared_with"]
