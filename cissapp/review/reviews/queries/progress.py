"""The progress of many applications in a fixed number of queries, for the queue and other lists."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application, CompletenessCheck
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.independence.rules.involvement import Involvement
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.phases import Phase, phase_of_case
from cissapp.review.reviews.rules.places import ReviewPlace, wanted_places
from cissapp.review.reviews.rules.work import ReviewsOfRound, Work, next_work


class CaseProgress(Struct, frozen=True):
    """The progress of an application: its phase, and who writes which review of its round.

    The table of phases decides whether a person may see any of it.
    """

    state: ApplicationState
    phase: Phase
    wanted: tuple[ReviewPlace, ...]
    authors: dict[ReviewPlace, UUID] = field(default_factory=dict)
    handed_in: tuple[ReviewPlace, ...] = ()

    def reviewing(self, person_id: UUID | None) -> ReviewsOfRound:
        """Return the reviews of the round as they concern a person."""
        own = [place for place, author in self.authors.items() if author == person_id]
        return ReviewsOfRound(self.wanted, list(self.authors), self.handed_in, own)

    def work(self, involvement: Involvement, person_id: UUID | None) -> Work:
        """Return what a person does next with the application."""
        return next_work(involvement, self.state, self.phase, self.reviewing(person_id))


def progress_of_cases(application_ids: Collection[UUID]) -> dict[UUID, CaseProgress]:
    """Return the progress of these applications, in three queries."""
    found = session.execute(
        select(
            Application.id, Application.state, Application.round, Application.reviews_wanted
        ).where(Application.id.in_(application_ids))
    ).all()
    reviews = _reviews(application_ids)
    unchecked = _unchecked(application_ids)
    made = {}
    for key, state, number, wanted in found:
        own = reviews.get((key, number), [])
        handed_in = tuple(place for place, _, done in own if done is ReviewState.HANDED_IN)
        places = wanted_places(wanted)
        made[key] = CaseProgress(
            state=state,
            phase=phase_of_case(
                state, checked=(key, number) not in unchecked, wanted=places, handed_in=handed_in
            ),
            wanted=places,
            authors={place: author for place, author, _ in own},
            handed_in=handed_in,
        )
    return made


def _reviews(
    application_ids: Collection[UUID],
) -> dict[tuple[UUID, int], list[tuple[ReviewPlace, UUID, ReviewState]]]:
    rows = session.execute(
        select(
            Review.application_id, Review.round, Review.place, Review.assessor_id, Review.state
        ).where(Review.application_id.in_(application_ids), Review.state != ReviewState.VOID)
    )
    found: dict[tuple[UUID, int], list[tuple[ReviewPlace, UUID, ReviewState]]] = {}
    for key, number, place, author, state in rows:
        found.setdefault((key, number), []).append((place, author, state))
    return found


def _unchecked(application_ids: Collection[UUID]) -> set[tuple[UUID, int]]:
    """Return the (application id, round) pairs still to be checked: round 1, or the round after a return."""
    rows = session.execute(
        select(
            CompletenessCheck.application_id, CompletenessCheck.round, CompletenessCheck.passed
        ).where(CompletenessCheck.application_id.in_(application_ids))
    ).all()
    done = {(key, number) for key, number, _ in rows}
    needed = {(key, 1) for key in application_ids}
    needed |= {(key, number + 1) for key, number, passed in rows if not passed}
    return needed - done
