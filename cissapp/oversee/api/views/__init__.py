"""`/api/v1` for programs, and the pages with tokens, webhooks and examples for people."""

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
