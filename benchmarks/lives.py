"""Simulates invented schools: random events, through the services that pages call."""

from collections import Counter
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services as standings
from cissapp.certify.certificates.services import succession
from cissapp.foundation.content.installed import EXTENSION, content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning.services import training
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.people import deactivate
from cissapp.people.school_lists.services.merging import merge_schools
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.regions import services as regions
from cissapp.people.schools.rules import Progress, RegisterFacts, Standing
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications import services as applying
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.appeals import queries as appealed
from cissapp.review.appeals import services as appeals
from cissapp.review.appeals.rules import AppealOutcome
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.queries import reviews_of
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.standard import needs_attested
from tests import factories as make
from tests.certify.upkeep.people import trained

REASON = "A promise of the certificate is not kept at the moment."
# Results of reviews: outcome, level, and the criteria that are not at the usual level.
FINDINGS: tuple[tuple[ApplicationOutcome, int | None, dict[str, int]], ...] = (
    (ApplicationOutcome.CERTIFIED, 1, {}),
    (ApplicationOutcome.CERTIFIED, 1, {}),
    (ApplicationOutcome.CERTIFIED, 2, {}),
    (ApplicationOutcome.CERTIFIED, 3, {"all": 3}),
    (ApplicationOutcome.MINOR_GAPS, None, {"A5": 0, "B8": 0}),
    (ApplicationOutcome.MAJOR_GAPS, None, {"A1": 0, "A3": 1, "A5": 1}),
)


class Lives:
    """The schools of two countries, and what happens to them."""

    def __init__(self, app: Flask, packs: dict[str, CountryPack], random: Random) -> None:
        self.app, self.packs, self.random = app, packs, random
        self.there: list[UUID] = []
        self.done: Counter[str] = Counter()
        self.ready: set[UUID] = set()
        self.checked: set[tuple[UUID, int]] = set()
        self.found: dict[UUID, tuple[ApplicationOutcome, int | None, dict[str, int]]] = {}
        known = app.extensions[EXTENSION]
        app.extensions[EXTENSION] = replace(known, countries={**known.countries, **packs})
        self.groups = {code: make.group(code).id for code in packs}

    def act(self, at: datetime) -> None:
        """Make one event happen; a refusal by the service is counted as one."""
        try:
            with clock.at(at), self.app.app_context(), unit_of_work():
                self.done[self._one(at)] += 1
        except Refused as refused:
            self.done[f"refused: {refused.problems[0].code}"] += 1

    def daily(self, at: datetime) -> None:
        """Do the daily work on schools, apart from figures."""
        with clock.at(at), self.app.app_context():
            with unit_of_work():
                succession.begin_due_certificates(at=at)
            with unit_of_work():
                days = content().standard.decision.validity.expiring_days
                standings.refresh_standings(at=at, expiring_days=days)
            with unit_of_work():
                self.done["reform"] += regions.move_after_reforms(self.packs.values(), at=at)

    def _one(self, at: datetime) -> str:
        chance = self.random.random()
        if len(self.there) < 40 or chance < 0.12:
            return self._join(at)
        school = session.get_one(School, self.random.choice(self.there))
        for below, happens in (
            (0.17, self._move),
            (0.20, self._merge),
            (0.21, self._leave),
            (0.22, self._staff),
        ):
            if chance < below:
                return happens(school, at)
        return str(getattr(self, f"_from_{school.progress.value}")(school, at))

    # the register

    def _region(self, country_code: str, at: datetime) -> str:
        pack = self.packs[country_code]
        return self.random.choice([one for one in pack.regions if pack.in_force(one, at.date())])

    def _join(self, at: datetime) -> str:
        code, number = self.random.choice(list(self.packs)), sum(self.done.values())
        facts = RegisterFacts(
            code, self._region(code, at), f"{number:05}", f"School {number}", "Town", "uk", number
        )
        group = session.get_one(NationalGroup, self.groups[code])
        self.there.append(schools.register(facts, group=group, by=SYSTEM, at=at).id)
        return "join"

    def _move(self, school: School, at: datetime) -> str:
        pack = self.packs[school.country_code]
        heirs = pack.successors(school.region_code, at.date())
        if len(heirs) > 1:
            person = self._person(Role.COORDINATOR, school, at)
            regions.move_schools(
                [school.id], school.region_code, self.random.choice(heirs), pack, by=person, at=at
            )
            return "place after a reform"
        names = ("country_code", "code", "name", "locality", "language", "pupils")
        kept = {name: getattr(school, name) for name in names}
        kept["region_code"] = self._region(school.country_code, at)
        schools.change_facts(school, RegisterFacts(**kept), by=SYSTEM, at=at)
        return "move"

    def _merge(self, school: School, at: datetime) -> str:
        other = session.get_one(School, self.random.choice(self.there))
        merge_schools(school, other, by=SYSTEM, at=at)
        self.there.remove(other.id)
        return "merge"

    def _leave(self, school: School, at: datetime) -> str:
        if school.progress not in {Progress.REGISTERED, Progress.IN_TRAINING}:
            return "stays"
        schools.leave_register(school, by=SYSTEM, at=at)
        self.there.remove(school.id)
        return "leave"

    def _staff(self, school: School, at: datetime) -> str:
        free = select(User).where(
            User.role == Role.REVIEWER,
            User.group_id == school.group_id,
            User.deactivated_at.is_(None),
            User.joined_at < at,
        )
        person = session.scalars(free.order_by(User.id).limit(1)).first()
        if person and self.random.random() < 0.3:
            deactivate(person, by=self._person(Role.COORDINATOR, school, at), at=at)
            return "reviewer leaves"
        self._person(Role.REVIEWER, school, at)
        return "reviewer joins"

    def _person(self, role: Role, school: School, at: datetime, **values: Any) -> User:
        return make.user(role, group_id=school.group_id, joined_at=at, **values)

    # the way

    def _from_registered(self, school: School, at: datetime) -> str:
        head = make.manager(school, joined_at=at)
        training.begin_training(head, at=at)
        return "begin"

    def _from_in_training(self, school: School, at: datetime) -> str:
        for duty in (Duty.HEAD, Duty.DESIGNATED_PERSON):
            trained(school, duty, at)
        training.end_training(school.id, content(), at=at)
        return "trained"

    def _head(self, school: School) -> User:
        of = select(User).where(User.school_id == school.id, User.duty == Duty.HEAD)
        return session.scalars(of.order_by(User.joined_at.desc()).limit(1)).one()

    def _from_trained(self, school: School, at: datetime) -> str:
        head = self._head(school)
        if school.id not in self.ready:
            make.complete_dossier(school, head, at)
            self.ready.add(school.id)
        return self._submit(school, head, at)

    def _submit(self, school: School, head: User, at: datetime) -> str:
        applying.submit_for_school(school, content=content(), statement_signed=True, by=head, at=at)
        return "submit"

    def _from_changes_requested(self, school: School, at: datetime) -> str:
        return self._submit(school, self._head(school), at)

    def _application(self, school: School) -> Application:
        found = applications.open_application(school.id)
        if found is None:
            raise LookupError(school.id)
        return found

    def _from_submitted(self, school: School, at: datetime) -> str:
        case = self._application(school)
        if self.random.random() < 0.1:
            applying.withdraw(case, by=self._head(school), at=at)
            return "take back"
        if (case.id, case.round) not in self.checked:
            self.checked.add((case.id, case.round))
            by = self._person(Role.COORDINATOR, school, at)
            make.declared(case, by, at=at)
            remarks = (
                {"all": "The second page of the policy is missing."}
                if self.random.random() < 0.15
                else {}
            )
            reviews.check_completeness(case, remarks=remarks, content=content(), by=by, at=at)
            return "return" if remarks else "check"
        self._begin(case, school, at)
        return "review"

    def _begin(self, case: Application, school: School, at: datetime, **place: Any) -> None:
        by = self._person(Role.REVIEWER, school, at)
        make.declared(case, by, at=at)
        reviews.start_review(case, by=by, at=at, **place)

    def _from_in_review(self, school: School, at: datetime) -> str:
        case = self._application(school)
        found = self.found.setdefault(case.id, self.random.choice(FINDINGS))
        there = reviews_of(case, case.round)
        unfinished = [one for one in there.values() if one.state is not ReviewState.HANDED_IN]
        if unfinished:
            return self._recommend(unfinished[0], found, at)
        missing = [one for one in list(ReviewPlace)[: case.reviews_wanted] if one not in there]
        if missing:
            self._begin(case, school, at, place=missing[0])
            return "second review"
        return self._decide(case, there[ReviewPlace.FIRST], found, school, at)

    def _recommend(self, review: Any, found: Any, at: datetime) -> str:
        outcome, level, scores = found
        if "all" in scores:
            scores = {one.id: 3 for one in content().standard.criteria}
        elif review.round > 1 and outcome is ApplicationOutcome.MINOR_GAPS:
            outcome, level, scores = ApplicationOutcome.CERTIFIED, 1, {}
        make.scored(review, at, **scores)
        needs = list(needs_attested(content().standard.decision, level))
        if needs and review.application_id not in self.ready:
            make.visited(review.application, at)
            self.ready.add(review.application_id)
        make.recommended(review, at, recommendation=outcome, level=level, needs=needs)
        return "recommend"

    def _decide(
        self, case: Application, review: Any, found: Any, school: School, at: datetime
    ) -> str:
        outcome, level, _scores = found
        if case.round > 1 and outcome is ApplicationOutcome.MINOR_GAPS:
            outcome, level = ApplicationOutcome.CERTIFIED, 1
        by = self._person(Role.COORDINATOR, school, at)
        make.declared(case, by, at=at)
        needs = list(needs_attested(content().standard.decision, level))
        make.ruled(review, by, at, outcome=outcome, level=level, needs=needs)
        return f"decide {outcome.value} {level or ''}"

    def _from_decided(self, school: School, at: datetime) -> str:
        chance, own = self.random.random(), certificates.newest_of_school(school.id)
        if own is None or school.standing is Standing.NONE:
            return self._appeal(school, at) if chance < 0.3 else self._again(school, at)
        if school.standing is Standing.SUSPENDED:
            if chance < 0.3:
                standings.withdraw(own, reason=REASON, by=SYSTEM, at=at)
                return "withdraw"
            standings.reinstate(own, reason=REASON, by=SYSTEM, at=at)
            return "reinstate"
        if chance < 0.15 and school.standing in {Standing.VALID, Standing.EXPIRING}:
            standings.suspend(own, reason=REASON, cure_days=60, by=SYSTEM, at=at)
            return "suspend"
        return self._again(school, at)

    def _again(self, school: School, at: datetime) -> str:
        applying.open_application(school, content=content(), by=self._head(school), at=at)
        return "open again"

    def _appeal(self, school: School, at: datetime) -> str:
        decision = appealed.newest_decision(school.id)
        if decision is None:
            return "nothing to appeal against"
        own, head = make.issuer(), self._head(school)
        appeal = appeals.file(
            decision, grounds=REASON, criteria=["A1", "A3", "A5"], issuer=own, by=head, at=at
        )
        panel = [make.user(Role.REVIEWER, group_id=make.group().id, joined_at=at) for _ in "12"]
        by = make.user(Role.SECRETARIAT, joined_at=at)
        appeals.name_panel(appeal, [one.id for one in panel], by=by, at=at)
        for one in panel:
            appeals.declare(appeal, grounds=[], note="", answers={}, issuer=own, by=one, at=at)
        outcome = self.random.choice(list(AppealOutcome))
        levels = {"A1": 2, "A3": 2, "A5": 2} if outcome is AppealOutcome.ALTERED else {}
        ruling = appeals.ProposalInput(outcome, 1 if levels else None, levels, REASON)
        proposal = appeals.propose(appeal, ruling, issuer=own, by=panel[0], at=at)
        appeals.vote(proposal, agrees=True, note="", issuer=own, by=panel[1], at=at)
        return f"appeal {outcome.value}"
