"""From the home page to an invitation, without an account, and what each page says."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation
from cissapp.people.joining import queries
from cissapp.people.joining.models import JoinRequest
from tests import factories as make

ASKED = {
    "country": "MD", "school_name": "Green Lyceum", "locality": "Orhei", "code": "77",
    "email": "office@lyceum.example", "person_name": "Ana Rusu", "office": "Head", "reason": "",
}  # fmt: skip


def said(response) -> str:
    return response.get_data(as_text=True)


def link_in_mail(app) -> str:
    """The path of the newest link that was mailed to confirm a wish."""
    folder = Path(app.config["CISS"].mail_url.removeprefix("file://"))
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    bodies = [
        message_from_bytes(path.read_bytes(), policy=policy.default).get_body().get_content()
        for path in files
    ]
    return re.findall(r"/join/[\w-]{20,}", "".join(bodies))[-1]


def test_a_school_asks_confirms_and_is_invited(app, client, sign_in):
    group = make.group()
    school = make.school(group_id=group.id, name="Green Lyceum", code="77")
    desk = sign_in(make.user(Role.COORDINATOR, group_id=group.id))

    assert client.post("/join", data=ASKED).location == "/join/asked"
    assert "within 7 days" in said(client.get("/join/asked"))
    link = link_in_mail(app)
    assert "Green Lyceum" in said(client.get(link))
    assert "No school is waiting" in said(desk.get("/schools/requests"))
    assert client.post(link).location == "/join/confirmed?country=MD"
    assert "were answered within" not in client.get("/join/confirmed?country=MD").text
    assert client.get(link).status_code == 410

    with app.app_context():
        request = session.scalars(select(JoinRequest)).one()
    page = f"/schools/requests/{request.id}"
    assert "<strong>1</strong>" in said(desk.get("/schools"))
    assert "Waiting since" in said(desk.get("/schools/requests"))
    shown = said(desk.get(page))
    assert f'value="{school.id}"' in shown
    assert 'value="office@lyceum.example"' in shown
    answer = {
        "school_id": str(school.id),
        "duty": "head",
        "name": "Ana Rusu",
        "email": ASKED["email"],
    }
    assert desk.post(page, data={**answer, "school_id": ""}).status_code == 422
    assert desk.post(page, data=answer).location == "/schools/requests"
    assert "Invited" in said(desk.get("/schools/requests"))
    assert "See the school" in said(desk.get(page))
    with app.app_context():
        assert session.scalars(select(Invitation.school_id)).all() == [school.id]


def test_a_school_that_is_not_in_the_register_is_registered_with_what_it_said(sign_in):
    group = make.group()
    desk = sign_in(make.user(Role.COORDINATOR, group_id=group.id))

    shown = said(desk.get("/schools/new?name=Green+Lyceum&locality=Orhei&code=77"))

    assert [f'value="{one}"' in shown for one in ("Green Lyceum", "Orhei", "77")] == [True] * 3


def test_who_registers_a_school_that_asks_comes_back_to_its_request(app, client, sign_in):
    group = make.group()
    desk = sign_in(make.user(Role.COORDINATOR, group_id=group.id))
    client.post("/join", data=ASKED)
    client.post(link_in_mail(app))
    with app.app_context():
        page = f"/schools/requests/{session.scalars(select(JoinRequest)).one().id}"
    (link,) = re.findall(r'href="(/schools/new[^"]+)"', said(desk.get(page)))
    school = {
        "region_code": "MD-OR", "code": "77", "name": "Green Lyceum", "locality": "Orhei",
        "language": "ro",
    }  # fmt: skip

    answer = desk.post(link.replace("&amp;", "&"), data=school)

    assert answer.location == page
    assert "Now invite its head." in said(desk.get(page))


def test_a_school_is_refused_with_a_reason(app, client, sign_in):
    group = make.group()
    desk = sign_in(make.user(Role.COORDINATOR, group_id=group.id))
    client.post("/join", data=ASKED)
    client.post(link_in_mail(app))
    with app.app_context():
        request = session.scalars(select(JoinRequest)).one()
    page = f"/schools/requests/{request.id}/refuse"

    assert "Enter a reason." in said(desk.post(page, data={"reason": ""}))
    assert desk.post(page, data={"reason": "Your region begins next year."}).status_code == 302
    assert "Not invited" in said(desk.get("/schools/requests"))


def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(client):
    make.group()

    wrong = client.post("/join", data={**ASKED, "email": "no address", "country": ""})
    assert wrong.status_code == 422
    assert "Enter an email address like name@school.example." in said(wrong)
    assert 'value="Green Lyceum"' in said(wrong)
    closed = client.post("/join", data={**ASKED, "country": "UA"})
    assert "There is no national group in this country yet" in said(closed)
    assert '<option selected value="MD">' in said(client.get("/join?country=md"))


def test_who_has_confirmed_reads_how_long_it_usually_takes(app, client, monkeypatch):
    monkeypatch.setattr(queries, "answer_times", lambda _country: [timedelta(days=3)] * 8)

    page = said(client.get("/join/confirmed?country=MD"))

    assert "Half of the last 8 requests were answered within 3 days." in page
