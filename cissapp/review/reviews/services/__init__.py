"""Writes of the review: completeness check, scores, question, recommendation, decision."""

from cissapp.prepare.applications.queries.standards import standard_of
from cissapp.review.reviews.services.abandoning import abandon_review
from cissapp.review.reviews.services.agreement import agree_with_school, record_view
from cissapp.review.reviews.services.attachments import attach, detach, examine_attachment
from cissapp.review.reviews.services.completeness import check_completeness
from cissapp.review.reviews.services.decisions import (
    DecisionInput,
    award_of,
    certify_case,
    combined_scores,
    decide,
    decision_problems,
    proposal_for,
    recommended_level,
    reviews_version,
    training_problems,
)
from cissapp.review.reviews.services.letters import draft_letter
from cissapp.review.reviews.services.questions import ask_school
from cissapp.review.reviews.services.recommendations import Recommendation, submit_review
from cissapp.review.reviews.services.scoring import (
    ScoreInput,
    known_references,
    save_score,
    save_scores,
)
from cissapp.review.reviews.services.starting import request_reviews, start_review

__all__ = [
    "DecisionInput",
    "Recommendation",
    "ScoreInput",
    "abandon_review",
    "agree_with_school",
    "ask_school",
    "attach",
    "award_of",
    "certify_case",
    "check_completeness",
    "combined_scores",
    "decide",
    "decision_problems",
    "detach",
    "draft_letter",
    "examine_attachment",
    "known_references",
    "proposal_for",
    "recommended_level",
    "record_view",
    "request_reviews",
    "reviews_version",
    "save_score",
    "save_scores",
    "standard_of",
    "start_review",
    "submit_review",
    "training_problems",
]
