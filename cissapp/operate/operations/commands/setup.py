"""`ciss setup`: settings first, each tried; then database, keys, the first person. Safe to repeat."""

import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask_migrate import upgrade

from cissapp import create_app
from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys.lost import ring_to_continue
from cissapp.foundation.web.forms import shown
from cissapp.operate.operations.commands import asking
from cissapp.operate.operations.queries import refusals
from cissapp.operate.operations.services import new_settings
from cissapp.people.accounts import queries as people
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.rules import password_length
from config import Config, WrongSettings, gather, settings_path, use_settings_file

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--yes", is_flag=True, help="Ask nothing, and use defaults for what is not given.")
@click.option("--set", "pairs", multiple=True, metavar="CISS_NAME=VALUE", help="A setting.")
@click.option("--again", is_flag=True, help="Replace the settings that are there.")
@click.option("--email", help="Email address of the first person of the secretariat.")
@click.option("--name", help="Name of that person.")
@click.option("--password", help="Password of that person; better asked for, or in a file.")
@click.option("--password-file", type=FILE, help="A file that holds that password.")
@click.option("--organisation", default="ECPAT", show_default=True, help="Who signs certificates.")
@click.option("--root-elsewhere", is_flag=True, help="Make no keys here; see docs/keys.md.")
def setup(
    *,
    yes: bool,
    pairs: tuple[str, ...],
    again: bool,
    email: str | None,
    name: str | None,
    password: str | None,
    password_file: Path | None,
    organisation: str,
    root_elsewhere: bool,
) -> None:
    """Prepare a new installation: settings, database, signing keys, first account.

    Asks for the settings first, tries each, and writes them into the settings file. May be repeated: what is
    there stays.
    """
    config = _settings(_pairs(pairs), ask=not yes, again=again)
    app = _application(config)
    with app.app_context():
        upgrade()
        click.echo("ok     The database is up to date")
        if not root_elsewhere:
            _make_keys(config, organisation)
        person = FirstPerson(email, name, _password(password, password_file), ask=not yes)
        _first_account(person, config)
    _stop_if_weak(config)
    click.echo("Ready. To start the service, run: ciss serve")


def _pairs(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark or not name.startswith("CISS_"):
            sys.exit(f"--set {pair}: must have the form CISS_BASE_URL=https://ciss.example")
        found[name] = value
    return found


def _settings(said: dict[str, str], *, ask: bool, again: bool) -> Config:
    """Return the settings of the installation; if there are none yet, ask for them, try and write them."""
    path = settings_path()
    known = {**_gathered(path), **said}
    there = path is not None and path.exists()
    # With the secret in the environment and no file, the settings are managed elsewhere.
    elsewhere = path is None and new_settings.KEY_NAME in known
    if (there and not said and not again) or elsewhere:
        asking.try_all(known)
        return _config(known)
    if there and not ask and not again:
        sys.exit(f"{path} already contains settings. To replace them, add --again")
    values = asking.ask_all(known, ask=ask)
    _config(values)
    place = new_settings.place()
    if there and ask:
        click.confirm(f"\nReplace {place}? The old file will be kept next to it", abort=True)
    try:
        new_settings.write_settings(place, values)
    except OSError as error:
        sys.exit(
            f"The settings could not be written to {place}: {error.strerror}. To use another file,"
            " run: ciss --settings FILE setup"
        )
    use_settings_file(place)
    click.echo(f"ok     The settings are in {place}, which only you can read")
    return _config(_gathered(place))


def _gathered(path: Path | None) -> dict[str, str]:
    """Return the settings found; a settings file that is named but does not exist yet adds none."""
    try:
        return {name: value for name, value in gather().items() if name != "CISS_SETTINGS"}
    except WrongSettings as error:
        if path is not None and not path.exists():
            return {}
        sys.exit(str(error))


def _config(values: dict[str, str]) -> Config:
    try:
        return Config.from_env(values)
    except WrongSettings as error:
        sys.exit(f"Some settings are missing or wrong:\n{error}")


def _application(config: Config) -> Flask:
    try:
        return create_app(config)
    except BrokenContent as broken:
        sys.exit(
            f"The content has errors:\n{broken}\nFix them, check them with `ciss content check`, and"
            " run `ciss setup` again."
        )


def _make_keys(config: Config, organisation: str) -> None:
    try:
        ring_to_continue(config.keys_dir)
    except keys.NoKeys as lost:
        sys.exit(str(lost))
    keys.complete(
        config.keys_dir,
        organisation=organisation,
        at=clock.now(),
        log_name=keys.log_name(config.base_url),
    )
    click.echo(f"ok     The signing keys are in {config.keys_dir}")
    if keys.root_beside(config.keys_dir):
        click.echo(
            "The root key is in the same folder. That is enough for a small installation;"
            " docs/keys.md explains how to keep it on another machine."
        )


class FirstPerson:
    """What is known of the first person, and the questions for the rest."""

    def __init__(
        self, email: str | None, name: str | None, password: str | None, *, ask: bool
    ) -> None:
        self.email, self.name, self.password, self.ask = email, name, password, ask

    def complete(self) -> tuple[str, str, str]:
        """Return address, name and password; ask for what is missing."""
        if not self.ask and not (self.email and self.name and self.password):
            sys.exit("Say who the first person is: --email, --name and --password-file")
        self.email = self.email or click.prompt("Email address of the first person")
        self.name = self.name or click.prompt("Name")
        if not self.password:
            click.echo(
                f"Choose a password of at least {password_length(Role.SECRETARIAT)} characters of any"
                " kind. It must not be a common password or contain the name. Four unrelated words"
                " make a good one."
            )
            self.password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return str(self.email), str(self.name), str(self.password)

    def again(self) -> None:
        """Forget the password, so that it is asked for again; exit if no questions may be asked."""
        if not self.ask or not sys.stdin.isatty():
            sys.exit(1)
        self.password = None


def _password(typed: str | None, file: Path | None) -> str | None:
    return file.read_text(encoding="utf-8").strip() if file else typed


def _first_account(person: FirstPerson, config: Config) -> None:
    """Make the first account, unless there is one already."""
    if people.secretariat():
        click.echo("ok     The secretariat already has an account")
        return
    while True:
        email, name, password = person.complete()
        try:
            with unit_of_work():
                accounts.create_first_account(
                    email=email, name=name, password=password, language="en", at=clock.now()
                )
        except Refused as refused:
            with current_app.test_request_context():
                said = "\n".join(shown(problem).text for problem in refused.problems)
            click.echo(said, err=True)
            person.again()
        else:
            click.echo(f"ok     The account of {name}, {email}")
            break
    if config.second_factor:
        click.echo(
            "At the first sign-in, this person sets up a second factor: a passkey or an app on a"
            " phone."
        )


def _stop_if_weak(config: Config) -> None:
    weak = refusals(config)
    if weak:
        head = "Not ready. These settings are not safe enough for a public service."
        sys.exit("\n".join([f"{head} Fix them and run `ciss setup` again:", *weak]))
