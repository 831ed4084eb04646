"""Tells the story of every demo school, from the register to its state."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.operate.demo.schools import (
    appeals,
    completeness_checks,
    drills,
    library_use,
    people,
    policy_answers,
    poster_rounds,
    preparation,
    products,
    public_pages,
    pupils,
    removals,
    reviews,
    second_rounds,
    visits,
)
from cissapp.operate.demo.schools.cast import COUNTRIES, DemoState
from cissapp.operate.demo.schools.people import SchoolStory, StoryContext, school_people
from cissapp.operate.demo.schools.reviews import ReviewTeam
from cissapp.people.accounts.models import User
from cissapp.people.schools import queries as schools_queries
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import RegisterFacts

DECIDED = frozenset(
    {
        DemoState.CERTIFIED,
        DemoState.EXPIRING,
        DemoState.EXPIRED,
        DemoState.SUSPENDED,
        DemoState.WITHDRAWN,
    }
)
TRAINED = DECIDED | {
    DemoState.READY,
    DemoState.SUBMITTED,
    DemoState.RETURNED,
    DemoState.IN_REVIEW,
    DemoState.SECOND_REVIEW,
    DemoState.CHANGES_REQUESTED,
    DemoState.TO_DECIDE,
    DemoState.ASKED,
    DemoState.APPEALED,
    DemoState.APPEAL_DECIDED,
}
# Days since the decision, or since the last event.
SINCE = {
    DemoState.REGISTERED: 30,
    DemoState.BEGUN: 3,
    DemoState.HALF_WAY: 2,
    DemoState.READY: 2,
    DemoState.SUBMITTED: 4,
    DemoState.RETURNED: 2,
    DemoState.SECOND_REVIEW: 3,
    DemoState.IN_REVIEW: 3,
    DemoState.CHANGES_REQUESTED: 2,
    DemoState.TO_DECIDE: 2,
    DemoState.ASKED: 2,
    DemoState.APPEALED: 10,
    DemoState.APPEAL_DECIDED: 8,
    DemoState.SUSPENDED: 250,
    DemoState.WITHDRAWN: 270,
    DemoState.EXPIRING: 685,
    DemoState.EXPIRED: 770,
}


# The place of each next school: the capital has most of them.
SPREAD = (0, 0, 1, 0, 2, 1, 0, 3, 4, 0, 1, 5, 2, 6, 7, 0)
# Days between the submission and the last event; 40 for all other states.
HANDED_IN_BEFORE = {
    DemoState.SUBMITTED: 0,
    DemoState.RETURNED: 5,
    DemoState.IN_REVIEW: 9,
    DemoState.ASKED: 9,
    DemoState.APPEAL_DECIDED: 45,
}
# Days between the decision and the panel's ruling.
RULED_AFTER = {DemoState.APPEAL_DECIDED: 10}


def tales(now: datetime) -> list[SchoolStory]:
    """List every school with its state, in the order of their last steps."""
    return sorted(_tales(now), key=lambda tale: tale.told_at)


def untold(now: datetime) -> list[SchoolStory]:
    """List the schools that are not in the register yet, in the same order."""
    return [
        tale
        for tale in tales(now)
        if schools_queries.school_by_code(tale.country.code, code_of(tale)) is None
    ]


def to_follow(now: datetime) -> list[SchoolStory]:
    """List the missing schools that may be made later: the register accepts no certificate out of order."""
    return [tale for tale in untold(now) if tale.state not in DECIDED]


def _tales(now: datetime) -> Iterator[SchoolStory]:
    for country in COUNTRIES:
        number = 0
        for state, count in country.states.items():
            for one in range(count):
                since = SINCE.get(state) or 20 + one * 24
                yield SchoolStory(
                    country=country,
                    place=country.places[SPREAD[number % len(SPREAD)] % len(country.places)],
                    state=state,
                    number=number + 1,
                    told_at=now - timedelta(days=since, minutes=7 * number),
                    number_in_state=one + 1,
                )
                number += 1


def tell(stage: StoryContext, tale: SchoolStory) -> None:
    """Bring a school to its state, in one transaction."""
    with unit_of_work():
        school = _registered(stage, tale)
        if tale.state is DemoState.REGISTERED and not tale.first_in_its_state:
            return
        head, designated = school_people(stage, tale, school)
        _learn(stage, tale, head, designated)
        if tale.state in TRAINED:
            _apply(stage, tale, school, head)
        if tale.state is DemoState.READY and tale.first_in_its_state:
            deputy = people.add_deputy(stage, tale, school)
            # The policy of this school says that both are trained.
            modules = list(stage.issuer.content.modules)
            trained_at = tale.told_at - timedelta(days=90)
            preparation.learn(
                deputy, modules, reading=False, content=stage.issuer.content, at=trained_at
            )
            products.make_products(school, head, content=stage.issuer.content, at=tale.told_at)


def _registered(stage: StoryContext, tale: SchoolStory) -> School:
    country = tale.country
    facts = RegisterFacts(
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


def _learn(stage: StoryContext, tale: SchoolStory, head: User, designated: User) -> None:
    modules = list(stage.issuer.content.modules)
    start = tale.told_at - timedelta(days=90)
    if tale.state is DemoState.BEGUN:
        preparation.begin(head, modules[0], 2, at=tale.told_at)
    elif tale.state is DemoState.HALF_WAY:
        preparation.learn(
            head,
            modules[:3],
            reading=True,
            content=stage.issuer.content,
            at=tale.told_at - timedelta(days=6),
        )
        preparation.begin(head, modules[3], 2, at=tale.told_at)
        preparation.learn(
            designated,
            modules[:1],
            reading=True,
            content=stage.issuer.content,
            at=tale.told_at - timedelta(days=2),
        )
    elif tale.state in TRAINED:
        preparation.learn(
            head, modules, reading=tale.first_in_its_state, content=stage.issuer.content, at=start
        )
        preparation.learn(
            designated,
            modules,
            reading=tale.first_in_its_state,
            content=stage.issuer.content,
            at=start,
        )


def _apply(stage: StoryContext, tale: SchoolStory, school: School, head: User) -> None:
    at = tale.told_at
    two_rounds = _has_two_rounds(tale)
    prepared_at = at - timedelta(days=84 if two_rounds else 60)
    preparation.prepare(
        school,
        head,
        content=stage.issuer.content,
        store=stage.issuer.store,
        checked=tale.state is DemoState.READY and tale.first_in_its_state,
        at=prepared_at,
    )
    _drill(stage, tale, school, head)
    if tale.state is DemoState.IN_REVIEW and tale.first_in_its_state:
        papers_at = at - timedelta(days=50)
        removals.add_papers(school, head, store=stage.issuer.store, at=papers_at)
    if tale.state is DemoState.READY:
        _open_page(tale, school, head)
        _ask_pupils(tale, school, head)
        policy_answers.answer_all(school, head, content=stage.issuer.content, at=at)
        return
    library_use.use_library(
        school, head, tale.number, content=stage.issuer.content, at=prepared_at + timedelta(days=1)
    )
    preparation.submit(
        school,
        head,
        content=stage.issuer.content,
        at=at - (second_rounds.SUBMITTED if two_rounds else _submitted_before(tale.state)),
    )
    _judge(stage, tale, school, head)


def _judge(stage: StoryContext, tale: SchoolStory, school: School, head: User) -> None:
    """Carry out the group's steps on an application, as far as the state goes."""
    at = tale.told_at
    team = _team(stage, tale)
    if _has_two_rounds(tale):
        second_rounds.two_rounds(team, school, head, issuer=stage.issuer, at=at)
    elif tale.state is DemoState.SUBMITTED and not tale.first_in_its_state:
        at_once = at + timedelta(hours=20)
        completeness_checks.check(
            school, team.coordinator, content=stage.issuer.content, at=at_once
        )
    elif tale.state is not DemoState.SUBMITTED:
        decided_at = at - timedelta(days=RULED_AFTER.get(tale.state, 0))
        reviews.review(team, school, tale.state, issuer=stage.issuer, at=decided_at)
        if tale.state is DemoState.IN_REVIEW and tale.first_in_its_state:
            visits.under_way(school, team.reviewer, at=at)
            removals.take_out(school, team.reviewer, store=stage.issuer.store, at=at)
        if tale.state in {DemoState.APPEALED, DemoState.APPEAL_DECIDED}:
            appeals.appeal(stage, tale, school, at=at)


def _has_two_rounds(tale: SchoolStory) -> bool:
    return tale.state is DemoState.CERTIFIED and tale.first_in_its_state


def _submitted_before(state: DemoState) -> timedelta:
    return timedelta(days=HANDED_IN_BEFORE.get(state, 40))


def _drill(stage: StoryContext, tale: SchoolStory, school: School, head: User) -> None:
    """Run a drill of the first school in a state: before it submits, or just now."""
    if tale.first_in_its_state:
        days = 2 if tale.state is DemoState.READY else 55
        coordinator = session.merge(stage.staff[tale.country.code][2], load=False)
        drills.drill(school, head, coordinator, tale.state, at=tale.told_at - timedelta(days=days))


def _open_page(tale: SchoolStory, school: School, head: User) -> None:
    """Open the public page of the first school that is ready, and hang its posters."""
    if tale.first_in_its_state:
        public_pages.open_page(school, head, at=tale.told_at - timedelta(days=1))
        poster_rounds.hang(school, head, at=tale.told_at - timedelta(hours=20))


def _ask_pupils(tale: SchoolStory, school: School, head: User) -> None:
    """Ask the pupils of the first school that is ready what they know."""
    if tale.first_in_its_state:
        pupils.ask(school, head, at=tale.told_at)


def _team(stage: StoryContext, tale: SchoolStory) -> ReviewTeam:
    """Return the team of a school; the two reviewers of the group take turns."""
    first, second, coordinator = [
        session.merge(one, load=False) for one in stage.staff[tale.country.code]
    ]
    turns = (first, second) if tale.number % 2 else (second, first)
    return ReviewTeam(*turns, coordinator)


def end(stage: StoryContext, tale: SchoolStory) -> None:
    """Suspend, withdraw or complain, where the state asks for it; after all certificates were issued."""
    with unit_of_work():
        school = schools_queries.school_by_code(tale.country.code, code_of(tale))
        if school and tale.state in {DemoState.SUSPENDED, DemoState.WITHDRAWN}:
            reviews.end(school, tale.state, at=stage.now)
        elif school and appeals.complained_about(tale):
            appeals.complain(stage, tale, school, answered=appeals.is_answered(tale))


def code_of(tale: SchoolStory) -> str:
    """Return the register number of a demo school."""
    return f"DEMO-{tale.country.code}-{tale.number:03}"
