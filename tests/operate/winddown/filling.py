"""Fills an installation with schools in every state, and compares two installations by what they answer."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select

from cissapp import create_app
from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services as changing
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import in_groups
from cissapp.certify.credentials.models import StatusList
from cissapp.foundation.background.models import Task
from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.operate.demo.schools import (
    calibration,
    independence,
    joining,
    people,
    stories,
)
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.operations import services as operations
from cissapp.people.notices import services as notices
from cissapp.prepare.documents.models import DocumentVersion
from config import ROOT, Config
from tests import factories as make
from tests.client import Client
from tests.conftest import SECRET
from tests.factories import NOW
from tests.operate.learners import most_have_passed

LATER = NOW + timedelta(days=1)
REASON = "The designated person left and nobody follows."
# Of Ukraine only those that the public pages tell of.
PUBLIC_STATES = {DemoState.CERTIFIED, DemoState.EXPIRING, DemoState.SUSPENDED, DemoState.WITHDRAWN}


def fill(app: Flask) -> None:
    """Let one school of each state be told, then add a renewal and what happens to certificates."""
    with app.app_context():
        make.keyring()
        stage = people.StoryContext(Issuer(content(), app.config["CISS"], files()), NOW)
        people.set_up(stage)
        tales = [tale for tale in stories.tales(NOW) if _told(tale)]
        with notices.hold_mails():
            with most_have_passed():
                for tale in tales:
                    with clock.at(tale.told_at):
                        stories.tell(stage, tale)
            for tale in tales:
                stories.end(stage, tale)
                independence.add(stage, tale)
            independence.add_absence(stage)
            joining.add(stage)
            calibration.add(stage)
    few(app)
    with app.app_context(), clock.at(LATER), notices.hold_mails():
        _draw_the_pages_of_one_document()
        operations.daily(content(), at=LATER)
        session.remove()


def _draw_the_pages_of_one_document() -> None:
    """Leave one of the tasks that draw pages: each page takes a process of its own."""
    waiting = session.scalars(select(Task.id).where(Task.kind == TaskKind.PAGE_PICTURES)).all()
    with unit_of_work():
        session.execute(delete(Task).where(Task.id.in_(waiting[1:])))


def _told(tale: people.SchoolStory) -> bool:
    first = tale.number_in_state == 1
    country = tale.country.code
    return first and (country == "MD" or (country == "UA" and tale.state in PUBLIC_STATES))


def few(app: Flask) -> list[Certificate]:
    """Four certificates: one in force, one suspended and reinstated, one withdrawn, one replaced."""
    plain, again, gone, renewed = (make.school(name=f"Lyceum «{one}» & more") for one in "abcd")
    made = [make.certified(one) for one in (plain, again, gone, renewed)]
    made.append(make.certified(renewed, cycle=2))
    for certificate, name in (
        (made[1], "suspend"),
        (made[1], "reinstate"),
        (made[2], "suspend"),
        (made[2], "withdraw"),
    ):
        values = {"cure_days": 60} if name == "suspend" else {}
        with app.app_context(), unit_of_work():
            row = certificates.certificate(certificate.id)
            getattr(changing, name)(row, reason=REASON, by=SYSTEM, at=NOW, **values)
    with app.app_context():
        # The factories write rows of documents only; an export wants their files.
        for key in session.scalars(select(DocumentVersion.file_key)):
            if key and not (files().root / key).exists():
                files().put(key, key.encode())
    return made


def empty(folder: Path, url: str) -> Flask:
    """Give another installation, with its own folders, on a database that is migrated and empty."""
    config = Config(
        secret_key=SECRET,
        base_url="http://ciss.example",
        database_url=url,
        files_url=f"file://{folder}/files",
        mail_url=f"file://{folder}/mail",
        keys_dir=folder / "keys",
        modules_dir=ROOT / "modules",
        testing=True,
    )
    app = create_app(config)
    app.test_client_class = Client
    return app


# --- what an installation answers ----------------------------------------------------------------

PAGES = [
    "/",
    "/register",
    "/register?page=2",
    "/register?level=2",
    "/register.csv",
    "/register.json",
    "/verify",
    "/help",
    "/help/MD",
    "/privacy",
    "/accessibility",
    "/log",
    "/log/checkpoint",
    "/log/entries",
    "/log/proof/inclusion?index=0&size=3",
    "/log/proof/consistency?first=2&second=5",
    "/log/export.zip",
    "/.well-known/did.json",
    "/badge/0000.svg",
]
OF_CODE = [
    "/verify/{}",
    "/badge/{}.svg",
    "/badge/{}.svg?lang=uk",
    "/credentials/{}",
    "/credentials/{}.jwt",
    "/credentials/{}/badge.svg",
    "/credentials/{}/badge.png",
    "/log/proof/certificate/{}",
]
TOKEN = re.compile(rb'name="csrf_token" value="[^"]+"')


def addresses(app: Flask) -> list[str]:
    """List every public page of an installation."""
    with app.app_context():
        codes = [in_groups(one) for one in session.scalars(select(Certificate.code))]
        lists = [f"/status/{one.name}" for one in session.scalars(select(StatusList))]
    return [*PAGES, *lists, *(page.format(code) for code in sorted(codes) for page in OF_CODE)]


def answers(app: Flask, asked: list[str]) -> dict[str, tuple[int, str]]:
    """Ask all of them with a clock that stands still: status, and SHA-256 of what came."""
    found = {}
    with clock.at(LATER):
        for address in asked:
            answer = app.test_client().get(address)
            # The token of a form is drawn anew for each visitor.
            body = TOKEN.sub(b"", answer.get_data())
            found[address] = (answer.status_code, hashlib.sha256(body).hexdigest())
    return found


def closed(app: Flask) -> None:
    """Let go of a database, so that it can be thrown away."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
