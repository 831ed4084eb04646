"""The newest checkpoint goes by mail to whom the operator names, once."""

from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

from sqlalchemy import select

from cissapp.certify.transparency import queries
from cissapp.certify.transparency.mails import KIND, mail_checkpoint
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.notices.models import Mail
from tests.factories import NOW

ADDRESSES = ("one@witness.example", "two@witness.example")


def mailed(days: int) -> int:
    with unit_of_work():
        return mail_checkpoint(ADDRESSES, at=NOW + timedelta(days=days))


def test_each_checkpoint_is_mailed_once_as_it_is_published(app, make):
    with app.app_context():
        nothing = mailed(0)
    make.certified()
    with app.app_context():
        counts = [mailed(1), mailed(2)]
    make.certified(at=NOW + timedelta(days=3))
    with app.app_context():
        counts.append(mailed(4))
        mails = session.scalars(select(Mail).where(Mail.kind == KIND).order_by(Mail.queued_at))
        subjects = [(one.to, one.subject) for one in mails]
        newest = queries.checkpoint()
        assert newest
    folder = Path(app.config["CISS"].mail_url.removeprefix("file://"))
    letters = "".join(
        message_from_bytes(path.read_bytes()).get_payload(decode=True).decode()
        for path in folder.rglob("*.eml")
    )

    assert (nothing, counts) == (0, [2, 0, 2])
    assert sorted(subjects) == [
        (address, f"Public log of certificates: {size} entries")
        for address in ADDRESSES
        for size in (1, 2)
    ]
    assert newest.note.splitlines()[2] in letters
