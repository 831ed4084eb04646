"""Before anything is kept: what a person sees, and that nothing of it is anywhere afterwards."""

import logging
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from sqlalchemy import inspect, select, text

from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.safeguards.models import Amendment, Confirmation, Removal
from cissapp.foundation.safeguards.rules import RemovalReason
from cissapp.people.drafts.models import Draft
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.documents.models import Document, DocumentVersion, PagePicture
from cissapp.prepare.documents.rules import PictureSize
from tests import factories as make
from tests.factories import NOW
from tests.shipped import HELPLINE

CANARY = "Zebulonqx"
STORY = f"Pupil Emma {CANARY}, class 7B, was beaten yesterday. My daughter was blackmailed."
MARK = "child_named.1-disclosure.2"


def everywhere(app: Any, folder: Path) -> dict[str, bytes]:
    """Every byte that the application keeps: all rows of all tables, the database's files, files and mails."""
    found = {}
    with app.app_context():
        tables = inspect(db.engine).get_table_names()
        with db.engine.connect() as connection:
            for name in tables:
                rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
                found[f"table {name}"] = repr(rows).encode()
        db.engine.dispose()
    for path in folder.rglob("*"):
        if path.is_file():
            found[str(path)] = path.read_bytes()
    return found


def holding(app: Any, databases: Any, *needles: str) -> list[str]:
    """Name every place that holds one of these words, as text, as JSON writes it, or as UTF-16."""
    wanted = [form for one in needles for form in (one.encode(), one.encode("utf-16-le"))]
    return [
        name
        for name, content in everywhere(app, databases.folder).items()
        if any(one in content for one in wanted)
    ]


def word(*paragraphs: str) -> bytes:
    made = Word()
    for one in paragraphs:
        made.add_paragraph(one)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def score(text_: str, **more: str) -> dict[str, str]:
    return {"level": "1", "text": text_, "pages": "", "seen": "", **more}


@pytest.fixture
def head(app: Any) -> Any:
    return make.manager(make.school())


@pytest.fixture
def browser(sign_in: Any, head: Any) -> Any:
    return sign_in(head)


# --- texts -----------------------------------------------------------------------------------


def test_a_text_with_signs_is_shown_again_with_helplines_and_kept_nowhere(
    app: Any, databases: Any, browser: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = browser.post("/school/self-assessment/A1", data=score(STORY))

    said = page.get_data(as_text=True)
    assert page.status_code == 422
    assert STORY in said
    assert "This is not a reporting channel." in said
    assert HELPLINE.numbers[0] in said
    assert f'value="{MARK}"' in said
    assert CANARY not in caplog.text
    assert holding(app, databases, CANARY) == []


def test_who_has_looked_goes_on_and_only_the_kinds_are_remembered(
    app: Any, browser: Any, head: Any
) -> None:
    page = browser.post("/school/self-assessment/A1", data=score(STORY, looked=MARK))

    assert page.status_code == 302
    with app.app_context():
        assert session.scalar(select(SelfScore.text)) == STORY
        kept = session.scalars(select(Confirmation)).one()
        assert (kept.subject_type, kept.school_id, kept.confirmed_by_id) == (
            "assessment.criterion",
            head.school_id,
            head.id,
        )
        assert kept.counts == {"child_named": 1, "disclosure": 2}


def test_a_tick_for_one_text_does_not_pass_another_with_more_signs(app: Any, browser: Any) -> None:
    worse = f"{STORY} I am afraid to go home."

    assert (
        browser.post("/school/self-assessment/A1", data=score(worse, looked=MARK)).status_code
        == 422
    )
    with app.app_context():
        assert session.scalars(select(SelfScore)).all() == []


def test_a_harmless_text_asks_nothing(app: Any, browser: Any) -> None:
    page = browser.post(
        "/school/self-assessment/A1", data=score("If a pupil is touched, staff report it.")
    )

    assert page.status_code == 302
    with app.app_context():
        assert session.scalars(select(Confirmation)).all() == []


# --- files -----------------------------------------------------------------------------------


def test_a_file_with_signs_is_not_kept(app: Any, databases: Any, browser: Any) -> None:
    page = _upload(browser, word(STORY))

    said = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "Check this again. Nothing was saved." in said
    assert CANARY not in said
    with app.app_context():
        assert session.scalars(select(DocumentVersion)).all() == []
    assert [name for name in everywhere(app, databases.folder) if "/files/" in name] == []
    assert holding(app, databases, CANARY) == []


def test_a_confirmed_file_is_kept_with_a_hint_on_its_version(app: Any, browser: Any) -> None:
    assert _upload(browser, word(STORY), looked=MARK).status_code == 302

    with app.app_context():
        version = session.scalars(select(DocumentVersion)).one()
        kept = session.scalars(select(Confirmation)).one()
        assert (kept.subject_type, kept.subject_id) == ("document_version", version.id)


def _upload(browser: Any, content: bytes, **more: str) -> Any:
    data = {"title": "Log", "evidence_code": "LOG", **more, "file": (BytesIO(content), "log.docx")}
    return browser.post("/school/documents/new", data=data)


# --- remove and notify -----------------------------------------------------------------------


SECRET = f"Our pupil is called {CANARY}, and this is the whole story of it."


def _case(app: Any) -> Any:
    """A case whose policy and whose text on A1 hold the canary, in the school's rows and as handed in."""
    from cissapp.people.schools.rules import Progress

    school = make.school(progress=Progress.TRAINED)
    head, _designated = make.trained(school)
    make.complete_dossier(school, head)
    with app.app_context(), unit_of_work():
        row = session.get(SelfScore, (school.id, "A1"))
        row.text = SECRET
        version = session.scalars(select(DocumentVersion)).one()
        version.text, version.page_texts = SECRET, [SECRET]
        version.file_name = f"{CANARY}.pdf"
        version.file_key, version.copy_file_key = "documents/aa/one", "documents/aa/two"
        for key in (version.file_key, version.copy_file_key):
            files().put(key, SECRET.encode())
        session.get(Document, version.document_id).title = f"File of {CANARY}"
        files().put("documents/aa/one-page", SECRET.encode())
        session.add(
            PagePicture(
                version_id=version.id,
                number=1,
                size=PictureSize.LARGE,
                width=10,
                height=10,
                file_key="documents/aa/one-page",
                sha256="0" * 64,
                drawn_at=NOW,
            )
        )
        # The same words, typed on another device and not sent.
        draft = {"page": "/school/criteria/A1", "form": "score", "title": "A1", "hand": "h"}
        fields = {"fields": {"text": f"{SECRET} And more."}, "base": {}, "saved_at": NOW}
        session.add(Draft(user_id=head.id, **draft, **fields))
    made = make.application(school, id=make.undrawn())
    with app.app_context(), unit_of_work():
        from cissapp.people.accounts.models import User
        from cissapp.people.schools.models import School
        from cissapp.prepare.applications import services

        services.submit_for_school(
            session.get(School, school.id),
            content=make.content(),
            statement_signed=True,
            by=session.get(User, head.id),
            at=NOW,
        )
    return school, made.id, head


def _reviewer(app: Any, school: Any, application_id: Any) -> Any:
    from cissapp.prepare.applications.models import Application

    with app.app_context():
        application = session.get(Application, application_id)
        assert application.school
    return make.reviewers(application, 1)[0]


def test_what_is_taken_out_is_nowhere_afterwards(app: Any, databases: Any, sign_in: Any) -> None:
    from cissapp.prepare.applications.models import Application

    school, application_id, head = _case(app)
    browser = sign_in(_reviewer(app, school, application_id))
    address = f"/reviews/{application_id}/remove"
    with app.app_context():
        version_id = session.scalars(select(DocumentVersion.id)).one()
    assert holding(app, databases, CANARY) != []

    page = browser.get(address)
    assert HELPLINE.numbers[0] in page.get_data(as_text=True)
    for part, reason in (
        (f"document_version:{version_id}", "case_file"),
        ("self_score:A1", "child_named"),
    ):
        data = {"part": part, "reason": reason, "title_too": "y", "confirmed": "y"}
        assert browser.post(address, data=data).status_code == 302

    assert holding(app, databases, CANARY) == []
    assert list((databases.folder / "files").rglob("o*")) == []
    with app.app_context():
        dossier = read_submission(session.get(Application, application_id).submissions[-1])
        assert dossier.score("A1").text == "† [removed]"
        assert dossier.score("A2").text != "† [removed]"
        assert sorted(session.scalars(select(Removal.reason))) == [
            RemovalReason.CASE_FILE,
            RemovalReason.CHILD_NAMED,
        ]
        assert session.scalars(select(Amendment.number).order_by(Amendment.number)).all() == [1, 2]
    told = sign_in(head).get("/school/removed").get_data(as_text=True)
    assert "Earlier backups still contain it, until" in told
    assert "What you wrote about a criterion A1" in " ".join(
        told.replace("<strong>", "").replace("</strong>", "").split()
    )
    assert browser.get(f"/reviews/{application_id}/documents/{version_id}/file").status_code == 404


def test_a_submission_changes_by_an_amendment_only(app: Any) -> None:
    from sqlalchemy.exc import DatabaseError

    _case(app)
    with app.app_context():
        for statement in (
            "UPDATE submission SET content = content || ' '",
            "UPDATE submission SET sha256 = 'x'",
            "DELETE FROM submission",
            "UPDATE removal SET reason = 'x'",
        ):
            with db.engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
                if statement.startswith("UPDATE removal"):
                    connection.execute(_removal())
                connection.execute(text(statement))


def _removal() -> Any:
    from sqlalchemy import insert

    from cissapp.foundation.core.db import new_id

    return insert(Removal).values(
        id=new_id(),
        school_id=new_id(),
        subject_type="comment",
        subject_id=new_id(),
        reason=RemovalReason.CASE_FILE,
        removed_at=NOW,
        removed_by_id=new_id(),
    )
