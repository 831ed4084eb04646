"""The day's work reminds of days agreed, with what the other rooms know of them."""

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.operate.operations import services
from cissapp.people.deadlines import mails as deadline_mails
from cissapp.people.deadlines.models import Deadline, DeadlineReminder
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailRank
from tests import factories as make
from tests.factories import NOW

DAY = timedelta(days=1)


def daily(app: Any, at: Any) -> dict[str, int]:
    with app.app_context(), clock.at(at):
        return {result.name: result.count for result in services.daily(content(), at=at)}


def arrived(app: Any) -> list[tuple[str, str]]:
    """To whom mails about days went, with their texts."""
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(app.extensions["ciss-mailer"].folder.glob("*.eml"))
    ]
    return [(one["To"], one.get_content()) for one in found if "/change" in one.get_content()]


def test_an_assessor_is_reminded_once_of_what_is_left(app):
    with clock.at(NOW):
        application = make.handed_in()
        (assessor,) = make.reviewers(application, 1)
        make.begun(application, assessor)

    counts = [daily(app, NOW + days * DAY)["deadline reminders queued"] for days in (1, 25, 25, 26)]

    assert counts == [0, 1, 0, 0]
    ((to, text),) = arrived(app)
    assert to == assessor.email
    assert "You have 44 criteria left." in text
    with app.app_context():
        (mail,) = session.query(Mail).filter_by(kind="reminder")
        assert (mail.school_id, mail.user_id) == (application.school_id, assessor.id)
        assert mail.sent_at == NOW + 25 * DAY
        assert mail.rank == MailRank.BATCH  # a link that somebody waits for leaves before it


def test_who_has_scored_everything_is_reminded_to_hand_in(app):
    with clock.at(NOW):
        application = make.handed_in()
        (assessor,) = make.reviewers(application, 1)
        make.scored(make.begun(application, assessor))

    daily(app, NOW + 25 * DAY)

    ((_to, text),) = arrived(app)
    assert "All criteria are done. You can submit now." in text


def test_a_review_that_is_handed_in_reminds_who_decides_not_who_assessed(app):
    with clock.at(NOW):
        application = make.handed_in()
        (assessor,) = make.reviewers(application, 1)
        make.recommended(make.scored(make.begun(application, assessor)))
        with app.app_context():
            open_ones = session.query(Deadline).filter_by(met_at=None).all()
            due = {one.kind.value: one.person_id for one in open_ones}

    daily(app, NOW + 20 * DAY)

    assert due == {"decision": None}
    assert assessor.email not in [to for to, text in arrived(app) if "score each criterion" in text]


def test_a_reminder_that_fails_is_not_noted_as_sent(app, monkeypatch):
    with clock.at(NOW):
        application = make.handed_in()
        (assessor,) = make.reviewers(application, 1)
        make.begun(application, assessor)
    with monkeypatch.context() as broken:
        broken.setattr(deadline_mails, "send_reminder", fail)
        assert daily(app, NOW + 25 * DAY)["deadline reminders queued"] == 0
    with app.app_context():
        assert session.query(DeadlineReminder).count() == 0

    assert daily(app, NOW + 25 * DAY)["deadline reminders queued"] == 1


def fail(*_deadline: Any, **_how: Any) -> None:
    raise KeyError("in the middle")
