"""Makes a restored installation usable: checked, closed to old links, and brought up to date."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice

from sqlalchemy import text

from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.transparency.checking import saved_extent
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import first_fault, record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.engines.moments import UtcDateTime
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.storage import FileStore
from cissapp.operate.backups.rules import EMPTIED, ENDED, STAMP, BadBackup
from cissapp.operate.backups.services import published
from cissapp.operate.backups.services.erasures import repeat_erasures
from cissapp.operate.backups.services.removals import remove_again
from cissapp.operate.backups.services.restore_job import RestoreJob
from cissapp.operate.operations.services import integrity
from cissapp.operate.operations.services.stored_files import missing_files
from cissapp.people.accounts import services as accounts
from cissapp.people.notices import services as notices
from cissapp.people.sign_on import services as sign_on

MOST = 20
KNOWN = (
    "If these faults existed before the backup and you have a record of them, add --accept-faults"
)


def finish(job: RestoreJob) -> list[str]:
    """Check what was restored, end what was open, and repeat what was done since; return what to report.

    Raise `BadBackup` with the first faults; nothing is kept then.
    """
    faults = list(islice(_faults(job), MOST))
    if faults and not job.order.accept_faults:
        raise BadBackup("\n".join(["The backup contains faults:", *faults, KNOWN]))
    told = faults or ["The register, certificates, public log and audit trail are intact."]
    ended = end_what_was_open(job.at)
    told.append(
        f"{counted(ended, 'session, link or token', 'sessions, links and tokens')} ended."
        " Everybody has to sign in again."
    )
    told += _close_old_ways_in(job)
    with notices.hold_mails():
        if job.published:
            told += published.apply_again(job.published, at=job.at)
            told += _compromised(job)
        told += remove_again(job.removed, job.store, at=job.at)
        told += repeat_erasures(job.erased, job.store, at=job.at)
    manifest = job.manifest
    record(
        Event.INSTALLATION_RESTORED,
        ("backup", manifest.seal[:16]),
        by=SYSTEM,
        at=job.at,
        made_at=manifest.made_at.isoformat(),
        new_passwords=job.order.new_passwords,
    )
    session.flush()
    keep_extent(job.store, at=job.at)
    return told


def _faults(job: RestoreJob) -> Iterator[str]:
    fault = register_checks.first_fault(job.store)
    yield from [f"register: {fault}"] if fault else []
    fault = published.fault_of_log(job.published, job.trusted)
    yield from [f"public log: {fault}"] if fault else []
    fault = first_fault()
    yield from [f"audit trail: {fault}"] if fault else []
    yield from integrity.faults_of_rows()
    gone = set(job.manifest.missing)
    yield from (
        f"missing file: {key} of {row}" for key, row in missing_files(job.store) if key not in gone
    )


def end_what_was_open(at: datetime) -> int:
    """End sessions, links, tokens, and mails that waited: some were ended or sent after the backup was made."""
    moment = UtcDateTime().process_bind_param(at, session.get_bind().dialect)
    count = 0
    for table in EMPTIED:
        count += _changed(f"DELETE FROM {table}", {})  # noqa: S608 -- names of tables
    for table, (condition, values) in ENDED.items():
        given = {name: moment if value is None else value for name, value in values.items()}
        columns = ", ".join(f"{name} = :{name}" for name in values)
        count += _changed(f"UPDATE {table} SET {columns} WHERE {condition}", given)  # noqa: S608 -- names of columns
    return count


def _close_old_ways_in(job: RestoreJob) -> Iterator[str]:
    """Block, as far as possible, ways in that were changed after the backup because somebody else knew them."""
    off = sign_on.switch_all_off(at=job.at)
    if off:
        yield (
            f"{counted(off, 'organisation')} that people sign in through switched off, because any"
            " of them may have been removed after the backup. Check each one, then switch it on"
            " at /admin/sign-on"
        )
    day = f"{job.manifest.made_at:%Y-%m-%d %H:%M} UTC"
    if job.order.new_passwords:
        count = accounts.void_passwords()
        yield (
            f"{counted(count, 'password')} made invalid. Each person sets a new one with"
            f" “Forgotten your password?”. Second factors are as they were on {day}: reset again"
            " those that were reset since."
        )
    else:
        yield (
            f"Passwords and second factors are as they were on {day}. If one was changed since"
            " because somebody else knew it, the old one opens the account again. If you do not"
            " know whose, restore again with --new-passwords (docs/incidents.md)."
        )


def _changed(statement: str, values: Mapping[str, object]) -> int:
    bound = text(statement)
    done = session.execute(bound, values)
    return int(getattr(done, "rowcount", 0))


def _compromised(job: RestoreJob) -> Iterator[str]:
    """Name the keys that were marked as compromised after the backup, with the command for each."""
    snapshot = job.published.snapshot if job.published else None
    for key_id, since in (snapshot.compromised if snapshot else {}).items():
        known = job.ring.by_id(key_id)
        if known and not known.compromised_at:
            yield f"Run at once: ciss keys compromised {key_id} --since {since:%Y-%m-%dT%H:%M}"


def keep_extent(store: FileStore, *, at: datetime) -> None:
    """Store how far log and audit trail go now; the previous record is kept beside it, as evidence."""
    try:
        before = store.get(saved_extent.KEY)
    except FileNotFoundError:
        pass
    else:
        store.replace(f"kept/before-{at:{STAMP}}.json", before)
    store.replace(saved_extent.KEY, saved_extent.extent_of_database(at=at).text.encode())
