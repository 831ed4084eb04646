"""`ciss content preview`: a folder of content as a learner sees it, in an installation that is thrown away."""

import secrets
import sys
import tempfile
import threading
from collections.abc import Iterable
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_migrate import upgrade
from msgspec import Struct, field
from sqlalchemy import select
from werkzeug.wrappers import Response

from cissapp import create_app
from cissapp.foundation.access.guard import public
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.faults import BrokenContent, ContentFault
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.loader import load
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import Role
from cissapp.operate.operations.serving import logs, servers
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts import sessions
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.passwords import hash_password
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import RegisterFacts
from config import MODULES, Config

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# For each file of a folder: its path, when it was changed, its size.
Stamp = frozenset[tuple[str, int, int]]


@click.command()
@click.argument(
    "folder",
    required=False,
    default=MODULES,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--port", default=8001, show_default=True, help="Port on this machine.")
@click.option(
    "--country", help="Country of the invented school, as MD; the first one, if none is named."
)
@click.option("--once", is_flag=True, help="Only open every page once, and list what fails.")
def preview(
    folder: Path,
    port: int,
    country: str | None,
    once: bool,  # noqa: FBT001 -- click passes flags so
) -> None:
    """Show a folder of content as a learner sees it; a change is seen with the next page."""
    if country and not (folder / "countries" / f"{country}.yaml").is_file():
        raise click.BadParameter(f"There is no country pack for {country}.")
    with tempfile.TemporaryDirectory(prefix="ciss-preview-") as place:
        shown = Preview(folder, Path(place), f"http://127.0.0.1:{port}", country)
        if once:
            broken = broken_pages(shown)
            click.echo("\n".join(broken) or "All pages open without errors.")
            sys.exit(1 if broken else 0)
        for fault in shown.faults if shown.ready() is None else []:
            click.echo(fault, err=True)
        click.echo(
            f"Preview of {folder}. Nothing is saved. Open this address, each time as a new learner:"
        )
        click.echo(shown.address)
        logs.init()
        servers.serve_one(shown, "127.0.0.1", port)


class Preview(Struct):
    """A WSGI application that checks the folder before each request, and shows any faults instead.

    `place` holds the throw-away installation; nothing outside it is written.
    """

    folder: Path
    place: Path
    base_url: str
    country: str | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    app: Flask | None = None
    faults: list[ContentFault] = field(default_factory=list)
    seen: Stamp | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        """The address that signs an invented learner in."""
        return f"{self.base_url}/preview/{self.token}"

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request with the content as it is now."""
        app = self.ready()
        if app is None:
            return faults_page(self.faults)(environ, start_response)
        return app(environ, start_response)

    def ready(self) -> Flask | None:
        """Read the folder again if a file in it changed; return the application if it has no faults."""
        with self.turn:
            stamp = stamp_of(self.folder)
            if stamp != self.seen:
                self._read()
                self.seen = stamp
            return None if self.faults else self.app

    def _read(self) -> None:
        try:
            found = load(self.folder)
            if self.app is None:
                self.app = self._made()
            self.app.extensions["ciss-content"] = found
            self.faults = []
        except BrokenContent as broken:
            self.faults = broken.faults
        except (OSError, UnicodeDecodeError) as error:
            # A file vanished while it was read, or is not text: the next request tries again.
            self.faults = [ContentFault(str(self.folder), "", str(error))]

    def _made(self) -> Flask:
        app = create_app(
            Config(
                secret_key=secrets.token_hex(32),
                base_url=self.base_url,
                database_url=f"sqlite:///{self.place.resolve()}/preview.db",
                files_url=f"file://{self.place.resolve()}/files",
                mail_url=f"file://{self.place.resolve()}/mail",
                keys_dir=self.place / "keys",
                modules_dir=self.folder,
                demo=True,
            )
        )
        # Cookies ignore ports: that of a demonstration on this machine must not be overwritten.
        app.config["SESSION_COOKIE_NAME"] = "ciss-preview"
        app.context_processor(lambda: {"preview": True})
        app.add_url_rule("/preview/<token>", "preview", public(self._enter))
        with app.app_context():
            upgrade()
        return app

    def _enter(self, token: str) -> ResponseReturnValue:
        """Sign in a new invented learner, who has read and answered nothing."""
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            raise Missing
        # This GET writes: it is the only way in, and it exists only in a preview.
        with unit_of_work():
            opened = accounts.sign_in_joined(_learner(self.country), at=clock.now())
        sessions.begin(opened)
        return redirect(url_for("learning.modules"))


def broken_pages(preview: Preview) -> list[str]:
    """Open every page of the modules once, and list those that fail; if the content has faults, list these."""
    app = preview.ready()
    if app is None:
        return [str(fault) for fault in preview.faults]
    browser = app.test_client()
    browser.get(f"/preview/{preview.token}")
    pages = ["/learn"]
    for module in load(preview.folder).modules:
        lessons = (f"/learn/{module.id}/{lesson.id}" for lesson in module.lessons)
        pages += [f"/learn/{module.id}", *lessons, f"/learn/{module.id}/quiz"]
    return [
        f"{page}: {answer.status}"
        for page in pages
        if (answer := browser.get(page)).status_code != HTTPStatus.OK
    ]


def stamp_of(folder: Path) -> Stamp:
    """Return the path, time of change and size of everything in a folder."""
    found = set()
    for path in folder.rglob("*"):
        try:
            known = path.stat()
        except FileNotFoundError:
            continue  # it was removed between the listing and the look
        found.add((str(path), known.st_mtime_ns, known.st_size))
    return frozenset(found)


def faults_page(faults: list[ContentFault]) -> Response:
    """Render every fault with its file and key; without the application, which may not exist yet."""
    lines = "".join(f"<li>{escape(str(fault))}</li>" for fault in faults)
    html = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Preview: the content has errors</title></head><body>"
        f"<h1>Preview: the content has errors</h1><p>Errors: {len(faults)}. "
        "Fix them, save the files and load this page again.</p>"
        f"<ul>{lines}</ul></body></html>"
    )
    # Not 503, because a device that keeps pages would then show its kept copy instead.
    return Response(
        html,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        mimetype="text/html",
        headers={"Cache-Control": "no-store"},
    )


def _learner(country_code: str | None) -> User:
    """Create an invented learner of the one invented school."""
    now, school = clock.now(), _school(country_code)
    user = User(
        email=f"learner.{secrets.token_hex(4)}@school.example",
        name="Learner (preview)",
        password_hash=hash_password(secrets.token_urlsafe(16)),
        role=Role.SCHOOL_MANAGER,
        duty=Duty.DEPUTY,
        school_id=school.id,
        country_code=school.country_code,
        language="en",
        joined_at=now,
    )
    session.add(user)
    session.flush()
    record(Event.PERSON_CREATED, user, by=SYSTEM, at=now, school_id=school.id)
    return user


def _school(country_code: str | None) -> School:
    """Find the invented school, or create it with its country and group."""
    found = session.scalars(select(School)).first()
    if found:
        return found
    now, packs = clock.now(), content().countries
    country = packs[country_code] if country_code else next(iter(packs.values()))
    regions = country.top()
    schools.add_country(country.code, regions=regions, by=SYSTEM, at=now)
    group = schools.create_group("Preview", country_codes=[country.code], by=SYSTEM, at=now)
    facts = RegisterFacts(
        country_code=country.code,
        region_code=regions[0],
        code="PREVIEW",
        name="Preview school (invented)",
        locality="Preview",
        language="en",
        pupils=100,
    )
    return schools.register(facts, group=group, by=SYSTEM, at=now)
