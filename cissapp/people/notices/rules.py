"""States of a mail, retries, and parsing of returned mails (RFC 3464)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from enum import IntEnum, StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_

MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@[^>\s]+>")


class MailState(StrEnum):
    """The state of a mail."""

    WAITS = "waits"
    SENT = "sent"
    FAILED = "failed"


class MailRank(IntEnum):
    """Which mails leave first: each rank once none of a lower one is due.

    Somebody may wait for a link to a new password. What a night or a batch queues may wait an hour, but not for
    the tens of thousands of invitations of a list.
    """

    PERSON = 0
    BATCH = 1
    LIST = 2


MAIL_STATE_NAMES = {
    MailState.WAITS: N_("Queued"),
    MailState.SENT: N_("Handed to the mail server"),
    MailState.FAILED: N_("Did not arrive"),
}
# A kind that is not listed is shown as its identifier.
MAIL_KIND_NAMES = {
    "invitation": N_("Invitation"),
    "password_reset": N_("New password"),
    "new_device": N_("New device"),
    "new_address": N_("New email address"),
    "own_details": N_("Changed name or email address"),
    "sign_on": N_("Account of an organisation"),
    "factors_changed": N_("Second factor changed"),
    "decision": N_("Decision"),
    "question_voided": N_("Question removed"),
    "returned": N_("Application returned"),
    "asked": N_("Question from the group"),
    "removed": N_("Something was removed"),
    "comments": N_("New comments"),
    "leaving": N_("School’s plans to leave, close or take a break"),
    "joining": N_("School’s request to join"),
    "mentoring": N_("Mentoring"),
    "visit": N_("Visit or video call"),
    "suspension": N_("Suspension"),
    "submitted": N_("Submitted"),
    "certificate": N_("Certificate"),
    "certificate_end": N_("Certificate ending soon"),
    "confirmation": N_("Yearly confirmation"),
    "quorum": N_("Too few trained people"),
    "complaint": N_("Complaint"),
    "appeal": N_("Appeal"),
    "evidence": N_("Evidence expiring"),
    "old_numbers": N_("Numbers to confirm"),
    "old_values": N_("Where old details are still shown"),
    "drill": N_("Drill message"),
    "drill_announced": N_("Drill announced"),
    "drill_result": N_("Drill result"),
    "reminder": N_("Deadline reminder"),
    "deadline_changed": N_("Deadline changed"),
    "learning_reminder": N_("Learning reminder"),
    "attempt_closing": N_("Quiz closing soon"),
    "message": N_("Message from the group"),
    "webhook_stopped": N_("Webhook stopped"),
    "act_notice": N_("Notice to others"),
    "second_person": N_("Waiting for a second person"),
    "task_given": N_("Task in a case"),
    "ready_to_decide": N_("Case to decide"),
    "handed_back": N_("A case needs another person"),
    "handover": N_("Handover to a new head"),
    "erasure_asked": N_("Erasure requested"),
    "erasure_soon": N_("Erasure of a closed account"),
    "documents_deleted_soon": N_("Documents that will be deleted soon"),
}

# Every page counts the unread notifications of its reader, up to this number; from it on it shows "99+".
UNREAD_COUNTED = 100
# Mails with a single-use link: what opens an account is sent by mail only, without a notification.
MAIL_ONLY = frozenset({"invitation", "password_reset", "new_address"})
# Days for which a notification is kept after it was read, or if it stays unread.
READ_DAYS, UNREAD_DAYS = 90, 365


# A domain that exists nowhere (RFC 2606, RFC 6761): of addresses that stand in for one that somebody gave up.
NOWHERE = ".invalid"


def has_mailbox(address: str) -> bool:
    """Return whether mail can arrive at an address; none does under the domain that exists nowhere."""
    return not address.rstrip(".").lower().endswith((f"@{NOWHERE[1:]}", NOWHERE))


# A mail is given up after this many tries, but not before this many days: relays may be down all weekend.
TRIES, DAYS_OF_TRYING = 8, 3
LONGEST_WAIT = timedelta(hours=6)


def next_try(tries: int, at: datetime) -> datetime:
    """Return when to try again: after 2 minutes, 4, 8 ..., so that a link for an hour gets four more tries."""
    return at + min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_WAIT)


def is_given_up(tries: int, queued_at: datetime, at: datetime) -> bool:
    """Check whether no further try is made after this one."""
    return tries >= TRIES and at - queued_at >= timedelta(days=DAYS_OF_TRYING)


class MailText(Struct, frozen=True):
    """The text of a mail.

    `unsubscribe_url` takes the one-click request of a mail program to stop mails of this kind (RFC 8058).
    `path` is the page its notification opens; by default, the first page of ours linked in the body.
    """

    subject: str
    body: str
    unsubscribe_url: str | None = None
    path: str | None = None


def first_path(text: MailText, base_url: str) -> str | None:
    """Return the path that a mail names for its notification, or else of the first of our pages it links to.

    The unsubscribe link does not count.
    """
    if text.path:
        return text.path
    for found in re.findall(rf"{re.escape(base_url)}(/\S*)", text.body):
        if text.unsubscribe_url != f"{base_url}{found}":
            return str(found)
    return None


class Bounce(Struct, frozen=True):
    """A permanently undeliverable mail: which of ours, the recipient's address, and the reason."""

    mail_id: UUID
    address: str
    reason: str


def parse_bounces(raw: bytes) -> list[Bounce]:
    """Parse the permanent failures in a delivery status notification; empty for any other message.

    A delay or a successful delivery is not a bounce, nor is a notification without the headers of the mail
    it is about.
    """
    message = message_from_bytes(raw, policy=policy.compat32)
    if message.get_content_type() != "multipart/report":
        return []
    parts = list(message.walk())
    mail_id = next((found for part in parts if (found := _mail_of(part))), None)
    if mail_id is None:
        return []
    return [
        Bounce(mail_id, address, reason)
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for address, reason in _failed(part)
    ]


def _failed(part: Message) -> Iterator[tuple[str, str]]:
    """Yield address and reason of each failed recipient; the first block is about the message as a whole."""
    blocks = part.get_payload()
    for block in blocks[1:] if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action = str(block.get("Action", "")).strip().casefold()
        status = str(block.get("Status", "")).strip()
        address = _address(block.get("Original-Recipient")) or _address(
            block.get("Final-Recipient")
        )
        if action == "failed" and status.startswith("5") and address:
            said = " ".join(str(block.get("Diagnostic-Code", "")).split())
            yield address, f"{status} {said.partition(';')[2].strip() or said}".strip()


def _address(field: str | None) -> str:
    """Take the address out of `rfc822; ana@school.example`."""
    return str(field or "").partition(";")[2].strip().strip("<>")


def _mail_of(part: Message) -> UUID | None:
    """Find the id of our mail in the headers that came back, as a message or as text."""
    if part.get_content_type() == "text/rfc822-headers":
        raw = part.get_payload(decode=True)
        part = message_from_bytes(raw if isinstance(raw, bytes) else b"")
    found = MESSAGE_ID.search(str(part.get("Message-ID", "")))
    return UUID(found.group(1)) if found else None
