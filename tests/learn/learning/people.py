"""People who learn, and the mails that reach them."""

from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy

from sqlalchemy import select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.learn.learning import services
from cissapp.people.notices.models import Mail
from tests.statements import statements_sent

DAY = timedelta(days=1)
KINDS = ("learning_reminder", "attempt_closing")


@contextmanager
def reads():
    """Count the reads inside."""
    found = []
    with statements_sent() as sent:
        yield found
    found += [one for one in sent if one.lstrip().upper().startswith("SELECT")]


def begun(person, at, *, module=0, lessons=2):
    """Read the first lessons of a module."""
    for lesson in content().modules[module].lessons[:lessons]:
        services.mark_read(lesson, by=person, at=at)
    return person


def queued():
    """Kind, address and text of each reminder, in the order in which they were queued."""
    query = select(Mail).where(Mail.kind.in_(KINDS)).order_by(Mail.queued_at, Mail.to)
    return list(session.scalars(query))


def arrived(app):
    """The reminders that lie in the mail folder, as a mail program reads them."""
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(app.extensions["ciss-mailer"].folder.glob("*.eml"))
    ]
    return [one for one in found if one["List-Unsubscribe"]]
