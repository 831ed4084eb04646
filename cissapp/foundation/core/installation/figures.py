"""Figures of the installation itself for the operator's monitoring; none names a person, a school or an address."""

import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from flask import current_app
from msgspec import Struct, field

from cissapp.foundation.core.db import db
from cissapp.foundation.core.installation.readiness import services_up
from cissapp.foundation.core.installation.run_records import BACKUP, DAILY, last_run
from cissapp.foundation.core.storage import LocalStore, files


class Measure(Struct, frozen=True):
    """A figure that is computed when it is asked for."""

    name: str
    about: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


def of_installation() -> Iterator[Measure]:
    """Yield the figures available without the database: version, services, connections, disk space, runs."""
    head = str(current_app.config["MIGRATION_HEAD"])
    yield Measure(
        "ciss_info",
        "The installed software.",
        1,
        {"version": software_version(), "migration": head},
    )
    for name, up in services_up().items():
        yield Measure(
            "ciss_service_up", "1 if the service can be used.", float(up), {"service": name}
        )
    pool = db.engine.pool
    if hasattr(pool, "checkedout"):
        about = "Connections to the database that this process uses."
        yield Measure("ciss_database_connections_used", about, float(pool.checkedout()))
    store = files()
    if isinstance(store, LocalStore) and store.root.exists():
        free = shutil.disk_usage(store.root).free
        yield Measure("ciss_files_free_bytes", "Free space where files are stored.", float(free))
    yield from _runs()


def software_version() -> str:
    """Return the installed release; "checkout" if none is installed."""
    try:
        return version("ciss")
    except PackageNotFoundError:
        return "checkout"


def _runs() -> Iterator[Measure]:
    for name, of in ((DAILY, "ciss_daily"), (BACKUP, "ciss_backup")):
        try:
            run = last_run(files(), name)
        except OSError:
            return
        if run is not None:
            ended, failed = run.ended_at.timestamp(), float(len(run.failed))
            yield Measure(f"{of}_last_run_timestamp_seconds", "When the last run finished.", ended)
            yield Measure(f"{of}_last_run_seconds", "How long the last run took.", run.seconds)
            yield Measure(f"{of}_failed_jobs", "Jobs of the last run that failed.", failed)
