"""What several tests of accounts look at."""

from email import message_from_bytes, policy

import pytest


@pytest.fixture
def mails(app):
    """What was sent: to whom, subject and body."""

    def sent():
        folder = app.extensions["ciss-mailer"].folder
        found = [
            message_from_bytes(one.read_bytes(), policy=policy.default)
            for one in sorted(folder.glob("*.eml"))
        ]
        return [
            (str(one["To"]), str(one["Subject"]), one.get_body().get_content()) for one in found
        ]

    return sent
