"""`ciss receipts`: checks what a learner shows as proof of a saved answer."""

import sys
from enum import IntEnum

import click
from flask.cli import with_appcontext

from cissapp.foundation.core.installation import secret_keys
from cissapp.learn.learning import queries
from cissapp.learn.learning.rules import receipts
from cissapp.learn.learning.rules.receipts import Receipt


class ReceiptOutcome(IntEnum):
    """What became of the answer of a receipt; the numbers are the exit codes."""

    KEPT = 0
    LOST = 1


@click.group("receipts")
def receipts_group() -> None:
    """Check receipts for saved answers."""


@receipts_group.command("check")
@click.argument("receipt", nargs=-1, required=True)
@with_appcontext
def check(receipt: tuple[str, ...]) -> None:
    """Check whether we wrote this receipt, and whether its answer is kept; 1, if not."""
    typed = "".join(receipt)
    read = next(filter(None, (_read(typed, key) for key in secret_keys.accepted_keys())), None)
    if read is None:
        click.echo(
            "Not genuine: this installation did not issue this receipt, or a character is wrong."
        )
        sys.exit(ReceiptOutcome.LOST)
    click.echo(
        f"Genuine: attempt {read.attempt_id}, question {read.position}, save {read.sequence}, "
        f"saved at {read.saved_at:%Y-%m-%d %H:%M:%S} UTC."
    )
    found, words = _what_became_of(read)
    click.echo(words)
    sys.exit(found)


def _read(typed: str, secret: str) -> Receipt | None:
    return receipts.read_receipt(typed, receipts.receipt_key(secret))


def _what_became_of(receipt: Receipt) -> tuple[ReceiptOutcome, str]:
    attempt = queries.attempt(receipt.attempt_id)
    rows = attempt.questions if attempt else []
    row = next((one for one in rows if one.position == receipt.position), None)
    if row is None:
        return (
            ReceiptOutcome.LOST,
            "LOST: the database does not contain the attempt or its question.",
        )
    if row.sequence > receipt.sequence:
        return ReceiptOutcome.KEPT, "A newer answer by the same person replaced this one."
    same = (
        row.saved_at == receipt.saved_at and receipts.digest_of(row.chosen or []) == receipt.digest
    )
    if row.sequence == receipt.sequence and same:
        return ReceiptOutcome.KEPT, "The answer is saved as the receipt says."
    return ReceiptOutcome.LOST, "LOST: the database has an older or a different answer."
