"""Pages of certificates: the public check, the list, the school's and the group's pages."""

import re
from datetime import timedelta
from html import unescape

import pytest

from cissapp.certificates import services
from cissapp.certificates.rules import in_groups, new_code
from cissapp.core import clock
from cissapp.core.actor import SYSTEM
from cissapp.core.db import session, unit_of_work
from cissapp.core.roles import Role
from cissapp.core.storage import files
from cissapp.schools.models import School
from tests.factories import NOW

REASON = "The designated person left and nobody follows."


@pytest.fixture(autouse=True)
def today():
    with clock.at(NOW + timedelta(days=1)):
        yield


def said(response) -> str:
    """The text of a page, blanks squeezed."""
    body = re.sub(r"(?s)^.*<main|</main>.*$", "", response.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def facts_of(response) -> dict[str, str]:
    rows = re.findall(r"(?s)<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", response.get_data(as_text=True))
    return {
        " ".join(unescape(name).split()): " ".join(unescape(value).split()) for name, value in rows
    }


def act(app, certificate, name: str, **values) -> None:
    from cissapp.certificates import queries

    values |= {"cure_days": 60} if name == "suspend" else {}

    with app.app_context(), unit_of_work():
        getattr(services, name)(
            queries.certificate(certificate.id), reason=REASON, by=SYSTEM, at=NOW, **values
        )


def content_of(app, certificate) -> bytes:
    with app.app_context():
        return files().get(certificate.file_key)


def sent(client, content: bytes, name: str = "certificate.pdf"):
    """Send a file; by hand, because the test client leaves large ones open."""
    body = b"".join(
        [
            b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n',
            client.token().encode(),
            f'\r\n--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
            b"Content-Type: application/pdf\r\n\r\n",
            content,
            b"\r\n--edge--\r\n",
        ]
    )
    return client.post(
        "/verify", data=body, content_type="multipart/form-data; boundary=edge", csrf=False
    )


# --- check ---------------------------------------------------------------------------------------


def test_a_typed_code_leads_to_its_public_page(client, make):
    certificate = make.certified(make.school(name="Lyceum No. 4"))

    answer = client.post("/verify", data={"code": in_groups(certificate.code).lower()})
    page = client.get(answer.location)

    assert (answer.status_code, answer.location) == (303, f"/verify/{in_groups(certificate.code)}")
    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    assert "✓ Valid Lyceum No. 4 Level 2 · Working in practice · until 25 November 2028" in said(
        page
    ).replace("November 25, 2028", "25 November 2028")
    shown = facts_of(page)
    assert shown["Number"] == certificate.number
    assert shown["Place"] == "Orhei, Moldova"
    assert shown["Issued by"] == "ECPAT Moldova"
    assert shown["In the register"].endswith("unchanged ✓")
    assert shown["Hash of these facts (SHA-256)"] == certificate.facts_sha256
    assert "It does not mean that no child can come to harm there." in said(page)


def test_a_code_without_dashes_leads_to_the_one_address(client, make):
    certificate = make.certified()

    answer = client.get(f"/verify/{certificate.code.lower()}")

    assert (answer.status_code, answer.location) == (
        302,
        f"/verify/{in_groups(certificate.code)}",
    )


def test_no_person_is_on_the_public_page(client, make):
    school = make.school()
    manager = make.manager(school, name="Canary Name", email="canary@school.example")
    certificate = make.certified(school)

    page = client.get(f"/verify/{in_groups(certificate.code)}").get_data(as_text=True)

    assert [
        word for word in ("Canary", "canary@", str(manager.id), str(school.id)) if word in page
    ] == []


def test_a_slip_of_the_finger_is_said_at_the_field(client, make):
    code = make.certified().code
    wrong = ("0" if code[0] != "0" else "1") + code[1:]

    answer = client.post("/verify", data={"code": wrong})

    assert answer.status_code == 422
    assert "There is a mistake in this code." in said(answer)
    assert f'value="{wrong}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("data", [{}, {"code": ""}, {"code": "x" * 5000}])
def test_nothing_typed_is_said_at_the_field(client, data):
    answer = client.post("/verify", data=data)

    assert answer.status_code == 422
    assert "There is a problem" in said(answer)


def test_an_unknown_code_is_not_ours(client, make):
    make.certified()

    page = client.get(f"/verify/{in_groups(new_code())}")

    assert page.status_code == 404
    assert "✕ Not one of ours The register does not know this certificate" in said(page)
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "path", ["%25", "....", "a" * 3000, "%F0%9F%8F%AB", "%D0%90%D0%92", "' OR 1=1 --", "<b>"]
)
def test_any_address_below_verify_answers(client, path: str):
    page = client.get(f"/verify/{path}")

    assert page.status_code == 404
    assert "Not one of ours" in said(page)


def test_the_file_that_was_issued_is_valid(app, client, make):
    certificate = make.certified(make.school(name="Lyceum No. 4"))

    page = sent(client, content_of(app, certificate))

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "✓ Valid Lyceum No. 4" in said(page)
    shown = facts_of(page)
    assert shown["This file"] == "is the certificate that was issued, unchanged ✓"
    assert shown["Signature"] == "by ECPAT for tests, key 2020-A, over the whole file ✓"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda content: content + b"\n", "✕ Altered This is not the file that was issued"),
        (lambda _content: b"%PDF-1.7 another", "✕ Not one of ours"),
        (lambda _content: b"", "✕ Not one of ours"),
        (lambda content: content + bytes(10_000_000), "○ Could not be checked"),
    ],
)
def test_another_file_is_not_valid(app, client, make, change, word: str):
    certificate = make.certified()

    page = sent(client, change(content_of(app, certificate)))

    assert page.status_code == 200
    assert word in said(page)
    assert "✓ Valid" not in said(page)


def test_no_file_is_said_at_the_field(client):
    answer = sent(client, b"", name="")

    assert answer.status_code == 422
    assert "Choose the file." in said(answer)


def test_a_file_is_not_kept(app, client, make):
    certificate = make.certified()
    with app.app_context():
        root = files().root
    before = sorted(path.name for path in root.rglob("*"))

    sent(client, content_of(app, certificate) + b"x")

    assert sorted(path.name for path in root.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "word"),
    [("suspend", "! Suspended"), ("withdraw", "✕ Withdrawn")],
)
def test_what_was_decided_is_public_at_once_without_its_reason(app, client, make, name, word):
    certificate = make.certified()
    act(app, certificate, name)

    pages = [
        said(client.get(f"/verify/{in_groups(certificate.code)}")),
        said(sent(client, content_of(app, certificate))),
    ]

    assert [word in page for page in pages] == [True, True]
    assert [REASON in page for page in pages] == [False, False]


# --- the list ------------------------------------------------------------------------------------


def names(page) -> list[str]:
    return [
        unescape(name)
        for name in re.findall(
            r'class="task-label" href="[^"]+">([^<]+)</a>', page.get_data(as_text=True)
        )
    ]


def test_the_list_shows_schools_in_force_only(app, client, make):
    valid = make.school(name="Valid School")
    suspended, withdrawn = make.school(name="Suspended"), make.school(name="Withdrawn")
    make.school(name="Never certified")
    make.certified(valid)
    act(app, make.certified(suspended), "suspend")
    act(app, make.certified(withdrawn), "withdraw")

    page = client.get("/register")

    assert names(page) == ["Valid School"]
    assert "1 school" in said(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=лицей", ["Лицей № 1"]),
        ("words=ЛИЦЕЙ", ["Лицей № 1"]),
        ("words=scoala+orhei", ["Scoala Mare"]),
        ("words=%25", []),
        ("words=_", []),
        ("country=UA", ["Ліцей № 2"]),
        ("country=MD&region=MD-OR", ["Scoala Mare", "Лицей № 1"]),
        ("country=MD&region=MD-CU", []),
        ("country=XX", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        ("page=99999999999999999999", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
        ("page=-1&words=%00", ["Scoala Mare", "Лицей № 1", "Ліцей № 2"]),
    ],
)
def test_the_list_is_searched(client, make, query: str, found: list[str]):
    make.certified(make.school(name="Scoala Mare"))
    make.certified(make.school(name="Лицей № 1", locality="Бельцы"))
    make.country("UA")
    make.certified(make.school(name="Ліцей № 2", country_code="UA", region_code="UA-46"))

    page = client.get(f"/register?{query}")

    assert (page.status_code, sorted(names(page))) == (200, sorted(found))


def test_the_list_is_paged(client, make):
    for number in range(27):
        make.certified(make.school(name=f"School {number:02}"))

    pages = [client.get(f"/register?words=school&page={number}") for number in (1, 2)]

    assert [len(names(page)) for page in pages] == [25, 2]
    assert "/register?words=school&amp;page=2" in pages[0].get_data(as_text=True)


def test_an_empty_list_says_so(client):
    assert "No certified school fits." in said(client.get("/register"))


# --- the school ----------------------------------------------------------------------------------


def test_the_school_sees_what_will_be_here(sign_in, make):
    page = sign_in(make.manager()).get("/school/certificate")

    assert "The certificate will be here once the national group has decided." in said(page)


def test_the_school_sees_its_certificate_and_fetches_it(app, sign_in, make):
    school = make.school(name="Lyceum No. 4")
    certificate = make.certified(school)
    browser = sign_in(make.manager(school))

    page = browser.get("/school/certificate")
    file = browser.get(f"/school/certificate/{certificate.id}/file")

    assert "✓ Valid Lyceum No. 4" in said(page)
    assert f"http://ciss.example/verify/{in_groups(certificate.code)}" in said(page)
    assert file.get_data() == content_of(app, certificate)
    assert (file.mimetype, file.headers["Content-Disposition"]) == (
        "application/pdf",
        f"attachment; filename={certificate.number}.pdf",
    )
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_school_reads_why_it_is_suspended(app, sign_in, make):
    school = make.school()
    act(app, make.certified(school), "suspend")

    page = said(sign_in(make.manager(school)).get("/school/certificate"))

    assert "! Suspended" in page
    assert REASON in page


def test_another_school_does_not_learn_that_there_is_a_file(sign_in, make):
    certificate = make.certified()

    answer = sign_in(make.manager()).get(f"/school/certificate/{certificate.id}/file")

    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_file_that_was_changed_is_never_served(app, sign_in, make):
    school = make.school()
    certificate = make.certified(school)
    with app.app_context():
        path = files().root / certificate.file_key
    path.write_bytes(b"%PDF-1.7 something else")

    answer = sign_in(make.manager(school)).get(f"/school/certificate/{certificate.id}/file")

    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "something else" not in answer.get_data(as_text=True)


# --- the group and the secretariat ---------------------------------------------------------------


def standing(app, school) -> str:
    with app.app_context():
        return session.get(School, school.id).standing.value


def test_a_coordinator_suspends_and_reinstates(app, sign_in, make):
    group = make.group()
    school = make.school(group_id=group.id)
    certificate = make.certified(school)
    browser = sign_in(make.user(Role.COORDINATOR, group_id=group.id))
    address = f"/certificates/{certificate.id}"
    given = {"reason": REASON, "confirmed": "y"}

    answers = [browser.post(f"{address}/suspend", data=given)]
    standings = [standing(app, school)]
    answers.append(browser.post(f"{address}/reinstate", data=given))
    standings.append(standing(app, school))
    page = browser.get(address)

    assert [(one.status_code, one.location) for one in answers] == [(302, address)] * 2
    assert standings == ["suspended", "valid"]
    assert said(page).count(REASON) == 2
    assert f"{address}/suspend" in page.get_data(as_text=True)
    assert f"{address}/withdraw" not in page.get_data(as_text=True)


def test_the_secretariat_withdraws_for_good(app, sign_in, make):
    school = make.school()
    certificate = make.certified(school)
    browser = sign_in(make.user(Role.SECRETARIAT))
    address = f"/certificates/{certificate.id}"
    given = {"reason": REASON, "confirmed": "y"}

    first = browser.post(f"{address}/withdraw", data=given)
    second = browser.post(f"{address}/withdraw", data=given)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "Somebody may have acted before you." in said(second)
    assert standing(app, school) == "withdrawn"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"confirmed": "y"}, "Give the reason."),
        ({"reason": "short", "confirmed": "y"}, "Give the reason in 10 to 1,000 characters."),
        ({"reason": REASON}, "Confirm that you want it."),
    ],
)
def test_without_reason_and_confirmation_nothing_happens(app, sign_in, make, given, message):
    school = make.school()
    certificate = make.certified(school)

    answer = sign_in(make.user(Role.SECRETARIAT)).post(
        f"/certificates/{certificate.id}/withdraw", data=given
    )

    assert answer.status_code == 422
    assert message in said(answer)
    assert standing(app, school) == "valid"


@pytest.mark.parametrize(
    "attempt",
    [
        (Role.COORDINATOR, "withdraw", 403),
        (Role.SECRETARIAT, "suspend", 403),
        (Role.REVIEWER, "suspend", 403),
        (Role.MINISTRY, "withdraw", 403),
        (Role.COORDINATOR, "suspend", 404),  # of another group
        (Role.SCHOOL_MANAGER, "withdraw", 403),
    ],
)
def test_nobody_else_acts(app, sign_in, make, attempt: tuple[Role, str, int]):
    role, action, status = attempt
    school = make.school()
    certificate = make.certified(school)

    answer = sign_in(make.user(role)).post(
        f"/certificates/{certificate.id}/{action}", data={"reason": REASON, "confirmed": "y"}
    )

    assert (answer.status_code, standing(app, school)) == (status, "valid")


@pytest.mark.parametrize("action", ["suspend", "reinstate"])
def test_the_page_says_what_will_happen(sign_in, make, action: str):
    group = make.group()
    certificate = make.certified(make.school(group_id=group.id))

    page = sign_in(make.user(Role.COORDINATOR, group_id=group.id)).get(
        f"/certificates/{certificate.id}/{action}"
    )

    assert "What happens From this moment" in said(page)


def test_the_list_asks_the_database_as_often_for_many_as_for_few(app, client, make):
    from sqlalchemy import event

    from cissapp.core.db import db

    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        asked.append(statement)

    counts = []
    for _ in range(2):
        make.certified()
        make.certified()
        event.listen(engine, "before_cursor_execute", note)
        client.get("/register")
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))
        asked.clear()

    assert counts[0] == counts[1] > 0
