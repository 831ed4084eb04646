"""Drafts on pages: kept for one person, put back, never poured over what is newer, gone when the form was sent."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.safeguards.models import Confirmation
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.drafts import services
from cissapp.people.drafts.models import Draft
from cissapp.people.drafts.rules import LASTS, OF_FORM_MOST
from cissapp.prepare.assessment.models import SelfScore
from tests.factories import NOW
from tests.pages import tree

pytestmark = pytest.mark.usefixtures("stopped_clock")

PAGE = "/school/self-assessment/A1"
TEXT = "Перший абзац, з «лапками» & <знаками>.\n\nА це другий, з пропуском у кінці: "
JSON = {"Accept": "application/json"}
CHILD = "A girl, Maria Popescu, 11 years old, of class 5b told us that her uncle touched her."


@pytest.fixture
def school(make):
    return make.school()


@pytest.fixture
def head(make, school):
    return make.manager(school)


@pytest.fixture
def colleague(make, school, sign_in):
    return sign_in(make.manager(school, duty=Duty.DESIGNATED_PERSON))


@pytest.fixture
def browser(head, sign_in):
    return sign_in(head)


class Shown:
    """The form of a page with its draft, as a browser has it."""

    def __init__(self, page):
        self.root = tree(page)
        forms = self.root.findall(".//form[@data-draft]")
        self.form = forms[0]
        self.ticket = self.form.find(".//input[@name='draft']").get("value")
        self.at = self.form.get("data-at")
        self.text = (self.form.find(".//textarea[@name='text']").text or "").removeprefix("\n")
        levels = self.form.findall(".//input[@name='level']")
        self.level = next((one.get("value") for one in levels if "checked" in one.attrib), None)
        self.settling = self.root.findall(".//form[@class='notice warn settle']")

    def words(self):
        return " ".join("".join(self.root.find(".//main").itertext()).split())


def shown(browser, page=PAGE):
    return Shown(browser.get(page))


def save(browser, ticket, **fields):
    """Save as the script does; give the answer and its status."""
    data = {"draft": ticket, "text": TEXT, "level": "2", **fields}
    answer = browser.post("/drafts", data=data, headers=JSON)
    return answer.status_code, answer.get_json()


def rows(app):
    with app.app_context():
        return session.scalars(select(Draft).order_by(Draft.saved_at)).all()


def test_a_draft_is_put_back_letter_by_letter_and_counts_nowhere(browser, app):
    status, told = save(browser, shown(browser).ticket)

    found = shown(browser)
    assert (status, told["saved"], told["text"]) == (200, True, "Draft saved 11:00 UTC+2")
    assert (found.text, found.level, found.at) == (TEXT, "2", told["at"])
    assert "This is your draft from 11:00 UTC+2. Only you can see it." in found.words()
    with app.app_context():
        assert session.scalars(select(SelfScore)).all() == []


def test_without_a_script_a_button_saves_it_and_comes_back(browser):
    answer = browser.post("/drafts", data={"draft": shown(browser).ticket, "text": TEXT})

    assert answer.location == PAGE
    assert "Your draft is saved. Only you can see it." in shown(browser).words()
    assert shown(browser).text == TEXT
    own = browser.get("/drafts").get_data(as_text=True)
    assert "A1 · Scope" in own
    assert "Перший абзац" in own


def test_nothing_typed_makes_no_draft_and_ends_one(browser, app):
    ticket = shown(browser).ticket
    assert save(browser, ticket, text="", level="")[1]["at"] == ""
    told = save(browser, ticket)[1]

    save(browser, told["ticket"], text="", level="")

    assert rows(app) == []


def test_a_form_that_is_sent_ends_its_draft_in_the_same_transaction(browser, app):
    told = save(browser, shown(browser).ticket)[1]
    sent = {"draft": told["ticket"], "text": TEXT * 2, "level": "2", "then": "stay", "seen": ""}

    refused = browser.post(PAGE, data={**sent, "level": "9"})
    assert (refused.status_code, len(rows(app)), Shown(refused).at) == (422, 1, told["at"])
    accepted = browser.post(PAGE, data=sent)

    assert (accepted.status_code, rows(app)) == (302, [])
    after = browser.get(PAGE).get_data(as_text=True)
    hand = Shown(refused).form.get("data-hand")
    assert f'data-sent="{hand}"' in after  # the device forgets it too, once
    assert "data-sent" not in browser.get(PAGE).get_data(as_text=True)


def test_two_tabs_are_put_beside_each_other_and_the_person_chooses(browser, app):
    first, second = shown(browser), shown(browser)
    told = save(browser, first.ticket, text="The first tab.")[1]
    with clock.at(NOW + timedelta(minutes=5)):
        beside = save(browser, second.ticket, text="The second tab.", level="1")[1]
        again = save(browser, told["ticket"], text="The first tab goes on.")[1]
        found = shown(browser)

    assert (told["beside"], beside["beside"], again["beside"]) == (False, True, True)
    assert sorted(one.fields["text"] for one in rows(app)) == [
        ["The first tab goes on."],
        ["The second tab."],
    ]
    (settling,) = found.settling
    names = sorted(
        {one.get("name") for one in settling.iter("input") if one.get("type") == "radio"}
    )
    assert names == ["take:level", "take:text"]
    other = "The second tab." if found.text != "The second tab." else "The first tab goes on."
    sent = {one.get("name"): one.get("value") for one in settling.iter("input")}
    chosen = {**sent, "take:text": "other", "take:level": "draft"}
    assert browser.post(settling.get("action"), data=chosen).location == PAGE
    settled = shown(browser)
    assert (settled.text, settled.level, settled.settling) == (other, found.level, [])


def test_a_save_says_that_the_draft_it_continued_went_on_elsewhere(browser, app):
    save(browser, shown(browser).ticket, text="Typed yesterday.")
    computer, phone = shown(browser), shown(browser)
    assert not save(browser, phone.ticket, text="Typed on the phone.")[1]["beside"]

    told = save(browser, computer.ticket, text="Typed on the computer.")[1]
    again = save(browser, told["ticket"], text="Typed on the computer, and more.")[1]

    assert (told["beside"], again["beside"]) == (True, True)
    assert len(rows(app)) == 2


def test_a_save_says_that_an_older_draft_went_on_since_the_page_showed_it(browser):
    first, second = shown(browser), shown(browser)
    told = save(browser, first.ticket, text="The first tab.")[1]
    with clock.at(NOW + timedelta(minutes=5)):
        save(browser, second.ticket, text="The second tab.")
        third = shown(browser)
        before = save(browser, third.ticket, text="The third tab.")[1]
        save(browser, told["ticket"], text="The first tab goes on.")

        after = save(browser, before["ticket"], text="The third tab goes on.")[1]

    assert (before["beside"], after["beside"]) == (False, True)


def test_what_another_device_typed_into_the_same_draft_stays_when_the_form_is_sent(browser, app):
    save(browser, shown(browser).ticket, text="Typed yesterday.")
    computer, phone = shown(browser), shown(browser)
    save(browser, phone.ticket, text="Typed yesterday. Typed on the phone.")
    data = {"draft": computer.ticket, "text": computer.text, "level": "2", "then": "stay"}

    assert browser.post(PAGE, data={**data, "seen": ""}).status_code == 302

    assert [one.fields["text"] for one in rows(app)] == [["Typed yesterday. Typed on the phone."]]
    (settling,) = shown(browser).settling
    said = " ".join(settling.itertext())
    assert "This form was changed after you began your draft" in said
    assert "Typed on the phone." in said


def test_an_older_draft_that_went_on_since_stays_when_the_form_is_sent(browser, app):
    first, second = shown(browser), shown(browser)
    told = save(browser, first.ticket, text="The first tab.")[1]
    with clock.at(NOW + timedelta(minutes=5)):
        save(browser, second.ticket, text="The second tab.")
        third = shown(browser)
        save(browser, told["ticket"], text="The first tab goes on.")
        data = {"draft": third.ticket, "text": third.text, "level": "2", "then": "stay"}

        assert browser.post(PAGE, data={**data, "seen": ""}).status_code == 302

    assert [one.fields["text"] for one in rows(app)] == [["The first tab goes on."]]


def test_the_same_view_writes_over_its_own_though_an_answer_was_lost(browser, app):
    ticket = shown(browser).ticket
    save(browser, ticket, text="One.")

    save(browser, ticket, text="One, two.")

    assert [(one.fields["text"], one.version) for one in rows(app)] == [(["One, two."], 2)]


def test_what_somebody_else_changed_stands_beside_the_draft(browser, app, colleague):
    save(browser, shown(browser).ticket, text="My draft of it.", level="")
    seen = shown(colleague)
    theirs = "What another person of the school has saved meanwhile, long enough."
    sent = {"text": theirs, "level": "1", "then": "stay", "seen": "", "draft": seen.ticket}
    assert colleague.post(PAGE, data=sent).status_code == 302

    found = shown(browser)

    assert (found.text, found.level, found.at) == (theirs, "1", "")
    assert "Nothing was overwritten. Choose for each field." in found.words()
    assert "My draft of it." in found.words()
    # What is typed now is a draft of its own: the older one stays until something is chosen.
    with clock.at(NOW + timedelta(minutes=5)):
        save(browser, found.ticket, text="Typed after that.")
    assert len(rows(app)) == 2
    (settling,) = shown(browser).settling
    sent = {one.get("name"): one.get("value") for one in settling.iter("input")}
    browser.post(settling.get("action"), data={**sent, "take:text": "other"})
    assert shown(browser).text == "My draft of it."


def test_a_field_that_is_gone_is_shown_as_text_to_copy(browser, app):
    save(browser, shown(browser).ticket)
    with app.app_context(), unit_of_work():
        row = session.scalars(select(Draft)).one()
        session.execute(
            update(Draft).values(fields={**row.fields, "older": ["Of a field of before."]})
        )

    found = shown(browser)

    assert (found.text, "Of a field of before." in found.words()) == (TEXT, True)
    (settling,) = found.settling
    sent = {one.get("name"): one.get("value") for one in settling.iter("input")}
    browser.post(settling.get("action"), data=sent)
    assert (shown(browser).settling, shown(browser).text) == ([], TEXT)


def test_a_text_about_a_child_stays_in_the_page(browser, app):
    ticket = shown(browser).ticket
    status, told = save(browser, ticket, text=CHILD)

    assert (status, told["saved"], told["kind"]) == (422, False, "signs")
    assert "Words that seem to describe what happened to a child." in told["message"]
    page = browser.post("/drafts", data={"draft": ticket, "text": CHILD})
    assert (page.status_code, CHILD in page.get_data(as_text=True)) == (422, True)
    assert rows(app) == []


def test_a_tick_that_was_given_counts_and_is_recorded_with_the_button_only(browser, app):
    ticket = shown(browser).ticket
    page = tree(browser.post("/drafts", data={"draft": ticket, "text": CHILD}))
    mark = page.find(".//input[@id='looked']").get("value")

    assert save(browser, ticket, text=CHILD, looked=mark)[0] == 200
    assert confirmations(app) == 0
    data = {"draft": ticket, "text": CHILD, "looked": mark}
    assert browser.post("/drafts", data=data).status_code == 302
    assert confirmations(app) == 1


def confirmations(app):
    with app.app_context():
        return len(session.scalars(select(Confirmation)).all())


def test_a_draft_is_for_its_person_alone(browser, app, colleague):
    ticket = shown(browser).ticket
    save(browser, ticket)
    (row,) = rows(app)

    assert shown(colleague).text == ""
    assert "Перший" not in colleague.get("/drafts").get_data(as_text=True)
    for act in ("discard", "settle"):
        assert colleague.post(f"/drafts/{row.id}/{act}").status_code == 404
    # A page of who was signed in before saves nothing for who is signed in now.
    assert save(colleague, ticket)[0] == 400
    assert len(rows(app)) == 1


@pytest.mark.parametrize("ticket", ["", "nonsense", "eyJwYWdlIjoiLyJ9.AAAA"])
def test_only_a_page_of_ours_saves_drafts(browser, app, ticket):
    assert save(browser, ticket)[0] == 400
    assert browser.post("/drafts", data={"draft": ticket}).status_code == 400
    assert browser.post("/drafts", data={}, csrf=False).status_code == 400
    assert rows(app) == []


def test_a_ticket_keeps_its_own_fields_only(browser, app):
    page = "/school/documents/new"
    found = browser.get(page)
    ticket = tree(found).find(".//form[@data-draft]//input[@name='draft']").get("value")
    more = {
        "title": "Policy",
        "upload": "x",
        "password": "secret",
        "csrf_token": "y",
        "file": "z.pdf",
    }

    save(browser, ticket, **more)

    (row,) = rows(app)
    assert row.fields["title"] == ["Policy"]
    assert {"upload", "password", "csrf_token", "file", "text"} & set(row.fields) == set()


def test_a_draft_has_its_limits(browser, app):
    ticket = shown(browser).ticket
    status, told = save(browser, ticket, text="x" * 60_001)
    assert (status, told["message"]) == (
        422,
        "The text you typed is too long in total. Make it shorter.",
    )
    for number in range(OF_FORM_MOST):
        assert save(browser, ticket, text=f"Tab {number}.")[1]["saved"]
        with app.app_context(), unit_of_work():
            session.execute(update(Draft).values(hand="of another tab"))

    status, told = save(browser, ticket, text="One too many.")

    assert (status, told["message"]) == (
        422,
        "You have too many drafts of this form. Send one, or discard some.",
    )


def test_discarding_leads_back_to_the_form_or_to_the_list(browser, app):
    for on_page, to in ((True, PAGE), (False, "/drafts")):
        save(browser, shown(browser).ticket)
        (row,) = rows(app)
        fields = discarding(browser, PAGE if on_page else "/drafts")
        assert browser.post(f"/drafts/{row.id}/discard", data=fields).location == to
        assert rows(app) == []
    assert "You have no drafts." in browser.get("/drafts").get_data(as_text=True)


def discarding(browser, page):
    """The fields with which a page discards its draft."""
    forms = tree(browser.get(page)).findall(".//form[@class='action']")
    (form,) = [one for one in forms if one.get("action").endswith("/discard")]
    return {one.get("name"): one.get("value") for one in form.iter("input")}


@pytest.mark.parametrize("page", [PAGE, "/drafts"])
def test_a_draft_that_went_on_elsewhere_is_not_discarded_unseen(browser, app, page):
    save(browser, shown(browser).ticket, text="Typed on the computer.")
    (row,) = rows(app)
    fields = discarding(browser, page)
    save(browser, shown(browser).ticket, text="Typed on the computer. And on the phone.")

    answer = browser.post(f"/drafts/{row.id}/discard", data=fields)

    assert answer.location == page
    assert [one.fields["text"] for one in rows(app)] == [
        ["Typed on the computer. And on the phone."]
    ]
    after = browser.get(page).get_data(as_text=True)
    assert "You continued this draft in another tab or on another device." in after
    browser.post(f"/drafts/{row.id}/discard", data=discarding(browser, page))
    assert rows(app) == []


def test_what_the_page_has_saved_itself_since_is_discarded_with_its_draft(browser, app):
    save(browser, shown(browser).ticket, text="Typed yesterday.")
    (row,) = rows(app)
    page = browser.get(PAGE)
    (form,) = [
        one
        for one in tree(page).findall(".//form[@class='action']")
        if one.get("action").endswith("/discard")
    ]
    fields = {one.get("name"): one.get("value") for one in form.iter("input")}
    save(browser, Shown(page).ticket, text="Typed yesterday and today.")

    browser.post(f"/drafts/{row.id}/discard", data=fields)

    assert rows(app) == []


@pytest.mark.parametrize("goes_on", [0, 1], ids=["the newer", "the older"])
def test_a_draft_that_went_on_elsewhere_is_not_replaced_by_a_choice(browser, app, goes_on):
    tickets = [shown(browser).ticket, shown(browser).ticket]
    told = []
    for minutes, ticket in enumerate(tickets):
        with clock.at(NOW + timedelta(minutes=minutes)):
            told.insert(0, save(browser, ticket, text=f"Tab {minutes}.")[1])
    (settling,) = shown(browser).settling
    sent = {one.get("name"): one.get("value") for one in settling.iter("input")}
    save(browser, told[goes_on]["ticket"], text="This tab goes on.")

    answer = browser.post(settling.get("action"), data={**sent, "take:text": "other"})

    assert answer.location == PAGE
    left = sorted(one.fields["text"][0] for one in rows(app))
    assert left == sorted(["This tab goes on.", f"Tab {goes_on}."])


def test_drafts_end_after_a_time_and_with_the_account(browser, app, head, make):
    save(browser, shown(browser).ticket)
    with app.app_context(), unit_of_work():
        assert services.remove_expired(at=NOW + LASTS) == 0
        assert services.remove_expired(at=NOW + LASTS + timedelta(seconds=1)) == 1
    save(browser, shown(browser).ticket)
    closing = make.user()

    with app.app_context(), unit_of_work():
        accounts.deactivate(session.get_one(User, head.id), by=closing, at=NOW)

    assert rows(app) == []


def test_a_draft_of_another_address_of_the_same_page_is_another(browser, app):
    """What an address chooses counts; what is only shown beside does not."""
    save(browser, shown(browser, f"{PAGE}?criterion=B1").ticket)

    assert (shown(browser).text, shown(browser, f"{PAGE}?criterion=B1&saved=1").text) == ("", TEXT)


@pytest.mark.parametrize(
    "beside", ["order=critical", "from=/learn", "page=3&shape=text", "before=3"]
)
def test_a_draft_is_found_whatever_is_shown_beside_its_form(browser, beside):
    save(browser, shown(browser, f"{PAGE}?{beside}").ticket)

    assert (shown(browser).text, shown(browser, f"{PAGE}?order=critical").text) == (TEXT, TEXT)


def test_a_script_hears_that_it_is_signed_out(browser, client):
    ticket = shown(browser).ticket

    answer = client.post("/drafts", data={"draft": ticket, "text": TEXT}, headers=JSON)

    assert (answer.status_code, json.loads(answer.data)["error"]) == (401, "signed_out")
