"""Runs every check in turn; one that fails unexpectedly is reported, and the others go on."""

from collections.abc import Callable, Iterable, Iterator

from cissapp.operate.operations.queries import of_database, of_services, of_settings, of_work
from cissapp.operate.operations.rules import Finding, State
from config import Config

Check = Callable[[Config], Iterable[Finding]]


def all_findings(config: Config, send_to: str) -> Iterator[Finding]:
    """Yield the findings of all checks, each as soon as it is known."""
    yield from of_work.software(config)
    database = list(_safely(of_database.database, config))
    yield from _safely(of_settings.settings, config)
    yield from database
    yield from _safely(of_services.file_store, config)
    yield from _safely(of_settings.signing_keys, config)
    yield from _safely(lambda one: of_services.mail(one, send_to), config)
    for check in (
        of_services.counters,
        of_services.queue,
        of_services.scanner,
        of_services.time_stamps,
        of_services.reading,
        of_services.disk,
        of_services.own_address,
    ):
        yield from _safely(check, config)
    if any(one.state is State.WRONG for one in database):
        said = "Emails, daily work and backups cannot be checked without the database."
        yield Finding("work", State.NOT_USED, said)
    else:
        yield from _safely(of_work.work, config)


def _safely(check: Check, config: Config) -> Iterator[Finding]:
    """Run a check; one that fails must not keep the others from being reported."""
    try:
        yield from check(config)
    except Exception as error:  # noqa: BLE001 -- a doctor that dies tells nothing
        name = getattr(check, "__name__", "").strip("<>")
        # Only the type, because an error's message may hold an address with its password.
        said = f"{name} failed: {type(error).__name__}."
        mend = "Report this line to the people who maintain the software."
        yield Finding("check", State.WRONG, said, mend)
