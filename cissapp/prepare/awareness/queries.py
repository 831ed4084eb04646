"""Reads of the awareness rounds."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.rules.questions import GOOD, OPTIONS, Question
from cissapp.prepare.awareness.rules.rounds import CODE_LENGTH, RoundKind, clean_code
from cissapp.prepare.awareness.rules.shares import Change, Share, change_of, share_of
from cissapp.prepare.mechanism import queries as mechanism_queries
from cissapp.prepare.plan.rules import PlanDate, PlanKind, SchoolYear, with_done

Counts = dict[Question, dict[str, int]]


class Figures(Struct, frozen=True):
    """The figures of a round: the number of answers, how often each was tapped, each question's share."""

    answers: int
    counts: Counts
    shares: dict[Question, Share]


class Comparison(Struct, frozen=True):
    """The figures of an earlier round beside those of a later one, and what changed."""

    earlier: AwarenessRound
    figures: Figures
    changes: dict[Question, Change]


class OpenRound(Struct, frozen=True):
    """A round as a pupil sees it: its school, and the languages that the school's pupils read."""

    round: AwarenessRound
    school: School
    languages: tuple[str, ...]


def awareness_round(round_id: UUID) -> AwarenessRound | None:
    """Find a round."""
    return session.get(AwarenessRound, round_id)


def rounds(school_id: UUID) -> list[AwarenessRound]:
    """List the rounds of a school, the newest first."""
    query = select(AwarenessRound).where(AwarenessRound.school_id == school_id)
    newest = query.order_by(AwarenessRound.opened_on.desc(), AwarenessRound.id)
    return list(session.scalars(newest))


def find_by_code(typed: str) -> OpenRound | None:
    """Find the round of a code as someone typed it; None for an unknown one."""
    code = clean_code(typed)
    if len(code) != CODE_LENGTH:
        return None
    found = session.execute(
        select(AwarenessRound, School)
        .join(School, School.id == AwarenessRound.school_id)
        .where(AwarenessRound.code == code)
    ).first()
    return OpenRound(*found, languages=languages_of(found[1])) if found else None


def languages_of(school: School) -> tuple[str, ...]:
    """List the languages that the pupils of a school read: that of the school first."""
    agreed = mechanism_queries.mechanism(school.id)
    more = agreed.pupil_languages if agreed else []
    return tuple(dict.fromkeys([school.language, *more]))


def figures(asked: AwarenessRound, today: date) -> Figures | None:
    """Return the figures that a round shows today; None while there are too few answers."""
    number = asked.figures_of(today)
    if not number:
        return None
    everything = number == asked.answers
    counts: Counts = {one: dict.fromkeys(OPTIONS[one], 0) for one in Question}
    for counter in asked.counters:
        counts[counter.question][counter.option] = counter.answers if everything else counter.shown
    shares = {one: share_of(counts[one][GOOD[one]], number) for one in Question}
    return Figures(number, counts, shares)


def comparison(asked: AwarenessRound, of_today: Figures, today: date) -> Comparison | None:
    """Return what changed since the round that this one is compared with, if both show figures."""
    earlier = awareness_round(asked.compared_with_id) if asked.compared_with_id else None
    before = figures(earlier, today) if earlier else None
    if earlier is None or before is None:
        return None
    changes = {one: change_of(before.shares[one], of_today.shares[one]) for one in Question}
    return Comparison(earlier, before, changes)


def comparable(school_id: UUID) -> list[AwarenessRound]:
    """List the rounds that a new one can be compared with, the newest one before the lessons first."""
    return sorted(rounds(school_id), key=lambda one: one.kind is not RoundKind.BEFORE)


# --- for the year plan ---------------------------------------------------------------------------

PLAN_KINDS = {RoundKind.BEFORE: PlanKind.ASK_BEFORE, RoundKind.AFTER: PlanKind.ASK_AFTER}


def plan_dates(school: School, *, year: SchoolYear, today: date) -> list[PlanDate]:
    """List the survey dates of a school year: done with enough answers, else the end of an open round."""
    of_year = [one for one in rounds(school.id) if year.has(one.opened_on)]
    return [
        _plan_date(kind, [one for one in of_year if one.kind is kind], year, today)
        for kind in RoundKind
    ]


def _plan_date(
    kind: RoundKind, present: list[AwarenessRound], year: SchoolYear, today: date
) -> PlanDate:
    over = [one for one in present if one.is_over(today) and one.figures_of(today)]
    days = [one.ended_on or one.ends_on for one in over]
    (standing,) = with_done(PLAN_KINDS[kind], year, sorted(days)[:1])
    still_open = [one for one in present if not one.is_over(today)]
    if days or not still_open:
        return standing
    link = ("awareness.show_round", {"round_id": still_open[0].id})
    return replace(standing, day=still_open[0].ends_on, link=link, is_suggestion=False)
