"""Rules for API tokens: scopes, lifetime and format."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_, Problem

MOST_DAYS = 365
USUAL_DAYS = 180
MOST_TOKENS = 20
NAME_MARKS = 80
# Secret scanners recognise the prefix; the first characters let a person tell tokens apart.
BEGINNING = "ciss_"
HINT_MARKS = 9
LONGEST = 200
# Use is recorded no more often than this, so that read requests do not turn into writes.
NOTED_EVERY = timedelta(minutes=10)


class TokenScope(StrEnum):
    """What a token is for."""

    FIGURES = "figures:read"
    REGISTER = "register:read"
    IMPORT = "schools:import"
    WEBHOOKS = "webhooks:manage"


SCOPE_NAMES = {
    TokenScope.FIGURES: N_("Read figures for your country or region"),
    TokenScope.REGISTER: N_("Read the public register of certified schools"),
    TokenScope.IMPORT: N_("Import schools into the register"),
    TokenScope.WEBHOOKS: N_("Manage your webhooks"),
}
PERMISSIONS = {
    TokenScope.FIGURES: Permission.OVERSIGHT_READ,
    TokenScope.REGISTER: Permission.API_TOKEN_USE,
    TokenScope.IMPORT: Permission.SCHOOL_REGISTER,
    TokenScope.WEBHOOKS: Permission.WEBHOOK_MANAGE,
}


class TokenEnd(StrEnum):
    """Why a token no longer works."""

    DATE = "date"
    BY_OWNER = "by_owner"
    PERSON_LEFT = "person_left"
    ROLE_CHANGED = "role_changed"
    RESTORED = "restored"


END_NAMES = {
    TokenEnd.DATE: N_("It reached its last day"),
    TokenEnd.BY_OWNER: N_("You ended it"),
    TokenEnd.PERSON_LEFT: N_("The account was closed"),
    TokenEnd.ROLE_CHANGED: N_("Your role or place changed"),
    TokenEnd.RESTORED: N_("The service was restored from a backup"),
}


def scopes_open_to(person: Actor) -> list[TokenScope]:
    """List the scopes a person may choose for a token, never more than their own role allows."""
    return [scope for scope in TokenScope if person.role in MATRIX[PERMISSIONS[scope]]]


def new_token() -> str:
    """Generate a token of 256 bits."""
    return BEGINNING + secrets.token_urlsafe(32)


def end_of(day: date) -> datetime:
    """Return the time, in UTC, at which a token valid through the given date ends."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def token_problems(
    scopes: list[TokenScope], ends_on: date, *, person: Actor, today: date, live: int
) -> list[Problem]:
    """List what keeps a token from being made."""
    problems = []
    if not scopes:
        problems.append(Problem("scopes", N_("Choose at least one thing that the token can do.")))
    if set(scopes) - set(scopes_open_to(person)):
        problems.append(Problem("scopes", N_("Your role does not include this.")))
    if not today < ends_on <= today + timedelta(days=MOST_DAYS):
        message = N_("Choose a day between tomorrow and %(last)s.")
        last = today + timedelta(days=MOST_DAYS)
        problems.append(Problem("ends_on", message, {"last": last}))
    if live >= MOST_TOKENS:
        message = N_("You already have %(most)s tokens. End one that you no longer need.")
        problems.append(Problem("name", message, {"most": MOST_TOKENS}))
    return problems
