"""The page that stops reminders: one click, without signing in, and nothing changes by looking."""

import re

import pytest
from flask import Flask

from cissapp.foundation.core import clock
from cissapp.learn.learning.models import Learner
from cissapp.learn.learning.rules.unsubscribe_links import stop_token
from tests.client import Client
from tests.conftest import SECRET
from tests.factories import NOW, found
from tests.learn.learning.people import DAY


def address(person):
    return f"/learn/reminders/stop/{stop_token(person.id, SECRET)}"


def stopped(person):
    row = found(Learner, person.id)
    return row.reminders_stopped_at if row else None


def heading(page):
    html = page.get_data(as_text=True)
    return " ".join(re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL).group(1).split())


def one_click(browser, path):
    """Post as a mail program does (RFC 8058): no cookie, no token of ours, one field."""
    return browser.post(path, csrf=False, data={"List-Unsubscribe": "One-Click"})


def test_looking_asks_and_changes_nothing_however_often(client: Client, make):
    person = make.manager(language="en")

    pages = [client.get(address(person)) for _ in range(3)]

    assert [(page.status_code, heading(page)) for page in pages] == [
        (200, "Stop learning reminders?")
    ] * 3
    html = pages[0].get_data(as_text=True)
    assert html.count(f'action="{address(person)}"') == 1
    assert "Stop reminders</button>" in html
    assert stopped(person) is None


def test_the_page_tells_nothing_of_the_person(client: Client, make):
    person = make.manager(language="en")

    html = client.get(address(person)).get_data(as_text=True)

    assert [one for one in (person.name, person.email, str(person.school_id)) if one in html] == []


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("as_form", ["urlencoded", "multipart"])
def test_one_click_of_a_mail_program_stops_them(app: Flask, make, as_form):
    person, other = make.manager(language="en"), make.manager()
    kind = {"content_type": "multipart/form-data"} if as_form == "multipart" else {}

    with clock.at(NOW):
        answer = app.test_client().post(
            address(person), csrf=False, data={"List-Unsubscribe": "One-Click"}, **kind
        )

    assert (answer.status_code, heading(answer)) == (200, "No more reminders")
    assert 'href="/learn/wishes"' in answer.get_data(as_text=True)
    assert (stopped(person), stopped(other)) == (NOW, None)


def test_a_second_click_says_the_same_and_keeps_the_first_moment(client: Client, make):
    person = make.manager(language="en")
    with clock.at(NOW):
        one_click(client, address(person))

    with clock.at(NOW + DAY):
        again, looked = one_click(client, address(person)), client.get(address(person))

    assert [heading(again), heading(looked)] == ["No more reminders"] * 2
    assert stopped(person) == NOW


def test_the_button_of_the_page_stops_them_too(client: Client, make):
    person = make.manager(language="en")
    client.get(address(person))

    with clock.at(NOW):
        client.post(address(person))

    assert stopped(person) == NOW


def test_it_is_the_person_of_the_link_who_is_meant_not_who_is_signed_in(make, sign_in):
    named, signed_in = make.manager(language="en"), make.manager()

    with clock.at(NOW):
        one_click(sign_in(signed_in), address(named))

    assert (stopped(named), stopped(signed_in)) == (NOW, None)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["no-such-token", "tampered"])
def test_a_wrong_token_is_a_plain_page_not_found(client: Client, make, method, token):
    person = make.manager()
    path = address(person)[:-2] if token == "tampered" else f"/learn/reminders/stop/{token}"

    answer = getattr(client, method)(path, **({"csrf": False} if method == "post" else {}))

    assert (answer.status_code, heading(answer)) == (404, "Page not found")
    assert stopped(person) is None


def test_the_page_speaks_the_language_of_the_person(client: Client, make):
    html = client.get(address(make.manager(language="uk"))).get_data(as_text=True)

    assert '<html lang="uk"' in html


def test_a_person_turns_reminders_off_and_on_among_the_wishes(make, sign_in):
    person = make.manager(language="en")
    browser = sign_in(person)
    box = re.compile(r'<input[^>]*name="reminders"[^>]*>')

    def ticked():
        return "checked" in box.search(browser.get("/learn/wishes").get_data(as_text=True)).group()

    states = [ticked()]
    for data in ({"extra_time": "half"}, {"extra_time": "half", "reminders": "y"}):
        saved = browser.post("/learn/wishes", data=data, follow_redirects=True)
        states += [ticked()]
        assert "<p>Saved.</p>" in saved.get_data(as_text=True)

    assert states == [True, False, True]
    assert found(Learner, person.id).extra_time.value == "half"
    assert stopped(person) is None


def test_no_other_route_takes_a_change_without_the_token_of_a_form(app: Flask):
    exempt = [
        name for name, view in app.view_functions.items() if getattr(view, "by_address", False)
    ]

    # What a poster's code opens takes one tap that names nobody, and sets no cookie that a token would need.
    assert sorted(exempt) == ["learning.stop_reminders", "posters.count"]
