"""Writes and stores the letter about a decision."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import canonical, session
from cissapp.prepare.applications.queries.standards import standard_of
from cissapp.prepare.applications.rules.states import ApplicationOutcome
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Decision, Letter, Review
from cissapp.review.reviews.phrases import letters
from cissapp.review.reviews.phrases.letters import LetterFacts, LetterText
from cissapp.review.reviews.rules.places import ReviewPlace


class LetterSource(Protocol):
    """The parts of a decision that its letter uses."""

    @property
    def outcome(self) -> ApplicationOutcome:
        """The outcome."""

    @property
    def level(self) -> int | None:
        """The level of a certificate."""

    @property
    def reasons(self) -> str:
        """The reasons for the decision."""

    @property
    def opening(self) -> str:
        """How the letter begins; empty for the usual words."""


def letter_facts(chosen: LetterSource, reviews: Mapping[ReviewPlace, Review]) -> LetterFacts:
    """Gather the facts of a letter."""
    scores = queries.counted_scores(reviews)
    return LetterFacts(chosen.outcome, chosen.level, chosen.reasons, chosen.opening, scores)


def draft_letter(
    chosen: LetterSource, reviews: Mapping[ReviewPlace, Review], content: Content, *, at: datetime
) -> LetterText:
    """Render the letter as it would be sent, without storing it."""
    review = reviews[ReviewPlace.FIRST]
    standard = standard_of(review.submission, content)
    language = letters.language_of(review.application, "en")
    told = letter_facts(chosen, reviews)
    return letters.written_letter(review.application, told, standard, language=language, at=at)


def save_letter(
    decision: Decision, told: LetterFacts, content: Content, *, by: Actor, at: datetime
) -> Letter:
    """Store the letter about a decision, in the language of the school; it never changes."""
    application = decision.review.application
    standard = standard_of(decision.review.submission, content)
    language = letters.language_of(application, "en")
    text = canonical(
        letters.written_letter(application, told, standard, language=language, at=at).plain
    )
    letter = Letter(
        decision_id=decision.id,
        language=language,
        content=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        written_at=at,
    )
    session.add(letter)
    session.flush()
    record(
        Event.LETTER_WRITTEN,
        letter,
        by=by,
        at=at,
        school_id=application.school_id,
        language=language,
        sha256=letter.sha256,
    )
    return letter
