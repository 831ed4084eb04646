"""The forms of the review: score, remarks, recommendation, decision, and files for the school."""

from cissapp.review.reviews.forms.attachments import AttachmentForm
from cissapp.review.reviews.forms.outcomes import (
    CheckedForm,
    DecisionForm,
    RecommendationForm,
    ThirdForm,
    Verdict,
    VerdictForm,
)
from cissapp.review.reviews.forms.remarks import ALL, PASSES, RETURNS, RemarksForm, SiftForm
from cissapp.review.reviews.forms.scoring import NOT_APPLICABLE, ScoreForm

__all__ = [
    "ALL",
    "NOT_APPLICABLE",
    "PASSES",
    "RETURNS",
    "AttachmentForm",
    "CheckedForm",
    "DecisionForm",
    "RecommendationForm",
    "RemarksForm",
    "ScoreForm",
    "SiftForm",
    "ThirdForm",
    "Verdict",
    "VerdictForm",
]
