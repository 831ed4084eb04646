"""The rules of the self-assessment: what a score needs, in which order one answers, which pages may show it."""

from cissapp.prepare.assessment.rules.rounds import LastAnswer
from cissapp.prepare.assessment.rules.scores import (
    TEXT_LEAST,
    PartCount,
    ScoreFacts,
    ScoreFields,
    count_complete,
    may_be_left_out,
    needs_text,
    not_applicable_problem,
    others_left_out,
    score_problems,
)

__all__ = [
    "TEXT_LEAST",
    "LastAnswer",
    "PartCount",
    "ScoreFacts",
    "ScoreFields",
    "count_complete",
    "may_be_left_out",
    "needs_text",
    "not_applicable_problem",
    "others_left_out",
    "score_problems",
]
