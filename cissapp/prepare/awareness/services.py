"""Writes of the awareness rounds.

An answer has no row of its own and is not in the audit trail: its time could reveal who gave it.
"""

import hashlib
import secrets
from datetime import date, datetime

from sqlalchemy import delete, select, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.schools.models import School
from cissapp.prepare.awareness import queries
from cissapp.prepare.awareness.models import AwarenessCounter, AwarenessRound, UsedTicket
from cissapp.prepare.awareness.rules.questions import (
    Choices,
    choice_problems,
    counted,
    every_option,
)
from cissapp.prepare.awareness.rules.rounds import (
    ALPHABET,
    CODE_LENGTH,
    MOST_ROUNDS,
    RoundFacts,
    most_answers,
    round_problems,
    shown_at_end,
    shows_more,
)


def open_round(school: School, facts: RoundFacts, *, by: Actor, at: datetime) -> AwarenessRound:
    """Open a round with a new code and all counters at 0; raise `Refused` for what is wrong with it."""
    lock(f"awareness:{school.id}")
    today = day_in(school.country_code, at)
    problems = list(round_problems(facts, today))
    present = queries.rounds(school.id)
    if len(present) >= MOST_ROUNDS:
        message = N_("You can keep at most %(most)s rounds here. Delete one you no longer need.")
        problems.append(Problem("many", message, {"most": MOST_ROUNDS}))
    if facts.compared_with and facts.compared_with not in {one.id for one in present}:
        problems.append(Problem("compared_with", N_("This round is no longer here.")))
    if problems:
        raise Refused(*problems)
    asked = AwarenessRound(
        id=new_id(),
        school_id=school.id,
        code=_new_code(),
        label=facts.label,
        kind=facts.kind,
        expected=facts.expected,
        opened_on=today,
        ends_on=facts.ends_on,
        compared_with_id=facts.compared_with,
        opened_by_id=by.id,
        counters=[AwarenessCounter(question=one, option=option) for one, option in every_option()],
    )
    session.add(asked)
    session.flush()
    _record(Event.AWARENESS_OPENED, asked, by=by, at=at)
    return asked


def _new_code() -> str:
    """Generate a code that no round has."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if session.scalar(select(AwarenessRound.id).where(AwarenessRound.code == code)) is None:
            return code


def count_answer(asked: AwarenessRound, chosen: Choices, ticket: str, *, today: date) -> bool:
    """Add a pupil's four answers to the counters; return False if the ticket had been counted before.

    Raise `Refused` if an answer is missing, the round has ended, or it has all the answers it accepts.
    """
    problems = choice_problems(chosen)
    if problems:
        raise Refused(*problems)
    _take_alone(asked)
    key = {"round_id": asked.id, "fingerprint": hashlib.sha256(ticket.encode()).hexdigest()}
    if session.get(UsedTicket, key) is not None:
        return False
    if asked.is_over(today):
        raise Refused(Problem("ended", N_("This round of questions has ended.")))
    if asked.answers >= most_answers(asked.expected):
        raise Refused(Problem("full", N_("We have enough answers. Yours is no longer needed.")))
    session.add(UsedTicket(**key))
    taps = counted(chosen)
    for counter in asked.counters:
        counter.answers += taps[counter.question] == counter.option
    asked.answers += 1
    if shows_more(asked.answers, asked.shown, asked.expected):
        _show_all(asked)
    session.flush()
    return True


def end_round(asked: AwarenessRound, *, by: Actor, at: datetime) -> None:
    """End a round today and show its final figures if there are enough new answers; if ended, do nothing."""
    _take_alone(asked)
    today = day_in(by.country_code, at)
    if asked.is_over(today):
        return
    asked.ended_on = today
    if shown_at_end(asked.answers, asked.shown) == asked.answers:
        _show_all(asked)
    _forget_tickets(asked)
    _record(Event.AWARENESS_ENDED, asked, by=by, at=at)


def _take_alone(asked: AwarenessRound) -> None:
    """Let nobody else count in this round until the transaction ends, and read it as it is now."""
    lock(f"awareness-round:{asked.id}")
    query = select(AwarenessRound).where(AwarenessRound.id == asked.id)
    session.scalars(query.execution_options(populate_existing=True)).one()


def _show_all(asked: AwarenessRound) -> None:
    asked.shown = asked.answers
    for counter in asked.counters:
        counter.shown = counter.answers


def remove_round(asked: AwarenessRound, *, by: Actor, at: datetime) -> None:
    """Delete a round with its counters; later rounds are no longer compared with it."""
    session.execute(
        update(AwarenessRound)
        .where(AwarenessRound.compared_with_id == asked.id)
        .values(compared_with_id=None)
    )
    _forget_tickets(asked)
    session.delete(asked)
    _record(Event.AWARENESS_REMOVED, asked, by=by, at=at)


def _forget_tickets(asked: AwarenessRound) -> None:
    session.execute(delete(UsedTicket).where(UsedTicket.round_id == asked.id))


def forget_tickets(*, at: datetime) -> int:
    """Delete the tickets of rounds whose last day has passed; return the number of rounds."""
    over = session.scalars(
        select(AwarenessRound.id)
        .join(UsedTicket, UsedTicket.round_id == AwarenessRound.id)
        .where(AwarenessRound.ends_on < at.date())
        .distinct()
    ).all()
    session.execute(delete(UsedTicket).where(UsedTicket.round_id.in_(over)))
    return len(over)


def _record(event: Event, asked: AwarenessRound, *, by: Actor, at: datetime) -> None:
    facts = {"kind": asked.kind.value, "expected": asked.expected}
    record(event, asked, by=by, at=at, school_id=asked.school_id, **facts)
    session.flush()
