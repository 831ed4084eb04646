"""Writes the letter about a decision, and keeps it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import canonical, session
from cissapp.prepare.applications.rules import Outcome
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Decision, Letter, Review
from cissapp.review.reviews.phrases import letters
from cissapp.review.reviews.phrases.letters import LetterText, Told
from cissapp.review.reviews.rules.places import Place
from cissapp.review.reviews.services.reloading import standard_of


class Ruled(Protocol):
    """What is decided, as far as a letter tells of it."""

    @property
    def outcome(self) -> Outcome:
        """The outcome."""

    @property
    def level(self) -> int | None:
        """The level of a certificate."""

    @property
    def reasons(self) -> str:
        """Why."""

    @property
    def opening(self) -> str:
        """How the letter begins; empty for the usual words."""


def told_of(ruling: Ruled, reviews: Mapping[Place, Review]) -> Told:
    """Gather what the letter tells of."""
    scores = queries.counting(reviews)
    return Told(ruling.outcome, ruling.level, ruling.reasons, ruling.opening, scores)


def draft(
    ruling: Ruled, reviews: Mapping[Place, Review], content: Content, *, at: datetime
) -> LetterText:
    """Write the letter as it would be sent, without keeping it."""
    review = reviews[Place.FIRST]
    standard = standard_of(review.submission, content)
    language = letters.language_of(review.application, "en")
    told = told_of(ruling, reviews)
    return letters.written(review.application, told, standard, language=language, at=at)


def write(decision: Decision, told: Told, content: Content, *, by: Actor, at: datetime) -> Letter:
    """Keep the letter about a decision, in the language of the school; it never changes."""
    application = decision.review.application
    standard = standard_of(decision.review.submission, content)
    language = letters.language_of(application, "en")
    text = canonical(letters.written(application, told, standard, language=language, at=at).plain)
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
