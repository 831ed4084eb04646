"""What was typed when the session had ended: given back, sent after signing in, saved once."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import Attempt
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.documents.models import DocumentVersion
from tests.factories import PASSWORD
from tests.pages import tree

pytestmark = pytest.mark.usefixtures("stopped_clock")

ADDRESS = "/school/self-assessment/A1"
TEXT = "Перший абзац, з «лапками» & <знаками>.\r\n\r\nА це другий: " + "слово " * 800


@pytest.fixture
def head(make):
    return make.manager(make.school())


def form_of(response):
    """Address and fields of the form of a page, as a browser would send them."""
    form = next(one for one in tree(response).find(".//main").iter("form"))
    fields = [(one.get("name"), one.get("value") or "") for one in form.iter("input")]
    return form.get("action"), [(name, value.replace("\r", "")) for name, value in fields]


def send(browser, action, fields):
    """Send a form as it stands on the page, with its own token."""
    data = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return browser.post(action, data=data, content_type="multipart/form-data", csrf=False)


def said(response):
    main = " ".join("".join(tree(response).find(".//main").itertext()).split())
    return main.split(" Your entries ", maxsplit=1)[0]


def filled(fields, **values):
    return [(name, values.get(name, value)) for name, value in fields]


def scores(app):
    with app.app_context():
        return session.execute(
            select(SelfScore.criterion_id, SelfScore.level, SelfScore.text)
        ).all()


def fields_of_criterion(browser):
    _action, fields = form_of(browser.get(ADDRESS))
    seen = next(value for name, value in fields if name == "seen")
    return {"level": "2", "text": TEXT, "pages": "3, 4", "seen": seen}


def signed_out(browser):
    """The session ends on the server; the browser still has its cookie and its page."""
    with browser.session_transaction() as cookie:
        kept = dict(cookie)
    browser.post("/sign-out")
    with browser.session_transaction() as cookie:
        cookie.update(kept)


def test_a_long_text_survives_the_end_of_the_session_and_is_saved_once(app, head, sign_in):
    browser = sign_in(head)
    typed = fields_of_criterion(browser)
    signed_out(browser)

    page = browser.post(ADDRESS, data=typed)

    assert (page.status_code, scores(app)) == (401, [])
    action, fields = form_of(page)
    assert action == "/sign-in"
    assert [name for name, _value in fields] == [
        "csrf_token",
        "kept_action",
        "email",
        "password",
        "kept:level",
        "kept:text",
        "kept:pages",
        "kept:seen",
    ]

    again = send(browser, action, filled(fields, email=head.email, password=PASSWORD))

    assert (again.status_code, scores(app)) == (200, [])
    action, fields = form_of(again)
    assert (action, [name for name, _value in fields]) == (
        ADDRESS,
        ["csrf_token", "level", "text", "pages", "seen"],
    )

    done = send(browser, action, fields)

    assert done.status_code in {302, 303}
    expected = TEXT.replace("\r\n", "\n").strip()
    assert scores(app) == [("A1", 2, expected)]
    assert browser.get("/account").status_code == 200


def test_after_signing_in_the_page_is_that_of_the_person(head, sign_in):
    browser = sign_in(head)
    signed_out(browser)
    action, fields = form_of(browser.post(ADDRESS, data={"text": "kept"}))

    page = send(browser, action, filled(fields, email=head.email, password=PASSWORD))

    assert said(page) == (
        "What you typed was kept You are signed in again. Check what you typed, then send it. Send"
    )
    account = tree(page).find(".//a[@class='account']")
    assert account.get("aria-label") == f"Account: {head.name}"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("wrong", "The email address or the password is wrong. Check both."),
        ("", "Enter your password."),
    ],
)
def test_a_wrong_password_loses_nothing(head, sign_in, password, problem):
    browser = sign_in(head)
    signed_out(browser)
    action, fields = form_of(browser.post(ADDRESS, data={"text": TEXT, "level": "2"}))

    page = send(browser, action, filled(fields, email=head.email, password=password))

    assert problem in said(page)
    action, again = form_of(page)
    assert filled(again, csrf_token="", password="") == filled(
        fields, csrf_token="", password="", email=head.email
    )
    page = send(browser, action, filled(again, password=PASSWORD))
    assert form_of(page)[0] == ADDRESS


def test_several_values_of_one_name_are_kept(head, sign_in):
    browser = sign_in(head)
    signed_out(browser)

    page = browser.post(ADDRESS, data={"documents": ["one", "two"], "text": "x"})

    kept = [(name, value) for name, value in form_of(page)[1] if name.startswith("kept:")]
    assert kept == [("kept:documents", "one"), ("kept:documents", "two"), ("kept:text", "x")]


def test_passwords_and_tokens_are_not_carried_along(head, sign_in):
    browser = sign_in(head)
    signed_out(browser)

    page = browser.post("/account/password", data={"current_password": "a", "new_password": "b"})

    assert [name for name, _value in form_of(page)[1]] == [
        "csrf_token",
        "kept_action",
        "email",
        "password",
    ]


def test_a_chosen_file_must_be_chosen_again(app, head, sign_in):
    note = "Files could not be kept. If you chose one, choose it again on the next page."
    browser = sign_in(head)
    signed_out(browser)
    data = {"title": "Safety policy", "file": (BytesIO(b"%PDF-1.7"), "policy.pdf")}

    page = browser.post("/school/documents/new", data=data)

    assert note in said(page)
    action, fields = form_of(page)
    again = send(browser, action, filled(fields, email=head.email, password=PASSWORD))
    assert "If you had chosen a file, choose it again on the next page." in said(again)
    action, fields = form_of(again)
    assert (action, fields[1:]) == ("/school/documents/new", [("title", "Safety policy")])
    assert send(browser, action, fields).status_code == 422
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(DocumentVersion)) == 0


def test_an_old_page_gives_back_what_was_typed(app, head, sign_in):
    """A form whose token is of an earlier session: nothing is lost, nothing is saved unasked."""
    browser = sign_in(head)
    typed = fields_of_criterion(browser)

    page = browser.post(ADDRESS, data={**typed, "csrf_token": "old"}, csrf=False)

    assert (page.status_code, scores(app)) == (400, [])
    action, fields = form_of(page)
    assert (action, [name for name, _value in fields]) == (
        ADDRESS,
        ["csrf_token", "level", "text", "pages", "seen"],
    )
    assert send(browser, action, fields).status_code in {302, 303}
    assert len(scores(app)) == 1


def test_another_site_gets_nothing_back(head, sign_in):
    browser = sign_in(head)
    headers = {"Sec-Fetch-Site": "cross-site"}

    page = browser.post(ADDRESS, data={"text": "planted"}, csrf=False, headers=headers)

    assert (page.status_code, "planted" in page.get_data(as_text=True)) == (400, False)


@pytest.mark.parametrize("action", ["https://evil.example/", "//evil.example", "/\t/evil.example"])
def test_the_entries_go_to_no_other_site(head, client, action):
    data = {"email": head.email, "password": PASSWORD, "kept_action": action, "kept:text": "x"}

    page = client.post("/sign-in", data=data)

    assert form_of(page)[0] == "/"


def test_somebody_else_who_signs_in_cannot_send_it(app, head, make, sign_in):
    """The entries are carried by the page; whether they may be saved is asked anew."""
    reviewer = make.user()
    browser = sign_in(head)
    signed_out(browser)
    action, fields = form_of(browser.post(ADDRESS, data={"text": TEXT, "level": "2"}))
    action, fields = form_of(
        send(browser, action, filled(fields, email=reviewer.email, password=PASSWORD))
    )

    assert send(browser, action, fields).status_code == 403
    assert scores(app) == []


def test_a_script_is_told_in_its_own_words(head, sign_in, app):
    browser = sign_in(head)
    signed_out(browser)

    answer = browser.post(
        "/learn/children-online/quiz/1",
        data={"chosen": "a"},
        headers={"Accept": "application/json"},
    )

    assert (answer.status_code, answer.json) == (
        401,
        {
            "error": "signed_out",
            "message": "You are signed out. Sign in, then send it again.",
        },
    )
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0


# --- what another site sends -----------------------------------------------------------------

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://ciss.example.evil.example"},
    {"Referer": "https://evil.example/page"},
    {"Origin": "http://["},
]
OURS = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://ciss.example"},
    {"Origin": "http://localhost"},
    {"Referer": "http://ciss.example/school"},
]
INVITATION = {"email": "attacker@evil.example", "name": "Eve", "duty": "head"}


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("address", [ADDRESS, "/school/people/invite", "/sign-in", "/no-such-page"])
def test_a_form_of_another_site_is_neither_kept_nor_shown(app, client, headers, address):
    """The visitor's cookie is withheld, so it looks like a session that has ended."""
    answer = client.post(address, data=INVITATION, headers=headers, csrf=False)

    assert answer.status_code in {400, 404, 405}
    assert "evil.example" not in answer.get_data(as_text=True)
    assert "kept:" not in answer.get_data(as_text=True)
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_leaves_the_session_as_it_was(head, sign_in, headers):
    """Here the browser has sent the cookie all the same: the token of the form is missing."""
    browser = sign_in(head)
    with browser.session_transaction() as cookie:
        before = dict(cookie)

    answer = browser.post(ADDRESS, data={"text": "evil.example"}, headers=headers, csrf=False)

    with browser.session_transaction() as cookie:
        after = dict(cookie)
    assert (answer.status_code, after) == (400, before)
    assert "evil.example" not in answer.get_data(as_text=True)
    assert answer.headers.getlist("Set-Cookie") == []
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("headers", "saved"), [(one, 0) for one in FOREIGN] + [(one, 1) for one in OURS]
)
def test_the_token_of_a_form_counts_on_our_own_pages_only(app, head, sign_in, headers, saved):
    answer = sign_in(head).post(ADDRESS, data={"level": "2", "text": TEXT}, headers=headers)

    assert (answer.status_code == 400, len(scores(app))) == (not saved, saved)


@pytest.mark.parametrize("headers", OURS)
def test_a_form_of_ours_is_kept_whatever_the_browser_says_of_it(head, sign_in, headers):
    browser = sign_in(head)
    signed_out(browser)

    page = browser.post(ADDRESS, data={"text": "what was typed"}, headers=headers)

    assert (page.status_code, "what was typed" in page.get_data(as_text=True)) == (401, True)
