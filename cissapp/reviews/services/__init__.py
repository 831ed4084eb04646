"""Writes of the review: declaration, scores, recommendation, decision."""

from cissapp.reviews.services.assessments import hand_in, save_score, start
from cissapp.reviews.services.decisions import (
    Issuing,
    Ruling,
    decide,
    ruling_problems,
    training_problems,
)
from cissapp.reviews.services.declarations import declare

__all__ = [
    "Issuing",
    "Ruling",
    "decide",
    "declare",
    "hand_in",
    "ruling_problems",
    "save_score",
    "start",
    "training_problems",
]
