"""Which text of a message a reader gets, and how far a message has gone."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem

SUBJECT_MOST = 120
BODY_MOST = 3000
# A mail lists at most this many of the next things that are missing; the page has all of them.
STEPS_SHOWN = 5
# This many mails are queued at a time; a stop holds back all later ones.
AT_ONCE = 20
# A message that was written but not sent is deleted after this many days.
DRAFT_DAYS = 30


class MessageState(StrEnum):
    """The state of a message."""

    DRAFT = "draft"
    GOING = "going"
    STOPPED = "stopped"
    SENT = "sent"


MESSAGE_STATE_NAMES = {
    MessageState.DRAFT: N_("Not sent yet"),
    MessageState.GOING: N_("Being sent"),
    MessageState.STOPPED: N_("Stopped"),
    MessageState.SENT: N_("Sent"),
}
MESSAGE_STATE_KINDS = {
    MessageState.DRAFT: "none",
    MessageState.GOING: "info",
    MessageState.STOPPED: "warn",
    MessageState.SENT: "ok",
}


class WrittenText(Struct, frozen=True):
    """A message in one language."""

    language: str
    subject: str
    body: str


def state_of(*, confirmed: bool, stopped: bool, queued: int, total: int) -> MessageState:
    """Return the state of a message; one that was stopped after its last mail had left counts as sent."""
    if not confirmed:
        return MessageState.DRAFT
    if queued == total:
        return MessageState.SENT
    return MessageState.STOPPED if stopped else MessageState.GOING


def text_for(texts: Mapping[str, WrittenText], language: str) -> WrittenText:
    """Return the text that a reader gets: in the reader's language, else the one written first."""
    return texts[language] if language in texts else next(iter(texts.values()))


def text_problems(texts: Iterable[WrittenText]) -> list[Problem]:
    """List why texts cannot be sent: none is written, or one has only a subject or only a body."""
    written = [one for one in texts if one.subject or one.body]
    if not written:
        sentence = N_("Write the message in at least one language.")
        return [Problem("texts", sentence)]
    problems = []
    for one in written:
        if not one.subject:
            problems.append(Problem(f"subject_{one.language}", N_("Enter a subject.")))
        if not one.body:
            problems.append(Problem(f"body_{one.language}", N_("Write the message.")))
    return problems
