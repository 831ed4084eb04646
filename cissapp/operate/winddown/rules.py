"""What an export holds, what it leaves out and why, and what its README says. No database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FORMAT = "ciss-winddown-1"

Row = dict[str, Any]

# What opens an account or is unfinished is of no use elsewhere, and would be a danger there.
LEFT_OUT = frozenset(
    {
        "calendar_feed",
        "act_proposal",
        "handover",
        "user_session",
        "password_reset",
        "reset_request",
        "attempt_count",
        "background_task",
        "identity_provider",
        "linked_identity",
        "authenticator_app",
        "passkey",
        "recovery_code",
        "factor_challenge",
        "wrong_proof",
        "upload",
        "upload_part",
        "photograph",
        "draft",
        "api_token",
        "answered_request",
        "webhook",
        "webhook_message",
    }
)

# Without people: only what the public pages are made of. Of schools and applications, only the rows that
# a certificate is based on.
PUBLIC = frozenset(
    {
        "application",
        "certificate",
        "checkpoint",
        "cosignature",
        "country",
        "credential",
        "group_country",
        "group_logo",
        "log_leaf",
        "log_node",
        "national_group",
        "publication",
        "register_entry",
        "school",
        "status_list",
        "status_snapshot",
    }
)
NARROWED = {"application": "application_id", "school": "school_id"}

# No password has this hash: the person sets a new one through the "forgotten password" link.
NO_PASSWORD = "!"  # noqa: S105 -- it opens nothing


def without_secrets(table: str, row: Mapping[str, Any], at: datetime) -> Row:
    """Return a row without what opens something or was meant for one reader; a value left out is NULL."""
    kept, moment = dict(row), at.astimezone(UTC).isoformat()
    if table == "person":
        kept["password_hash"] = NO_PASSWORD
        kept.pop("factors_since", None)
    elif table == "invitation":
        kept["token_hash"] = f"left-out-{row['id']}"
        if "accepted_at" not in row and "revoked_at" not in row:
            kept["revoked_at"] = moment
    elif table == "join_request":
        if "token_hash" in row:
            kept["token_hash"] = f"left-out-{row['id']}"
    elif table == "mail":
        kept.pop("body", None)
        kept.pop("unsubscribe_url", None)
        if "sent_at" not in row and "given_up_at" not in row:
            kept["given_up_at"] = moment
    return kept


README = """\
This folder holds a whole installation of CISS (Certified Internet Safe School), written on {day}
by the service at {base_url}.

What is in it
  data/installation.json   what was exported: format, moment, migration, version of the contents, tables
  data/tables/*.jsonl      the tables, one row a line, as JSON; a value that is not there is NULL.
                           They are numbered so that a row comes after those that it points to.
  data/files.jsonl         the stored files: key, SHA-256, size; no SHA-256 where the file was gone
  data/files/              these files, each named by its SHA-256
  data/keys/               public keys (keys.json) and witnesses of the public log; no private key
  manifest-sha256.txt      the SHA-256 of all of these (BagIt 1.0, RFC 8493)

What is not in it
  Passwords, sessions, links for one use, texts of mails, uploads that were not finished, private keys.
  {people}

Treat it as confidential
  {confidential}

How to use it
  Check it:    bagit.py --validate THIS_FOLDER
  Bring it in: set an empty installation up (ciss db upgrade), then: ciss winddown import THIS_FOLDER
  Without CISS: JSON Lines, PDF and text can be read with any tool. The certificates verify with
  data/keys/keys.json alone: ciss certificates verify FILE --offline --key data/keys/keys.json

docs/winddown.md says more: what an installation that goes on needs, and how it gets keys of its own.
"""
WITH_PEOPLE = (
    "The people are in it: names, work addresses, what they did.",
    "It names people, and holds the documents of schools and what reviewers wrote.",
)
WITHOUT_PEOPLE = (
    "People, documents, reviews and the trail are left out: --without-people was asked for.",
    "It names no person but who signed certificates for a group, in office. The salts of the log and the reasons in the register are not for the public.",
)


def readme(*, base_url: str, at: datetime, people: bool) -> str:
    """Write the README of an export."""
    about, confidential = WITH_PEOPLE if people else WITHOUT_PEOPLE
    return README.format(
        day=at.date().isoformat(), base_url=base_url, people=about, confidential=confidential
    )
