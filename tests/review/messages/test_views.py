"""Pages of a message to many: written, looked at, sent, read by whom it went to."""

import re
from datetime import timedelta

import pytest

from cissapp.foundation.core.roles import Role
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree
from tests.shipped import country_of, installed_country, region

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def school(app):
    return make.school()


@pytest.fixture
def head(school):
    return make.user(Role.SCHOOL_MANAGER, school_id=school.id, language="uk", name="Olena")


@pytest.fixture
def desk(school, sign_in):
    return sign_in(make.user(Role.COORDINATOR, group_id=school.group_id, name="Vera"))


def text_of(answer):
    return " ".join(" ".join(tree(answer).find(".//main").itertext()).split())


def address_to(*schools):
    return "/group/messages/new?" + "&".join(f"school={one.id}" for one in schools)


def test_a_message_is_written_looked_at_sent_and_read(school, head, desk, sign_in):
    page = text_of(desk.get(address_to(school)))
    assert "People who will get the message: 1. Schools: 1." in page

    data = {"subject_uk": "Новини", "body_uk": "Продовжуйте.", "with_steps": "y"}
    shown_at = desk.post(address_to(school), data=data).location
    preview = desk.get(shown_at)
    assert "Добрий день, Olena, Продовжуйте." in text_of(preview)
    assert "People who will get the message: 1. Schools: 1." in text_of(preview)
    # The address that stops mails of a person is that person's alone.
    assert "/learn/reminders/stop/" not in preview.get_data(as_text=True)

    assert "Продовжуйте." in text_of(desk.get(f"{shown_at}/change"))
    assert desk.post(f"{shown_at}/send").location == shown_at
    assert "✓ Sent Sent to 1 of 1 people." in text_of(desk.get(shown_at))
    assert "Новини" in text_of(desk.get("/group/messages"))
    assert "has already been sent" in desk.get(desk.post(f"{shown_at}/discard").location).get_data(
        as_text=True
    )
    assert "nothing to stop" in desk.get(desk.post(f"{shown_at}/stop").location).get_data(
        as_text=True
    )

    browser = sign_in(head)
    listed = browser.get("/notifications").get_data(as_text=True)
    (opens,) = re.findall(r'action="(/notifications/[^"]*/open)"', listed)
    read_at = browser.post(opens).location
    assert "Новини Продовжуйте." in text_of(browser.get(read_at))
    other = sign_in(make.manager(school))
    assert other.get(read_at).status_code == 404


def test_what_was_typed_stays_where_something_is_missing(school, head, desk):
    answer = desk.post(address_to(school), data={"subject_uk": "Новини", "body_uk": ""})

    assert answer.status_code == 422
    assert "Write the message." in text_of(answer)
    assert 'value="Новини"' in answer.get_data(as_text=True)
    empty = desk.post(address_to(school), data={})
    assert "Write the message in at least one language." in text_of(empty)


def test_a_message_to_nobody_is_a_clear_sentence(school, desk):
    page = text_of(desk.get(address_to(school)))
    none_chosen = text_of(desk.get("/group/messages/new"))

    assert "Nobody at 1 school has an account." in page
    assert "Nobody would get this message." in page
    assert "Nobody would get this message." in none_chosen
    typed = {"subject_uk": "Новини", "body_ru": "Продолжайте."}
    answer = desk.post(address_to(school), data=typed)
    assert answer.status_code == 422
    assert [one for one in typed.values() if one not in answer.text] == []


def test_all_schools_of_a_filter_are_chosen_by_its_address(school, head, desk):
    everybody = text_of(desk.get("/group/messages/new?all=y&step=training"))
    nobody = text_of(desk.get("/group/messages/new?all=y&step=review"))

    assert "People who will get the message: 1." in everybody
    assert "Nobody would get this message." in nobody


@pytest.mark.parametrize("wrong", ["region=MD-XX", "step=nonsense", "order=nonsense"])
def test_a_filter_that_is_no_filter_chooses_nobody(wrong, school, head, desk):
    page = text_of(desk.get(f"/group/messages/new?all=y&{wrong}"))

    assert "Nobody would get this message." in page


def test_the_region_of_a_filter_chooses_no_others_after_it_ended(app, school, head, desk):
    waits = make.school(region_code="MD-A", group_id=school.group_id)
    make.user(Role.SCHOOL_MANAGER, school_id=waits.id)
    divided = country_of(
        region("MD-A", until=NOW.date() - timedelta(days=1), into=["MD-B", "MD-OR"]),
        region("MD-B", tile=(1, 1)),
        region("MD-OR", tile=(1, 2)),
    )
    with installed_country(app, divided):
        page = text_of(desk.get("/group/messages/new?all=y&region=MD-A"))

    assert "People who will get the message: 1. Schools: 1." in page


def test_a_text_that_may_name_a_child_is_asked_about(school, head, desk):
    data = {
        "subject_uk": "Новини",
        "body_uk": "Учениця Марія Коваленко, 12 років, розповіла про насильство.",
    }
    answer = desk.post(address_to(school), data=data)

    assert answer.status_code == 422


def test_another_group_finds_no_message(school, head, desk, sign_in):
    data = {"subject_uk": "Новини", "body_uk": "Продовжуйте."}
    shown_at = desk.post(address_to(school), data=data).location
    other = sign_in(make.user(Role.COORDINATOR))

    assert other.get(shown_at).status_code == 404
    assert other.post(f"{shown_at}/send").status_code == 404
    assert sign_in(make.user(Role.MINISTRY)).get(shown_at).status_code == 403
    assert sign_in(head).get(shown_at).status_code == 403
