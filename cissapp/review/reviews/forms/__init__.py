"""The forms of the review: score, remarks, recommendation, decision, and files for the school."""

from cissapp.review.reviews.forms.attachments import AttachmentForm
from cissapp.review.reviews.forms.outcomes import (
    CheckedDecisionForm,
    DecisionForm,
    OutcomeChoice,
    OutcomeForm,
    RecommendationForm,
    ThirdReviewForm,
)
from cissapp.review.reviews.forms.remarks import (
    ALL,
    PASSES,
    RETURNS,
    CompletenessForm,
    QuestionsForm,
)
from cissapp.review.reviews.forms.scoring import NOT_APPLICABLE, AgreementForm, ReviewScoreForm

__all__ = [
    "ALL",
    "NOT_APPLICABLE",
    "PASSES",
    "RETURNS",
    "AgreementForm",
    "AttachmentForm",
    "CheckedDecisionForm",
    "CompletenessForm",
    "DecisionForm",
    "OutcomeChoice",
    "OutcomeForm",
    "QuestionsForm",
    "RecommendationForm",
    "ReviewScoreForm",
    "ThirdReviewForm",
]
