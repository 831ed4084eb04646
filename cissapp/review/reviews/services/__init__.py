"""Writes of the review: sift, scores, question, recommendation, decision."""

from cissapp.review.reviews.services.abandoning import abandon
from cissapp.review.reviews.services.asking import ask
from cissapp.review.reviews.services.assessments import (
    Judgement,
    hand_in,
    known_references,
    save_score,
    save_scores,
)
from cissapp.review.reviews.services.attachments import attach, detach, examined
from cissapp.review.reviews.services.decisions import (
    Ruling,
    award_of,
    certify_case,
    combined_scores,
    decide,
    recommended_level,
    ruling_problems,
    training_problems,
    version_of,
)
from cissapp.review.reviews.services.letters import draft
from cissapp.review.reviews.services.persons import standard_of
from cissapp.review.reviews.services.sifting import sift
from cissapp.review.reviews.services.starting import start, want

__all__ = [
    "Certifying",
    "Issuer",
    "Judgement",
    "Ruling",
    "abandon",
    "ask",
    "attach",
    "award_of",
    "certify_case",
    "combined_scores",
    "decide",
    "detach",
    "draft",
    "examined",
    "hand_in",
    "known_references",
    "recommended_level",
    "ruling_problems",
    "save_score",
    "save_scores",
    "sift",
    "standard_of",
    "start",
    "training_problems",
    "version_of",
    "want",
]
