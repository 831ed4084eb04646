"""Writes of the review: sift, scores, question, recommendation, decision."""

from cissapp.review.reviews.services.abandoning import abandon
from cissapp.review.reviews.services.attachments import attach, detach, examined
from cissapp.review.reviews.services.completeness import sift
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
from cissapp.review.reviews.services.questions import ask
from cissapp.review.reviews.services.recommendations import hand_in
from cissapp.review.reviews.services.reloading import standard_of
from cissapp.review.reviews.services.scoring import (
    Judgement,
    known_references,
    save_score,
    save_scores,
)
from cissapp.review.reviews.services.starting import start, want

__all__ = [
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
