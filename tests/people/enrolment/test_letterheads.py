"""The letterhead of a group: who signs, the address, and a logo that is drawn anew or refused."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import logos
from cissapp.people.schools import services
from cissapp.people.schools.models import GroupLogo, Letterhead
from tests.people.home.test_views import main

TEXT = {
    "signatory_name": "Olga Rusu",
    "signatory_office": "Director",
    "address": "strada Mare 1\n\nChișinău ",
}


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **said) -> bytes:
    """A green disc with wide margins."""
    drawn = Image.new("RGB", size, "white")
    width, height = size
    ImageDraw.Draw(drawn).ellipse((width // 4, height // 4, width // 2, height // 2), fill="green")
    out = BytesIO()
    drawn.save(out, kind, **said)
    return out.getvalue()


def sent(content: bytes, name: str = "logo.png", **texts) -> dict:
    return {"data": {**TEXT, **texts, "logo": (BytesIO(content), name)}}


def kept(app, group_id):
    with app.app_context():
        row = session.get(Letterhead, group_id)
        return row and (
            row.signatory_name,
            row.signatory_office,
            row.address,
            row.logo and (row.logo.width, row.logo.height),
        )


def test_a_coordinator_enters_who_signs_and_a_logo_which_anybody_sees(app, make, sign_in, client):
    person = make.user(Role.COORDINATOR)
    browser = sign_in(person)
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    page = browser.get(browser.get("/group/letterhead").location)
    answer = browser.post(page.request.path, **sent(picture("JPEG", exif=exif), "logo.jpg"))

    assert answer.status_code == 302
    assert kept(app, person.group_id) == (
        "Olga Rusu",
        "Director",
        "strada Mare 1\nChișinău",
        pytest.approx((100, 75), abs=12),
    )
    with app.app_context():
        logo = session.scalars(select(GroupLogo)).one()
        stored = files().get(logo.file_key)
        said = session.scalars(
            select(AuditEntry.facts).where(AuditEntry.event == Event.LETTERHEAD_CHANGED)
        ).one()
    shown = client.get(f"/logos/{logo.sha256}.png")
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "image/png", stored)
    assert b"taken at home" not in stored
    assert said == {"signatory": True, "logo": logo.sha256}
    assert "Olga Rusu Director" in main(browser.get(answer.location))


def test_the_logo_stays_until_it_is_removed_and_is_then_seen_no_more(app, make, sign_in, client):
    person = make.user(Role.COORDINATOR)
    browser, path = sign_in(person), f"/groups/{person.group_id}/letterhead"
    browser.post(path, **sent(picture()))
    with app.app_context():
        sha256 = session.scalars(select(GroupLogo.sha256)).one()

    browser.post(path, data={**TEXT, "signatory_office": "Chair"})
    office, _address, logo = kept(app, person.group_id)[1:]
    assert (office, logo is None) == ("Chair", False)
    browser.post(path, data={**TEXT, "remove_logo": "y"})

    assert kept(app, person.group_id)[3] is None
    assert client.get(f"/logos/{sha256}.png").status_code == 404


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7", "The logo must be a PNG or JPEG picture."),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "The logo cannot be opened."),
        (b"\xff\xd8\xff" + bytes(20_000), "The logo is larger than 2 MB."),
        (picture(size=(60, 60)), "The logo is too small to print well."),
        (picture(size=(1600, 40)), "The logo is too long and narrow to print."),
    ],
)
def test_a_bad_logo_is_refused_beside_its_field_and_what_was_typed_stays(
    app, make, sign_in, monkeypatch, content, expected
):
    monkeypatch.setattr(logos, "LARGEST", 10_000)
    person = make.user(Role.COORDINATOR)

    answer = sign_in(person).post(f"/groups/{person.group_id}/letterhead", **sent(content))

    page = answer.get_data(as_text=True)
    assert (answer.status_code, expected in page, 'value="Olga Rusu"' in page) == (422, True, True)
    assert kept(app, person.group_id) is None


def test_all_that_is_wrong_is_told_at_once(make, sign_in):
    person = make.user(Role.COORDINATOR)

    answer = sign_in(person).post(
        f"/groups/{person.group_id}/letterhead", **sent(b"no picture", signatory_office="")
    )

    page = answer.get_data(as_text=True)
    assert "Also enter the job title of the person who signs." in page
    assert "The logo must be a PNG or JPEG picture." in page


def test_a_picture_of_a_person_is_no_logo(make, sign_in, monkeypatch):
    found = services.letterheads.pictures.PeopleSearch(people=True, whole=True)
    monkeypatch.setattr(
        services.letterheads.pictures, "search_for_people", lambda *_arguments: found
    )
    person = make.user(Role.COORDINATOR)

    answer = sign_in(person).post(f"/groups/{person.group_id}/letterhead", **sent(picture()))

    assert "The picture seems to show a person." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"signatory_office": ""}, "Also enter the job title of the person who signs."),
        ({"signatory_name": ""}, "Also enter the name of the person who signs."),
        ({"address": "a\nb\nc\nd\ne\nf"}, "Use up to 5 lines of up to 80 characters each."),
        ({"signatory_name": "x" * 81}, "Use at most 80 characters."),
    ],
)
def test_a_letterhead_that_cannot_be_printed_is_refused(make, sign_in, texts, expected):
    person = make.user(Role.COORDINATOR)

    answer = sign_in(person).post(f"/groups/{person.group_id}/letterhead", data={**TEXT, **texts})

    assert (answer.status_code, expected in answer.get_data(as_text=True)) == (422, True)


def test_the_people_of_a_school_find_the_address_of_their_group(make, sign_in):
    group = make.group(name="Group of the hills")
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    head = make.manager(make.school(group_id=group.id))
    assert "Group of the hills" in main(sign_in(head).get("/school/people"))

    browser = sign_in(coordinator)
    page = browser.get(browser.get("/group/letterhead").location)
    browser.post(page.request.path, data={**TEXT, "address": "Strada Morii 4\nTel. 022 000 000"})

    assert "Strada Morii 4 Tel. 022 000 000" in main(sign_in(head).get("/school/people"))
