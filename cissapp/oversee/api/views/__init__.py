"""`/api/v1` for programs, and the pages of tokens, webhooks and examples for the people behind them."""

from cissapp.oversee.api.views import (
    briefs,
    changing,
    documents,
    places,
    register,
    tokens,
    webhook_calls,
    webhooks,
)
from cissapp.oversee.api.views.blueprint import bp

__all__ = [
    "bp",
    "briefs",
    "changing",
    "documents",
    "places",
    "register",
    "tokens",
    "webhook_calls",
    "webhooks",
]
