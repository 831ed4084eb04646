"""What is shown of the audit trail, and to whom; how events are grouped, and how they are filtered."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.errors import N_

# The period that is shown by default: the audit trail of a country has millions of lines.
SHOWN_DAYS = timedelta(days=30)
PAGE = 50


class Theme(StrEnum):
    """What an event is about, as a person would look for it."""

    ACCOUNTS = "accounts"
    READINGS = "readings"
    SCHOOLS = "schools"
    LEARNING = "learning"
    PREPARATION = "preparation"
    REVIEW = "review"
    CERTIFICATES = "certificates"
    PROGRAMME = "programme"


THEME_NAMES = {
    Theme.ACCOUNTS: N_("Accounts and sign-in"),
    Theme.READINGS: N_("Who read what"),
    Theme.SCHOOLS: N_("Schools and messages"),
    Theme.LEARNING: N_("Learning"),
    Theme.PREPARATION: N_("Preparing an application"),
    Theme.REVIEW: N_("Review and decision"),
    Theme.CERTIFICATES: N_("Certificates and complaints"),
    Theme.PROGRAMME: N_("Programme and groups"),
}
# The first part of an event's name determines its theme; a new kind of thing must be added here.
THINGS: dict[Theme, tuple[str, ...]] = {
    Theme.ACCOUNTS: (
        "person",
        "invitation",
        "session",
        "password",
        "guest",
        "calendar",
        "factor",
        "factors",
        "recovery_code",
        "recovery_codes",
        "second_proof",
        "sign_on",
        "role",
        "duty",
        "handover",
        "erasure",
        "personal_data",
    ),
    Theme.READINGS: (),
    Theme.SCHOOLS: ("school", "join_request", "statistics", "message", "tally"),
    Theme.LEARNING: ("lesson", "attempt", "answer", "module", "question"),
    Theme.PREPARATION: (
        "document",
        "documents",
        "staff_reading",
        "mechanism",
        "facts",
        "paper",
        "reporting_page",
        "self_score",
        "part_evidence",
        "poster_place",
        "posters",
        "poster",
        "policy",
        "action",
        "product",
        "plan_date",
        "awareness_round",
        "drill",
        "signs",
        "contents",
        "mentoring",
        "mentor_message",
        "mentor_talk",
        "mentor_shares",
        "mentor_meeting",
    ),
    Theme.REVIEW: (
        "application",
        "calibration",
        "conflict",
        "seat",
        "hint",
        "background",
        "absence",
        "review",
        "score",
        "sift",
        "decision",
        "letter",
        "attachment",
        "appeal",
        "deadline",
        "thread",
        "comment",
        "visit",
    ),
    Theme.CERTIFICATES: ("certificate", "cure", "confirmation", "quorum", "complaint"),
    Theme.PROGRAMME: (
        "country",
        "group",
        "letterhead",
        "api_token",
        "webhook",
        "figures",
        "trail",
        "act",
        "key",
        "retention",
        "installation",
        "task",
    ),
}
READINGS = frozenset({Event.APPLICATION_READ, Event.DOCUMENT_READ, Event.TRAIL_EXPORTED})
_THEME_OF = {thing: theme for theme, things in THINGS.items() for thing in things}

# A coordinator may take part in cases, and may be the one whose work is judged: the group's own part of
# the audit trail must not reveal what phases, talks with mentors and a person's learning keep private.
NOT_FOR_GROUPS = frozenset(
    event
    for event in Event
    if event.partition(".")[0]
    in {"lesson", "attempt", "answer", "score", "sift", "mentor_message", "mentor_talk"}
    or event in {Event.APPEAL_VOTED, Event.APPEAL_RULING_PROPOSED, Event.SELF_SCORE_SAVED}
)
# Scores, votes and answers are in the audit trail for verification, not to be read on a page.
FACTS_NOT_SHOWN = NOT_FOR_GROUPS | {Event.REVIEW_HANDED_IN, Event.DECISION_TAKEN}


class TrailFilter(Struct, frozen=True):
    """The filter of the audit trail: dates, theme, and words or a reference."""

    since_on: date
    until_on: date
    theme: Theme | None = None
    search: str = ""


def theme_of(event: Event) -> Theme:
    """Return the theme of an event; raise `KeyError` for a kind of thing that has none yet."""
    return Theme.READINGS if event in READINGS else _THEME_OF[event.partition(".")[0]]


def events_of(theme: Theme) -> list[Event]:
    """List the events of a theme."""
    return [event for event in Event if theme_of(event) is theme]
