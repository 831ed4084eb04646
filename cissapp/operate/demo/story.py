"""Tells the story of every demo school, from the register to where its fate leaves it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.operate.demo import (
    appeal_work,
    drill_work,
    group_work,
    phase_work,
    safeguard_work,
    school_work,
    visit_work,
)
from cissapp.operate.demo.cast import COUNTRIES, Fate
from cissapp.operate.demo.group_work import Panel
from cissapp.operate.demo.people import Stage, Tale, school_people
from cissapp.people.accounts.models import User
from cissapp.people.schools import queries as schools_queries
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Facts

DECIDED = frozenset({Fate.CERTIFIED, Fate.EXPIRING, Fate.EXPIRED, Fate.SUSPENDED, Fate.WITHDRAWN})
TRAINED = DECIDED | {
    Fate.READY,
    Fate.SUBMITTED,
    Fate.RETURNED,
    Fate.IN_REVIEW,
    Fate.SECOND_REVIEW,
    Fate.CHANGES_REQUESTED,
    Fate.TO_DECIDE,
    Fate.ASKED,
    Fate.APPEALED,
    Fate.APPEAL_DECIDED,
}
# Days since the decision, or since the last thing that happened.
SINCE = {
    Fate.REGISTERED: 30,
    Fate.BEGUN: 3,
    Fate.HALF_WAY: 2,
    Fate.READY: 2,
    Fate.SUBMITTED: 4,
    Fate.RETURNED: 2,
    Fate.SECOND_REVIEW: 3,
    Fate.IN_REVIEW: 3,
    Fate.CHANGES_REQUESTED: 2,
    Fate.TO_DECIDE: 2,
    Fate.ASKED: 2,
    Fate.APPEALED: 10,
    Fate.APPEAL_DECIDED: 8,
    Fate.SUSPENDED: 250,
    Fate.WITHDRAWN: 270,
    Fate.EXPIRING: 685,
    Fate.EXPIRED: 770,
}


# Which place the next school stands in: the capital has most of them.
SPREAD = (0, 0, 1, 0, 2, 1, 0, 3, 4, 0, 1, 5, 2, 6, 7, 0)
# Days between the hand-in and the last thing that happened; 40 for all others.
HANDED_IN_BEFORE = {
    Fate.SUBMITTED: 0,
    Fate.RETURNED: 5,
    Fate.IN_REVIEW: 9,
    Fate.ASKED: 9,
    Fate.APPEAL_DECIDED: 45,
}
# Days between the decision and what a panel ruled.
RULED_AFTER = {Fate.APPEAL_DECIDED: 10}


def tales(now: datetime) -> list[Tale]:
    """List every school with its fate, in the order in which their last steps happened."""
    return sorted(_tales(now), key=lambda tale: tale.told_at)


def untold(now: datetime) -> list[Tale]:
    """List the schools that are not in the register yet, in the same order."""
    return [
        tale
        for tale in tales(now)
        if schools_queries.school_by_code(tale.country.code, code_of(tale)) is None
    ]


def to_follow(now: datetime) -> list[Tale]:
    """List the missing schools that may be told later than others: the register takes no earlier certificate."""
    return [tale for tale in untold(now) if tale.fate not in DECIDED]


def _tales(now: datetime) -> Iterator[Tale]:
    for country in COUNTRIES:
        number = 0
        for fate, count in country.fates.items():
            for one in range(count):
                since = SINCE.get(fate) or 20 + one * 24
                yield Tale(
                    country=country,
                    place=country.places[SPREAD[number % len(SPREAD)] % len(country.places)],
                    fate=fate,
                    number=number + 1,
                    told_at=now - timedelta(days=since, minutes=7 * number),
                    number_of_fate=one + 1,
                )
                number += 1


def tell(stage: Stage, tale: Tale) -> None:
    """Bring one school to where its fate leaves it, in one transaction."""
    with unit_of_work():
        school = _registered(stage, tale)
        if tale.fate is Fate.REGISTERED and not tale.first_of_its_fate:
            return
        head, designated = school_people(stage, tale, school)
        _learn(stage, tale, head, designated)
        if tale.fate in TRAINED:
            _apply(stage, tale, school, head)


def _registered(stage: Stage, tale: Tale) -> School:
    country = tale.country
    facts = Facts(
        country_code=country.code,
        region_code=tale.place.region,
        code=code_of(tale),
        name=country.school.format(number=tale.number),
        locality=tale.place.name,
        language=country.language,
        pupils=180 + 37 * (tale.number % 19),
    )
    return schools.register(
        facts,
        group=session.merge(stage.groups[country.code], load=False),
        by=stage.staff[country.code][2],
        at=tale.told_at - timedelta(days=120),
    )


def _learn(stage: Stage, tale: Tale, head: User, designated: User) -> None:
    modules = list(stage.issuer.content.modules)
    start = tale.told_at - timedelta(days=90)
    if tale.fate is Fate.BEGUN:
        school_work.begin(head, modules[0], 2, at=tale.told_at)
    elif tale.fate is Fate.HALF_WAY:
        school_work.learn(
            head,
            modules[:3],
            reading=True,
            content=stage.issuer.content,
            at=tale.told_at - timedelta(days=6),
        )
        school_work.begin(head, modules[3], 2, at=tale.told_at)
        school_work.learn(
            designated,
            modules[:1],
            reading=True,
            content=stage.issuer.content,
            at=tale.told_at - timedelta(days=2),
        )
    elif tale.fate in TRAINED:
        school_work.learn(
            head, modules, reading=tale.first_of_its_fate, content=stage.issuer.content, at=start
        )
        school_work.learn(
            designated,
            modules,
            reading=tale.first_of_its_fate,
            content=stage.issuer.content,
            at=start,
        )


def _apply(stage: Stage, tale: Tale, school: School, head: User) -> None:
    at = tale.told_at
    school_work.prepare(
        school,
        head,
        content=stage.issuer.content,
        store=stage.issuer.store,
        checked=tale.fate is Fate.READY and tale.first_of_its_fate,
        at=at - timedelta(days=60),
    )
    _drill(stage, tale, school, head)
    if tale.fate is Fate.IN_REVIEW and tale.first_of_its_fate:
        papers_at = at - timedelta(days=50)
        safeguard_work.add_papers(school, head, store=stage.issuer.store, at=papers_at)
    if tale.fate is Fate.READY:
        return
    school_work.hand_in(
        school,
        head,
        content=stage.issuer.content,
        at=at - timedelta(days=HANDED_IN_BEFORE.get(tale.fate, 40)),
    )
    panel = _panel(stage, tale)
    if tale.fate is Fate.SUBMITTED and not tale.first_of_its_fate:
        at_once = at + timedelta(hours=20)
        phase_work.sift(school, panel.coordinator, content=stage.issuer.content, at=at_once)
    elif tale.fate is not Fate.SUBMITTED:
        decided_at = at - timedelta(days=RULED_AFTER.get(tale.fate, 0))
        group_work.review(panel, school, tale.fate, issuer=stage.issuer, at=decided_at)
        if tale.fate is Fate.IN_REVIEW and tale.first_of_its_fate:
            visit_work.under_way(school, panel.assessor, at=at)
            safeguard_work.take_out(school, panel.assessor, store=stage.issuer.store, at=at)
        if tale.fate in {Fate.APPEALED, Fate.APPEAL_DECIDED}:
            appeal_work.appeal(stage, tale, school, at=at)


def _drill(stage: Stage, tale: Tale, school: School, head: User) -> None:
    """Let the coordinator drill the first school of a fate: before it hands in, or just now."""
    if tale.first_of_its_fate:
        days = 2 if tale.fate is Fate.READY else 55
        coordinator = session.merge(stage.staff[tale.country.code][2], load=False)
        drill_work.drill(
            school, head, coordinator, tale.fate, at=tale.told_at - timedelta(days=days)
        )


def _panel(stage: Stage, tale: Tale) -> Panel:
    """Let the two reviewers of the group take turns."""
    first, second, coordinator = [
        session.merge(one, load=False) for one in stage.staff[tale.country.code]
    ]
    turns = (first, second) if tale.number % 2 else (second, first)
    return Panel(*turns, coordinator)


def end(stage: Stage, tale: Tale) -> None:
    """Suspend, withdraw or complain, where that is the fate; after all certificates were issued."""
    with unit_of_work():
        school = schools_queries.school_by_code(tale.country.code, code_of(tale))
        if school and tale.fate in {Fate.SUSPENDED, Fate.WITHDRAWN}:
            group_work.end(school, tale.fate, at=stage.now)
        elif school and appeal_work.complained_about(tale):
            appeal_work.complain(stage, tale, school)


def code_of(tale: Tale) -> str:
    """Return the register number of a demo school."""
    return f"DEMO-{tale.country.code}-{tale.number:03}"
