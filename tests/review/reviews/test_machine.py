"""State x action x role, at random: whatever people try, what must never happen does not."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from cissapp.certify.certificates.document import facts
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.models import Certificate, Publication
from cissapp.certify.certificates.services import issuing
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import EditConflict, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning.models import ModulePass
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application, CompletenessCheck, ReviewQuestion
from cissapp.prepare.applications.queries.submissions import completeness_checks
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from cissapp.review.independence.models import Assignment, Declaration
from cissapp.review.independence.services import declare_late
from cissapp.review.reviews import queries, services
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.phases import SCORES_OF, Phase, may_see
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.services import DecisionInput
from tests import factories as make
from tests.factories import NOW, REASON

PEOPLE = ("one", "two", "three", "four", "tied", "inviter", "undeclared", "coordinator", "stranger")
people = st.sampled_from(PEOPLE)
TEXT = "Please say who keeps the list up to date, and since when."
SUMMARY = "Clear, dated and in use; the channels were tried and answered."


class Case(RuleBasedStateMachine):
    """A school's application, the people round it, and everything that they may try."""

    issuer: Issuer
    changed = True

    @initialize()
    def begin(self) -> None:
        self.changed = True
        school = make.school(progress=Progress.TRAINED)
        self.head, self.designated = make.trained(school)
        make.complete_dossier(school, self.head)
        make.application(school, id=make.undrawn())
        self.school = school
        self.people = {name: self._person(name) for name in PEOPLE}
        self.head.invited_by_id = self.people["inviter"].id
        self.hand_in()
        self.application = session.scalars(
            select(Application).where(Application.school_id == school.id)
        ).one()
        for name, person in self.people.items():
            if name not in {"undeclared", "stranger"}:
                make.declared(self.application, person, *["paid_by_school"] * (name == "tied"))
        session.flush()

    def _person(self, name: str) -> User:
        role = Role.COORDINATOR if name == "coordinator" else Role.REVIEWER
        group = make.group().id if name == "stranger" else self.school.group_id
        return make.user(role, group_id=group)

    def _try(self, job: Any) -> None:
        """Do something; what is refused leaves nothing behind."""
        try:
            with session.begin_nested():
                job()
        except (Refused, Missing, EditConflict):
            session.expire_all()
        else:
            self.changed = True

    def check_invariants(self, *arguments: Any) -> None:
        """Look again if something was done: after a refusal all is as it was when it was looked at last."""
        if self.changed:
            super().check_invariants(*arguments)
        self.changed = False

    @property
    def reviews(self) -> dict[ReviewPlace, Review]:
        return queries.reviews_of(self.application, self.application.round)

    # --- what people try ---------------------------------------------------------------------

    @rule()
    def hand_in(self) -> None:
        self._try(
            lambda: applications.submit_for_school(
                self.school, content=content(), statement_signed=True, by=self.head, at=NOW
            )
        )

    @rule()
    def withdraw(self) -> None:
        self._try(lambda: applications.withdraw(self.application, by=self.head, at=NOW))

    @rule()
    def lose_a_pass(self) -> None:
        one = session.scalars(
            select(ModulePass).where(ModulePass.user_id == self.designated.id)
        ).first()
        if one is not None:
            session.delete(one)
            session.flush()
            self.changed = True

    @rule(who=people, returns=st.booleans())
    def sift(self, who: str, returns: bool) -> None:
        remarks = {"all": TEXT} if returns else {}
        self._try(
            lambda: services.check_completeness(
                self.application, remarks=remarks, content=content(), by=self.people[who], at=NOW
            )
        )

    @rule(who=people, place=st.sampled_from(list(ReviewPlace)))
    def start(self, who: str, place: ReviewPlace) -> None:
        self._try(
            lambda: services.start_review(
                self.application, place=place, by=self.people[who], at=NOW
            )
        )

    @rule(who=people, place=st.sampled_from(list(ReviewPlace)), low=st.sampled_from([0, 1, 2, 3]))
    def score(self, who: str, place: ReviewPlace, low: int) -> None:
        """Score everything at 2 but for one criterion."""
        review = self.reviews.get(place)
        if review is not None:
            self._try(lambda: self._score(review, low, self.people[who]))

    def _score(self, review: Review, low: int, by: User) -> None:
        standard = content().standard
        criterion = standard.by_id[(review.criteria or ["A1"])[0]]
        judgement = services.ScoreInput(criterion, low, REASON, ["mechanism"])
        services.save_score(review, judgement, standard=standard, by=by, at=NOW)
        known = {one.criterion_id for one in review.scores}
        review.scores += [
            Score(criterion_id=one.id, level=2, reason=REASON, saved_at=NOW)
            for one in standard.criteria
            if one.id not in known and (review.criteria is None or one.id in review.criteria)
        ]

    @rule(who=people)
    def ask(self, who: str) -> None:
        for review in self.reviews.values():
            self._try(
                lambda one=review: services.ask_school(
                    one, {"A1": TEXT}, by=self.people[who], at=NOW
                )
            )

    @rule(
        who=people,
        place=st.sampled_from(list(ReviewPlace)),
        outcome=st.sampled_from(list(ApplicationOutcome)),
    )
    def recommend(self, who: str, place: ReviewPlace, outcome: ApplicationOutcome) -> None:
        review = self.reviews.get(place)
        if review is not None:
            self._try(
                lambda: services.submit_review(
                    review,
                    services.Recommendation(
                        outcome=outcome,
                        level=1 if outcome is ApplicationOutcome.CERTIFIED else None,
                        needs=[],
                        summary=SUMMARY,
                    ),
                    version=review.version,
                    standard=content().standard,
                    by=self.people[who],
                    at=NOW,
                )
            )

    @rule(who=people)
    def declare_late(self, who: str) -> None:
        """Find a conflict of interest with a task that is open, or submitted and not decided on."""
        self._try(
            lambda: declare_late(
                self.application,
                grounds=["paid_by_school"],
                note=TEXT,
                by=self.people[who],
                at=NOW,
            )
        )

    @rule()
    def want_second(self) -> None:
        if self.application.state is ApplicationState.IN_REVIEW:
            make.wanting_second(self.application)
            self.changed = True

    @rule(who=people, outcome=st.sampled_from(list(ApplicationOutcome)))
    def decide(self, who: str, outcome: ApplicationOutcome) -> None:
        reviews = self.reviews
        if not reviews:
            return
        level = 1 if outcome is ApplicationOutcome.CERTIFIED else None
        self._try(
            lambda: services.decide(
                self.application,
                DecisionInput(outcome, level, [], SUMMARY, departure=SUMMARY),
                version=services.reviews_version(reviews),
                sha256=next(iter(reviews.values())).submission.sha256,
                issuer=self.issuer,
                by=self.people[who],
                at=NOW,
            )
        )

    @rule()
    def a_review_begun(self) -> None:
        self.sift("coordinator", returns=False)
        self.start("one", ReviewPlace.FIRST)

    @rule()
    def publish(self) -> None:
        """Publish what was reserved, as it happens once a decision is kept."""
        for one in session.scalars(
            select(Certificate).where(Certificate.school_id == self.school.id)
        ):
            if one.publication is None:
                made = issuing.make_file(facts.read_facts(one.facts), self.issuer, at=NOW)
                issuing.publish(one, made, by=SYSTEM, at=NOW)
                type(self).published = self.changed = True

    @rule(level=st.sampled_from([1, 2]))
    def a_good_review(self, level: int) -> None:
        """Take the usual way at once, so that the end is reached often enough."""
        self.sift("coordinator", returns=False)
        self.start("one", ReviewPlace.FIRST)
        self.score("one", ReviewPlace.FIRST, 2 + (level == 1))
        self.recommend("one", ReviewPlace.FIRST, ApplicationOutcome.CERTIFIED)

    @rule()
    def a_good_end(self) -> None:
        """Reach a certificate with its file, whatever the steps before were."""
        self.a_good_review(1)
        self.decide("two", ApplicationOutcome.CERTIFIED)
        self.publish()

    # --- what never happens ------------------------------------------------------------------

    @invariant()
    def no_certificate_without_passes_documents_and_a_second_person(self) -> None:
        for one in session.scalars(
            select(Certificate).where(Certificate.school_id == self.school.id)
        ):
            row = session.get_one(Application, one.application_id)
            decision = session.scalars(
                select(Decision).where(
                    Decision.application_id == row.id,
                    Decision.outcome == ApplicationOutcome.CERTIFIED,
                )
            ).one()
            authors = select(Review.assessor_id).where(Review.application_id == row.id)
            assert row.outcome is ApplicationOutcome.CERTIFIED
            assert decision.decider_id not in set(session.scalars(authors))
            self._has_passes_and_accepted_documents(decision)

    def _has_passes_and_accepted_documents(self, decision: Decision) -> None:
        states = {
            session.get_one(DocumentVersion, one.version_id).state
            for one in decision.review.submission.versions
        }
        assert states == {VersionState.ACCEPTED}
        if decision.id not in self.checked:
            assert [self._passes(one) for one in (self.head, self.designated)] == [5, 5]
            self.checked.add(decision.id)

    def _passes(self, person: User) -> int:
        query = select(func.count()).where(ModulePass.user_id == person.id)
        return session.scalar(query) or 0

    @invariant()
    def never_two_live_certificates(self) -> None:
        """The school stands where it stood until the file of its certificate is published."""
        of_school = Certificate.school_id == self.school.id
        published = select(func.count()).select_from(Certificate).join(Publication).where(of_school)
        assert (session.scalar(select(func.count()).where(of_school)) or 0) <= 1
        assert (self.school.standing is Standing.NONE) == (session.scalar(published) == 0)

    @invariant()
    def nobody_touches_a_school_to_which_he_is_tied_or_did_not_declare(self) -> None:
        barred = {self.people[one].id for one in ("tied", "undeclared", "stranger")}
        touched = {
            *session.scalars(select(Review.assessor_id)),
            *session.scalars(select(Decision.decider_id)),
            *session.scalars(select(CompletenessCheck.sifter_id)),
            *session.scalars(select(ReviewQuestion.asker_id)),
            *session.scalars(select(Assignment.person_id)),
        }
        assert touched.isdisjoint(barred)
        assert self.people["inviter"].id not in set(session.scalars(select(Assignment.person_id)))

    @invariant()
    def no_review_counts_whose_author_has_a_conflict_of_interest(self) -> None:
        tied = {one.user_id for one in session.scalars(select(Declaration)) if one.has_conflict}
        if self.application.state is ApplicationState.IN_REVIEW:
            assert tied.isdisjoint(one.assessor_id for one in self.reviews.values())

    @invariant()
    def remember_what_was_reached(self) -> None:
        if self.application.round:
            self.reached.add(queries.phase_of(self.application, self.reviews))
        if self.application.outcome:
            self.reached.add(self.application.outcome)

    @invariant()
    def one_person_has_one_seat(self) -> None:
        rows = session.execute(
            select(Assignment.person_id, func.count())
            .where(Assignment.application_id == self.application.id)
            .group_by(Assignment.person_id)
        )
        assert all(count == 1 for _person, count in rows)

    @invariant()
    def what_a_phase_hides_is_hidden(self) -> None:
        if self.application.round == 0 or self._stood_like_this_before():
            return
        for person in self.people.values():
            case = queries.case(self.application, person, today=NOW.date())
            declared = session.scalar(
                select(Declaration).where(
                    Declaration.application_id == self.application.id,
                    Declaration.user_id == person.id,
                )
            )
            free = declared is not None and not declared.has_conflict
            for place, one in case.reviews.items():
                own = one.assessor_id == person.id
                done = one.state is ReviewState.HANDED_IN
                assert free
                assert own or (done and may_see(case.whos, SCORES_OF[place], case.phase))
                assert own or case.phase in {Phase.DECISION, Phase.CLOSED}

    def _stood_like_this_before(self) -> bool:
        """Return whether the same people stood in the same places at the same point in another run."""
        names = {person.id: name for name, person in self.people.items()}
        reviews = session.scalars(
            select(Review).where(Review.application_id == self.application.id)
        )
        standing = frozenset(
            (one.place, one.round, one.state, names[one.assessor_id]) for one in reviews
        )
        phase = queries.phase_of(self.application, self.reviews)
        state = (self.application.state, self.application.round, phase, standing)
        seen = state in self.hidden_in
        self.hidden_in.add(state)
        return seen

    @invariant()
    def rounds_questions_and_returns_are_bounded(self) -> None:
        most = content().standard.decision.process.rounds
        sifts = completeness_checks(self.application).values()
        assert self.application.round <= most
        assert sum(not one.passed for one in sifts) <= 1

    @invariant()
    def a_review_comes_after_a_passed_sift(self) -> None:
        sifts = completeness_checks(self.application)
        for one in session.scalars(
            select(Review).where(Review.application_id == self.application.id)
        ):
            assert sifts[max(key for key in sifts if key <= one.round)].passed

    checked: set[Any] = set()
    hidden_in: set[Any] = set()
    reached: set[Any] = set()
    published = False


def test_whatever_people_try_what_must_never_happen_does_not(
    context, plain_files, databases, request: pytest.FixtureRequest
):
    # What is tried is the same on both databases: in the short form PostgreSQL sees the first part of it.
    whole = databases.kind == "sqlite" or request.config.getoption("long")
    Case.reached = set()
    Case.hidden_in = set()
    Case.issuer = make.issuer()
    assert people_of_school(make.school().id) == []

    run_state_machine_as_test(
        Case,
        settings=settings(
            derandomize=True,  # the same steps each time, so that what was reached stays reached
            max_examples=16 if whole else 2,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Case.reached >= {Phase.COMPLETENESS_CHECK}
    if whole:
        assert Case.reached >= {Phase.REVIEW, Phase.CLOSED, ApplicationOutcome.CERTIFIED}
        assert Case.published
