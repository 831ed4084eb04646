"""Checks the content and the recurring work, once the application is built."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from platform import python_version

from sqlalchemy.exc import SQLAlchemyError

from cissapp import create_app
from cissapp.foundation.background import queries as background
from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import close_connections
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.installation.figures import software_version
from cissapp.foundation.core.installation.probes import database_fault
from cissapp.foundation.core.installation.run_records import BACKUP, DAILY, last_run
from cissapp.foundation.core.storage import files
from cissapp.operate.operations.queries.of_clock import machine_clock
from cissapp.operate.operations.queries.of_files import missing_of_sample
from cissapp.operate.operations.rules import Finding, State
from cissapp.people.factors import services as factors
from cissapp.people.notices import queries as notices
from cissapp.people.sign_on import services as sign_on
from cissapp.review.reviews.queries.inherited import cases_with_inherited_scores
from config import Config

LATE = timedelta(hours=30)
WAITED_LONG = timedelta(hours=1)


def software(_config: Config) -> Iterator[Finding]:
    """Report which version this is."""
    yield Finding("version", State.OK, f"CISS {software_version()}, Python {python_version()}.")


def work(config: Config) -> Iterator[Finding]:
    """Check the content, the mails that wait, the last day's work and the last backup."""
    try:
        app = create_app(config)
    except BrokenContent as broken:
        said = f"The content has {counted(len(broken.faults), 'error')}."
        yield Finding(
            "content",
            State.WRONG,
            said,
            "Run `ciss content check` for the details.",
        )
        return
    with app.app_context():
        modules, countries = len(content().modules), len(content().countries)
        yield Finding(
            "content",
            State.OK,
            f"{counted(modules, 'module')}, {counted(countries, 'country', 'countries')}.",
        )
        try:
            yield _mails(clock.now())
            yield _tasks(clock.now(), config)
            yield from machine_clock(clock.now())
            yield from _runs(clock.now())
            yield from _stored_files()
            yield from _sealed_secrets()
            yield from _inherited_scores()
        except SQLAlchemyError as error:
            fault = database_fault(error)
            yield Finding("mails", State.WRONG, f"Could not be checked: {fault.said}.", fault.mend)
        finally:
            close_connections()


def _mails(at: datetime) -> Finding:
    count, oldest = notices.waiting()
    if oldest is None:
        return Finding("mails", State.OK, "No emails are waiting.")
    age = at - oldest
    more = "At least " if count >= notices.COUNTED_AT_MOST else ""
    said = f"{more}{counted(count, 'email')} waiting, the oldest for {_hours(age)}."
    if age > WAITED_LONG:
        mend = (
            "Read the log for the mail server's answer, then run `ciss doctor --send-to"
            " YOUR_ADDRESS`."
        )
        return Finding("mails", State.WRONG, said, mend)
    return Finding("mails", State.OK, said)


def _tasks(at: datetime, config: Config) -> Finding:
    waiting, late, given_up = background.counts(at)
    if late:
        who = "ciss worker" if config.queue_url else "ciss serve"
        said = f"{counted(late, 'task')} should have started by now."
        return Finding("tasks", State.WRONG, said, f"Check that `{who}` is running.")
    if given_up:
        said = (
            f"{counted(given_up, 'task')} failed for several days and"
            f" {'was' if given_up == 1 else 'were'} given up."
        )
        mend = "See /admin/work for the reason. Fix the cause, then try again from that page."
        return Finding("tasks", State.WRONG, said, mend)
    return Finding(
        "tasks",
        State.OK,
        f"{counted(waiting, 'task')} waiting." if waiting else "No tasks are waiting.",
    )


def _stored_files() -> Iterator[Finding]:
    """Check that the file store is the one that the database is about: an empty one works as well."""
    try:
        missing, tried = missing_of_sample(files())
    except OSError:
        return  # said of the file store already
    if missing:
        yield Finding(
            "files",
            State.WRONG,
            f"Of {counted(tried, 'file')} tried, {missing} {'is' if missing == 1 else 'are'} missing.",
            "Check that CISS_FILES_URL is right and its disk is mounted. If it is, `ciss daily`"
            " writes the name of each missing file into the log: put them back from a backup.",
        )


def _sealed_secrets() -> Iterator[Finding]:
    """Check that the secret key is the one that sealed what the database holds, or that one is kept beside it."""
    unopened = factors.count_unopened() + sign_on.count_unopened()
    if unopened:
        yield Finding(
            "secret key",
            State.WRONG,
            f"No secret key opens {counted(unopened, 'secret')} of authenticator apps and providers of sign-in.",
            "If CISS_SECRET_KEY was changed, add the key before it to CISS_SECRET_KEY_OLD.",
        )


def _inherited_scores() -> Iterator[Finding]:
    """Check that no decision is about to rest on scores that a reviewer took over from another person."""
    cases = cases_with_inherited_scores()
    if cases:
        yield Finding(
            "reviews",
            State.ATTENTION,
            "A version before this one let whoever went on with a review keep the scores of the person before."
            f" Undecided: {', '.join(f'/reviews/{one}' for one in cases)}.",
            "Ask a coordinator of the group to hand the open review to another person, who scores every"
            " criterion anew. If it is submitted, tell whoever decides.",
        )


def _runs(at: datetime) -> Iterator[Finding]:
    for name, command in ((DAILY, "ciss daily"), (BACKUP, "ciss backup")):
        try:
            run = last_run(files(), name)
        except OSError:
            return  # said of the file store already
        timer = f"Run `{command}` every day, with the timer in deploy/."
        if run is None:
            yield Finding(name, State.ATTENTION, "It has never run.", timer)
        elif run.failed:
            said = (
                f"{counted(len(run.failed), 'job')} failed in the last run:"
                f" {', '.join(run.failed[:3])}."
            )
            yield Finding(
                name,
                State.WRONG,
                said,
                "To find out why, search the log for the references that the run printed.",
            )
        elif at - run.ended_at > LATE:
            said = f"It last finished {_hours(at - run.ended_at)} ago."
            yield Finding(name, State.WRONG, said, timer)
        else:
            yield Finding(
                name, State.OK, f"It finished without errors {_hours(at - run.ended_at)} ago."
            )


def _hours(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
