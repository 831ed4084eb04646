"""`ciss demo`: makes the demonstration, serves it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from msgspec.structs import asdict

from cissapp import create_app
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.background.services import begin_serving, run_at_once
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.operate.demo.schools import (
    calibration,
    handovers,
    held_documents,
    independence,
    joining,
    stories,
)
from cissapp.operate.demo.schools import people as people_of_demo
from cissapp.operate.operations import services
from cissapp.operate.operations.services.daily_work import MONTHS
from cissapp.operate.operations.serving import logs, servers
from cissapp.people.notices import services as notices
from config import INSTANCE, Config

FOLDER = INSTANCE / "demo"
ISSUER = "CISS demonstration"


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port on this machine.")
@click.option("--fresh", is_flag=True, help="Throw an earlier demonstration away.")
@click.option("--no-serve", is_flag=True, help="Only make it.")
@click.option("--few", is_flag=True, help="Only the first school of each kind in each country.")
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path), help="Where it is kept.")
def demo(port: int, fresh: bool, no_serve: bool, few: bool, folder: Path) -> None:  # noqa: FBT001 -- click passes flags so
    """Create the demonstration and serve it; everything stays in one folder.

    Everybody in the sign-in table and every certificate is made first. The other schools follow while it
    is already serving.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "people.json"
    if fresh or not done.exists():
        _clear(folder)  # what an interrupted run left would stand in the way
    app = create_app(_config(folder, port))
    with app.app_context():
        upgrade()
        if not done.exists():
            make(app, done, few=few)
        _keys(app.config["CISS"], at=clock.now())  # an older version of us made fewer
        if no_serve and not few:
            make_rest(app)
        missing = 0 if few else len(stories.to_follow(clock.now()))
        # Months are frozen only once all of the past has been made.
        services.daily(content(), at=clock.now(), skip=frozenset({MONTHS} if missing else ()))
    _print_table(done, port)
    if not no_serve:
        if missing:
            click.echo(
                f"{counted(missing, 'more school')} {'is' if missing == 1 else 'are'} being added in"
                " the background.\n"
            )
            _make_rest_behind(folder, port)
        logs.init()
        begin_serving(app)  # also what an earlier run has left: emails, webhooks, certificates
        servers.serve_one(app, "127.0.0.1", port)


def _make_rest_behind(folder: Path, port: int) -> None:
    """Start a process that makes the other schools, and ends with this one."""
    here = ["--folder", str(folder), "--port", str(port), "--serving", str(os.getpid())]
    subprocess.Popen([sys.executable, "-m", "cissapp.cli", "demo-rest", *here])  # noqa: S603 -- every argument is ours


@click.command(hidden=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--port", type=int, required=True)
@click.option("--serving", type=int, required=True, help="The process that serves meanwhile.")
def demo_rest(folder: Path, port: int, serving: int) -> None:
    """Make the schools that `ciss demo` has not made yet, while it serves."""
    app = create_app(_config(folder, port))
    with app.app_context():
        make_rest(app, serving=serving)
        services.daily(content(), at=clock.now())


def _clear(folder: Path) -> None:
    """Remove what a demonstration created, and nothing else in the folder."""
    database = (
        "ciss.db",
        "ciss.db-wal",
        "ciss.db-shm",
        "ciss.db-door",
        "ciss.db-turn",
        "ciss.db-daily",
    )
    for name in (*database, "secret", "people.json"):
        (folder / name).unlink(missing_ok=True)
    for name in ("cache", "files", "keys", "mail"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _config(folder: Path, port: int) -> Config:
    """Return settings that need nothing outside the folder."""
    secret = folder / "secret"
    if not secret.exists():
        secret.write_text(secrets.token_hex(32))
        secret.chmod(0o600)
    return Config(
        secret_key=secret.read_text(),
        base_url=f"http://127.0.0.1:{port}",
        database_url=f"sqlite:///{folder.resolve()}/ciss.db",
        files_url=f"file://{folder.resolve()}/files",
        keys_dir=folder / "keys",
        cache_dir=folder / "cache",
        mail_url=f"file://{folder.resolve()}/mail",
        webhooks_to_loopback=True,
        second_factor=False,  # whoever tries it out has no phone for seven people
        demo=True,
    )


def make(app: Flask, people: Path, *, few: bool) -> None:
    """Make the first schools, then write the sign-in table, so that everyone in it exists by then.

    First are the schools with somebody in the table and, unless `few`, those with a certificate: the
    register is written in chronological order.
    """
    config: Config = app.config["CISS"]
    now = clock.now()
    _keys(config, at=people_of_demo.begins(now))
    for group in content().countries:
        keys.create_keys(
            config.keys_dir, organisation=ISSUER, at=people_of_demo.begins(now), group=group
        )
    stage = people_of_demo.StoryContext(Issuer(content(), config, files()), now)
    people_of_demo.set_up(stage)
    tales = [
        tale
        for tale in stories.tales(now)
        if tale.first_in_its_state or (tale.state in stories.DECIDED and not few)
    ]
    _tell(stage, tales, "Making the demonstration schools")
    with run_at_once(), notices.hold_mails():
        independence.add_absence(stage)
        joining.add(stage)
        handovers.add(stage)
        held_documents.add(stage)
        calibration.add(stage)
    lines = [asdict(person) for person in stage.people]
    people.write_text(json.dumps(lines, ensure_ascii=False, indent=2), encoding="utf-8")


def make_rest(app: Flask, *, serving: int | None = None) -> None:
    """Make the schools that are missing; stop early if the process that serves them has ended.

    Certificates that `--few` left out stay out: they would predate the last entry of the register.
    """
    now = clock.now()
    tales = stories.to_follow(now)
    if tales:
        stage = people_of_demo.StoryContext(Issuer(content(), app.config["CISS"], files()), now)
        people_of_demo.find(stage)
        _tell(stage, tales, "Making more demonstration schools", serving=serving)


def _tell(
    stage: people_of_demo.StoryContext,
    tales: list[people_of_demo.SchoolStory],
    label: str,
    *,
    serving: int | None = None,
) -> None:
    with run_at_once(), notices.hold_mails(), click.progressbar(tales, label=label) as shown:
        for tale in shown:
            if serving is not None and os.getppid() != serving:
                return
            with clock.at(tale.told_at):
                stories.tell(stage, tale)
    with run_at_once(), notices.hold_mails():
        for tale in tales:
            stories.end(stage, tale)
            independence.add(stage, tale)


def _keys(config: Config, *, at: datetime) -> None:
    """Create missing keys that the demonstration signs with; their root is stored beside them."""
    keys.complete(
        config.keys_dir, organisation=ISSUER, at=at, log_name=keys.log_name(config.base_url)
    )


def _print_table(people: Path, port: int) -> None:
    lines = json.loads(people.read_text(encoding="utf-8"))
    click.echo(
        "\nThis is a demonstration. Every school and person in it is invented, and the second"
        " factor is off.\n"
    )
    click.echo(
        f"Its signing keys and their root are in {people.parent / 'keys'}. Use them for"
        " nothing but a demonstration.\n"
    )
    width = max(len(line["email"]) for line in lines)
    for line in lines:
        click.echo(f"{line['email'].ljust(width)}  {line['password']:32}  {line['about']}")
    click.echo(
        f"\nOpen http://127.0.0.1:{port} and sign in. The emails it sends are in"
        f" {people.parent / 'mail'}.\n"
    )
