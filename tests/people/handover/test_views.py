"""The pages of handovers and of acts of two people, through the client."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.handover.models import ActProposal, Handover
from cissapp.people.handover.queries import offers
from cissapp.people.handover.rules.handovers import HandoverOutcome
from cissapp.people.notices.models import Mail
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from tests.certify.certificates.pages import REASON
from tests.client import draft_ticket, main_text
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

WANTED = {"afterwards": "closed", "confirmed": "y"}


def only(app, kind):
    with app.app_context():
        return session.scalars(select(kind)).one()


def link_to(app, email: str) -> str:
    folder = Path(app.config["CISS"].mail_url.removeprefix("file://"))
    (file,) = folder.glob(f"*{email}.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    return re.search(r"/invitations/\S+", mail.get_body().get_content())[0]


def person(app, of: User) -> User:
    with app.app_context():
        return session.get_one(User, of.id)


def test_a_head_hands_over_and_the_deputy_agrees(app, sign_in, make):
    head = make.manager()
    school = head.school_id
    deputy = make.user(Role.SCHOOL_MANAGER, school_id=school, duty=Duty.DEPUTY)
    browser, other = sign_in(head), sign_in(deputy)

    asked = browser.post(
        "/school/people/handover/new", data={**WANTED, "successor": str(deputy.id)}
    )
    assert asked.location == "/school/people/handover"
    assert f"Waiting for {deputy.name}" in main_text(browser.get(asked.location))
    assert "A handover to a new head is under way" in main_text(browser.get("/school/people"))
    page = main_text(other.get(asked.location))
    assert "You have been asked to become the head of your school" in page
    answer = other.post(f"/handovers/{only(app, Handover).id}/confirm")

    assert answer.location == "/sign-in"
    assert person(app, deputy).duty is Duty.HEAD
    assert not person(app, head).is_active
    # Both sessions ended with the change: the next page asks to sign in.
    for one in (browser, other):
        assert one.get("/school/people").location.startswith("/sign-in")


def test_name_and_address_of_a_new_head_are_not_called_optional(sign_in, make):
    page = sign_in(make.manager()).get("/school/people/handover/new").text

    assert 'name="email"' in page
    assert "(optional)" not in page


def test_a_new_person_joins_by_the_link_as_the_head(app, client, sign_in, make):
    head = make.manager()
    browser = sign_in(head)
    new = {**WANTED, "successor": "new", "name": "Ana Rusu", "email": "ana@school.example"}

    refused = browser.post("/school/people/handover/new", data={**new, "email": ""})
    browser.post("/school/people/handover/new", data=new)
    browser.post(f"/handovers/{only(app, Handover).id}/resend")
    with app.app_context():
        bodies = session.scalars(select(Mail.subject).where(Mail.kind == "invitation")).all()
        links = session.scalars(select(Invitation).where(Invitation.revoked_at.is_(None))).all()

    assert refused.status_code == 422
    assert "Enter the email address." in main_text(refused)
    assert "Ana Rusu" in refused.text  # nothing typed is lost
    assert (len(bodies), len(links)) == (2, 1)
    assert only(app, Handover).invitation_id == links[0].id


def test_a_new_head_reads_before_joining_what_the_account_changes(app, client, sign_in, make):
    head = make.manager()
    new = {**WANTED, "successor": "new", "name": "Ana Rusu", "email": "ana@school.example"}
    sign_in(head).post("/school/people/handover/new", data=new)
    colleague = {"name": "Ion", "email": "ion@school.example", "duty": "deputy"}
    sign_in(head).post("/school/people/new", data=colleague)
    said = "When you open your account, you become the head."

    assert said in main_text(client.get(link_to(app, "ana@school.example")))
    assert said not in main_text(client.get(link_to(app, "ion@school.example")))


def test_whom_it_does_not_concern_can_neither_start_nor_confirm_nor_stop(app, sign_in, make):
    head = make.manager()
    deputy = make.user(Role.SCHOOL_MANAGER, school_id=head.school_id, duty=Duty.DEPUTY)
    designated = make.user(
        Role.SCHOOL_MANAGER, school_id=head.school_id, duty=Duty.DESIGNATED_PERSON
    )
    browser, stranger = sign_in(designated), sign_in(make.manager())
    data = {**WANTED, "successor": str(designated.id)}
    assert browser.get("/school/people/handover/new").status_code == 403
    assert browser.post("/school/people/handover/new", data=data).status_code == 403
    sign_in(head).post("/school/people/handover/new", data={**data, "successor": str(deputy.id)})
    address = f"/handovers/{only(app, Handover).id}"

    statuses = [
        one.post(f"{address}/{act}").status_code
        for one in (browser, stranger)
        for act in ("confirm", "stop", "resend")
    ]

    assert statuses == [404] * 6
    assert "Either of them can stop it" in main_text(browser.get("/school/people/handover"))
    assert only(app, Handover).outcome is None


def test_the_coordinator_starts_and_stops_it(app, sign_in, make):
    group = make.group()
    head = make.manager(make.school(group_id=group.id))
    deputy = make.user(Role.SCHOOL_MANAGER, school_id=head.school_id, duty=Duty.DEPUTY)
    desk = sign_in(make.user(Role.COORDINATOR, group_id=group.id))
    address = f"/schools/{head.school_id}/handover"

    assert "No handover is under way." in main_text(desk.get(address))
    assert f"{head.name} is handing over" in main_text(desk.get(f"{address}/new"))
    started = desk.post(f"{address}/new", data={**WANTED, "successor": str(deputy.id)})
    again = desk.post(f"{address}/new", data={**WANTED, "successor": str(deputy.id)})
    stopped = desk.post(f"/handovers/{only(app, Handover).id}/stop")

    assert (started.location, again.status_code, stopped.location) == (address, 422, address)
    assert "A handover is already under way." in main_text(again)
    assert only(app, Handover).outcome is HandoverOutcome.STOPPED


# --- two people ----------------------------------------------------------------------------------


def standing(app, school) -> Standing:
    with app.app_context():
        return session.get_one(School, school.id).standing


def test_two_people_of_the_secretariat_withdraw_a_certificate(app, sign_in, make):
    school = make.school()
    certificate = make.certified(school)
    one, two = sign_in(make.user()), sign_in(make.user())
    form = {"reason": REASON, "confirmed": "y"}

    assert "Another person in the secretariat has 7 days to confirm" in main_text(
        one.get(f"/certificates/{certificate.id}/withdraw")
    )
    proposed = one.post(f"/certificates/{certificate.id}/withdraw", data=form)
    twice = two.post(f"/certificates/{certificate.id}/withdraw", data=form)
    own = one.post(f"{proposed.location}/confirm")
    assert (standing(app, school), twice.status_code, own.status_code) == (Standing.VALID, 422, 422)
    assert "Waiting for you" in main_text(two.get("/admin/second-person"))
    assert "Its withdrawal is waiting for a second person" in main_text(
        two.get(f"/certificates/{certificate.id}")
    )
    assert REASON in main_text(two.get(proposed.location))
    done = two.post(f"{proposed.location}/confirm")
    late = one.post(f"{proposed.location}/refuse")

    assert (done.location, late.status_code) == ("/admin/second-person", 422)
    assert standing(app, school) is Standing.WITHDRAWN
    assert "Confirmed and done" in main_text(one.get("/admin/second-person"))


def test_what_is_refused_is_not_done(app, sign_in, make):
    school = make.school()
    certificate = make.certified(school)
    one, two = sign_in(make.user()), sign_in(make.user())
    proposed = one.post(
        f"/certificates/{certificate.id}/withdraw", data={"reason": REASON, "confirmed": "y"}
    )

    two.post(f"{proposed.location}/refuse")

    assert standing(app, school) is Standing.VALID
    assert "Refused" in main_text(one.get(proposed.location))


def test_the_coordinator_stops_by_the_link_without_a_session_and_once(app, client, sign_in, make):
    group = make.group()
    lost = make.user(Role.COORDINATOR, group_id=group.id)
    reviewer = make.user(Role.REVIEWER, group_id=group.id)
    desk = sign_in(make.user())
    address = f"/admin/groups/{group.id}/coordinator"
    assert "You are the only person in the secretariat" in main_text(desk.get(address))
    nobody = desk.post(address, data={"person": "new", "reason": REASON, "language": "en"})
    assert nobody.status_code == 422
    made = desk.post(address, data={"person": str(reviewer.id), "reason": REASON, "language": "en"})
    assert made.status_code == 302
    proposal = only(app, ActProposal)
    with clock.at(NOW + timedelta(days=2)):
        assert sign_in(reviewer).get(f"/account/replaced/{proposal.id}").status_code == 403
        assert "Are you still the coordinator?" in main_text(
            sign_in(lost).get(f"/account/replaced/{proposal.id}")
        )
    with app.app_context():
        kept = session.get_one(ActProposal, proposal.id).token_hash
    link = link_of(app, lost)

    looked = client.get(link)
    assert only(app, ActProposal).outcome is None  # a program that follows links stops nothing
    stopped = client.post(link)
    again = client.get(link)

    assert kept
    assert (looked.status_code, stopped.status_code, again.status_code) == (200, 302, 410)
    assert person(app, lost).is_active


@pytest.fixture
def large_group(sign_in, make, monkeypatch):
    """Two reviewers of a group of whom one is offered at once, the secretariat, and the page that replaces."""
    monkeypatch.setattr(offers, "PEOPLE_AT_ONCE", 1)
    group = make.group()
    make.user(Role.COORDINATOR, group_id=group.id)
    near, far = (make.user(Role.REVIEWER, group_id=group.id, name=name) for name in ("Ana", "Vera"))
    return near, far, sign_in(make.user()), f"/admin/groups/{group.id}/coordinator"


def test_a_successor_from_a_large_group_is_found_by_name(large_group):
    near, far, desk, address = large_group
    chosen = {"person": str(far.id), "language": "en"}

    first, found = desk.get(address), desk.get(f"{address}?reviewer=VER")
    kept = desk.post(address, data=chosen)
    made = desk.post(address, data={**chosen, "reason": REASON})

    assert "Search by name for someone else." in main_text(first)
    assert [
        [one.name for one in (near, far) if f'value="{one.id}"' in page.get_data(as_text=True)]
        for page in (first, found, kept)
    ] == [["Ana"], ["Vera"], ["Ana", "Vera"]]
    assert (kept.status_code, made.status_code) == (422, 302)
    assert "Vera" in main_text(desk.get(made.location))


def test_a_successor_in_a_draft_is_offered_whoever_was_searched_for(large_group):
    near, far, desk, address = large_group
    ticket = draft_ticket(desk.get(f"{address}?reviewer=ver"))
    desk.post("/drafts", data={"draft": ticket, "person": str(far.id), "reason": REASON})

    page = desk.get(f"{address}?reviewer=ana").get_data(as_text=True)

    radios = re.findall(r'<input[^>]*name="person"[^>]*>', page)
    checked = [one for one in radios if " checked" in one]
    assert [str(far.id) in one for one in checked] == [True]
    assert any(str(near.id) in one for one in radios)


def test_the_first_of_many_are_the_first_of_the_alphabet(context, make, monkeypatch):
    names = ["Андрій", "Ґалина", "Ірина", "Ярина"]
    group = make.group()
    for name in names:
        make.user(Role.REVIEWER, group_id=group.id, name=name)

    few, _more = offers.reviewers_offered(group.id, name="", chosen=None)
    monkeypatch.setattr(offers, "PEOPLE_AT_ONCE", 3)
    first, _more = offers.reviewers_offered(group.id, name="", chosen=None)

    assert [one.name for one in few] == names
    assert [one.name for one in first] == names[:3]


def test_of_a_large_school_some_are_offered_as_head_and_others_found_by_name(
    make, sign_in, monkeypatch
):
    monkeypatch.setattr(offers, "PEOPLE_AT_ONCE", 1)
    school = make.school()
    head = make.manager(school, duty=Duty.HEAD)
    near, far = (make.manager(school, duty=Duty.DEPUTY, name=name) for name in ("Ana", "Vera"))
    browser, address = sign_in(head), "/school/people/handover/new"
    chosen = {**WANTED, "successor": str(far.id)}

    first, found = browser.get(address), browser.get(f"{address}?colleague=ver")
    kept = browser.post(address, data={**chosen, "confirmed": ""})
    made = browser.post(address, data=chosen)

    assert "Search by name for someone else." in main_text(first)
    assert [
        [one.name for one in (near, far) if f'value="{one.id}"' in page.get_data(as_text=True)]
        for page in (first, found, kept)
    ] == [["Ana"], ["Vera"], ["Ana", "Vera"]]
    assert (kept.status_code, made.status_code) == (422, 302)


def link_of(app, reader: User) -> str:
    """The link that stops it, from the mail that was sent."""
    from email import message_from_bytes, policy
    from pathlib import Path

    folder = Path(app.config["CISS"].mail_url.removeprefix("file://"))
    for path in folder.glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        text = mail.get_body().get_content()
        if mail["To"] == reader.email and "/second-person/" in text:
            return "/second-person/" + text.partition("/second-person/")[2].split()[0]
    raise AssertionError("no mail with the link")
