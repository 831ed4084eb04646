"""The log of mails: what went to a school, and what did not arrive; never the text."""

import re
from datetime import timedelta
from typing import Any

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.notices.models import BouncedAddress, Mail
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree

pytestmark = pytest.mark.usefixtures("stopped_clock")

HEAD = ["Subject", "To", "Kind", "What happened", "Tries", "Written", "Sent"]


def mail(of: Any, number: int = 0, **values: Any) -> Mail:
    return make.kept(
        Mail(
            **{
                "kind": "invitation",
                "to": "ana@school.example",
                "subject": f"Welcome {number}",
                "body": "Your link: /invitations/secret",
                "queued_at": NOW + timedelta(minutes=number),
                "next_try_at": NOW,
                "school_id": of.id if of else None,
                **values,
            }
        )
    )


def rows(page: Any) -> list[list[str]]:
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in tree(page).iter("tr")
    ]


def coordinator(of: Any) -> Any:
    return make.user(Role.COORDINATOR, group_id=of.group_id)


def test_the_log_of_a_school_tells_the_fate_of_each_mail_and_never_its_text(sign_in):
    school = make.school()
    mail(school)
    mail(school, 1, sent_at=NOW, tries=1, body=None)
    mail(school, 2, given_up_at=NOW, tries=8, last_error="ConnectionRefusedError: away")
    mail(make.school())

    page = sign_in(coordinator(school)).get(f"/schools/{school.id}/mails")

    ana, at = "ana@school.example", "25 November 2026, 11:"
    assert rows(page) == [
        HEAD,
        [
            "Welcome 2",
            ana,
            "Invitation",
            "✕ Did not arrive ConnectionRefusedError: away",
            "8",
            f"{at}02 UTC+2",
            "–",
        ],
        [
            "Welcome 1",
            ana,
            "Invitation",
            "✓ Handed to the mail server",
            "1",
            f"{at}01 UTC+2",
            f"{at}00 UTC+2",
        ],
        ["Welcome 0", ana, "Invitation", "● Queued", "0", f"{at}00 UTC+2", "–"],
    ]
    assert "secret" not in page.get_data(as_text=True)


def test_a_coordinator_sees_what_did_not_arrive_in_the_own_group_only(sign_in):
    school, other = make.school(), make.school()
    mail(school, given_up_at=NOW)
    mail(school, 1)
    mail(other, 2, given_up_at=NOW)
    mail(None, 3, given_up_at=NOW)

    own = sign_in(coordinator(school)).get("/mails")
    everything = sign_in(make.user()).get("/mails")

    assert [(row[0], row[-1]) for row in rows(own)[1:]] == [("Welcome 0", school.name)]
    assert [(row[0], row[-1]) for row in rows(everything)[1:]] == [
        ("Welcome 3", ""),
        ("Welcome 2", other.name),
        ("Welcome 0", school.name),
    ]


def test_a_log_longer_than_a_page_has_pages(sign_in):
    school = make.school()
    for number in range(51):
        mail(school, number)
    browser = sign_in(coordinator(school))

    first = browser.get(f"/schools/{school.id}/mails")
    (later,) = re.findall(r'rel="next"\s+href="([^"]+)"', first.get_data(as_text=True))
    second = browser.get(later)
    (earlier,) = re.findall(r'rel="prev"\s+href="([^"]+)"', second.get_data(as_text=True))

    assert [row[0] for row in rows(first)[1:]] == [f"Welcome {n}" for n in range(50, 0, -1)]
    assert [row[0] for row in rows(second)[1:]] == ["Welcome 0"]
    assert rows(browser.get(earlier)) == rows(first)


def marked(app: Any, address: str) -> None:
    with app.app_context(), unit_of_work():
        session.add(BouncedAddress(address=address, reason="550 unknown", bounced_at=NOW))


MARK = "✕ Emails have not arrived since 25 November 2026 Check the address, then invite the person again"


def test_beside_a_person_stands_that_mail_does_not_arrive(app, sign_in):
    school = make.school()
    head, deputy = make.manager(school), make.manager(school)
    marked(app, head.email)

    for browser, address in (
        (sign_in(coordinator(school)), f"/schools/{school.id}"),
        (sign_in(deputy), "/school/people"),
    ):
        found = {row[0]: row[2] for row in rows(browser.get(address)) if len(row) > 3}
        assert found[head.name].startswith(f"{head.email} {MARK}")
        assert found[deputy.name] == deputy.email


def test_the_secretariat_sees_it_beside_people_of_groups(app, sign_in):
    reviewer = make.user(Role.REVIEWER)
    marked(app, reviewer.email)

    page = sign_in(make.user()).get("/admin/people")

    (cell,) = [row[3] for row in rows(page) if row[0] == reviewer.name]
    assert cell.startswith(f"{reviewer.email} {MARK}")
