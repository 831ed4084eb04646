"""Settings of a new installation: each group is tried as it will be used, and all are written into one file."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from cissapp.foundation.core.installation import probes
from cissapp.foundation.core.installation.probes import Fault
from cissapp.foundation.core.installation.settings_file import OF_THE_SYSTEM, line_of
from cissapp.foundation.core.mail import mailer_at
from cissapp.foundation.core.storage import store_at
from cissapp.operate.operations.queries import of_database
from config import INSTANCE, Config, WrongSettings, settings_path

KEY_NAME = "CISS_SECRET_KEY"
HEAD = (
    "# The settings of this CISS installation, for the service and for every command"
    " (docs/operating.md).\n# Each line is NAME=value, as in a systemd EnvironmentFile."
    " Anyone who can read this file can act as the service.\n"
)


class SettingsGroup(Struct, frozen=True):
    """Settings that are asked for together: their names, what they are for, and the trial of all of them."""

    about: str
    names: tuple[str, ...]
    trial: Callable[[Config], Fault | None]
    hint: str = ""


def _no_trial(_config: Config) -> None:
    return None


def _files(config: Config) -> Fault | None:
    try:
        return probes.store_trial(store_at(config.files_url, **config.s3_settings))
    except ValueError as error:
        return Fault(str(error), "Correct CISS_FILES_URL.")


def _mail(config: Config) -> Fault | None:
    return probes.mail_fault(mailer_at(config.mail_url, config.mail_from))


GROUPS = (
    SettingsGroup(
        "The public address",
        ("CISS_BASE_URL", "CISS_PROXY_HOPS"),
        _no_trial,
        "Enter an address such as https://ciss.example, without a path; it is printed on"
        " certificates. Then enter how many proxies are in front of the service: 1 for one"
        " nginx, 0 for none.",
    ),
    SettingsGroup(
        "The database",
        ("CISS_DATABASE_URL",),
        of_database.reach,
        "Use sqlite:////folder/ciss.db on a single machine, or"
        " postgresql://user:password@host/ciss.",
    ),
    SettingsGroup(
        "The files",
        ("CISS_FILES_URL", "CISS_S3_ENDPOINT", "CISS_S3_REGION", "CISS_S3_KEY", "CISS_S3_SECRET"),
        _files,
        "Use file:///folder, or s3://bucket/prefix for an S3-compatible store.",
    ),
    SettingsGroup(
        "The signing keys",
        ("CISS_KEYS_DIR",),
        _no_trial,
        "Enter a folder that only the service's user can read.",
    ),
    SettingsGroup(
        "Mail",
        ("CISS_MAIL_URL", "CISS_MAIL_FROM"),
        _mail,
        "Use smtps://user:password@host, smtp://user:password@host:587?starttls=1, or"
        " file:///folder for a test. Then enter the address that emails are sent from.",
    ),
    SettingsGroup(
        "Rate limits",
        ("CISS_LIMITS_URL",),
        lambda config: probes.redis_fault(config.limits_url, "CISS_LIMITS_URL"),
        "Use memory:// for one process, or redis://host:6379 for several.",
    ),
)
OF_A_STORE = "CISS_S3_"
# Stand-ins for what every configuration needs, while only one group of settings is tried.
STAND_INS = {KEY_NAME: "0" * 32, "CISS_BASE_URL": "https://ciss.example"}


def wanted_names(group: SettingsGroup, values: Mapping[str, str]) -> Iterator[str]:
    """List the settings of a group that are needed, each as soon as those before it are known."""
    for name in group.names:
        of_store = name.startswith(OF_A_STORE)
        if not of_store or values.get("CISS_FILES_URL", "").startswith("s3:"):
            yield name


def default_of(name: str, values: Mapping[str, str]) -> str:
    """Return the default of a setting; there is none for the public address."""
    if name == "CISS_PROXY_HOPS":
        return "1" if values.get("CISS_BASE_URL", "").startswith("https://") else "0"
    if name == "CISS_MAIL_FROM":
        return (
            f"no-reply@{urlsplit(values.get('CISS_BASE_URL', '')).hostname or 'localhost.example'}"
        )
    field = name.removeprefix("CISS_").lower()
    return "" if field == "base_url" else str(getattr(Config, field, ""))


def trial(group: SettingsGroup, values: Mapping[str, str]) -> list[Fault]:
    """Try the settings of a group as they will be used; return what is wrong with them."""
    own = {name: values[name] for name in wanted_names(group, values) if name in values}
    try:
        config = Config.from_env({**STAND_INS, **own})
    except WrongSettings as error:
        return [Fault(line, "Correct it.") for line in str(error).split("\n")]
    fault = group.trial(config)
    return [fault] if fault else []


def fresh_secret() -> str:
    """Return a new secret key."""
    return secrets.token_hex(32)


def place() -> Path:
    """Return where the settings file is, or where a new one goes: into /etc/ciss, where that may be written."""
    named = settings_path()
    if named:
        return named
    if os.access(OF_THE_SYSTEM.parent, os.W_OK):
        return OF_THE_SYSTEM
    return INSTANCE / OF_THE_SYSTEM.name


def _give_to_owner_of(path: Path, fresh: Path) -> None:
    """Keep the old owner of the settings, so that the user of the service can read what root has written."""
    before = path.stat()
    if os.geteuid() == 0:
        os.chown(fresh, before.st_uid, before.st_gid)
    fresh.chmod(before.st_mode & 0o640)


def write_settings(path: Path, values: Mapping[str, str]) -> None:
    """Write the settings file atomically, readable by its owner alone.

    An existing one is kept beside it, and the new one belongs to the same user.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [line_of(name, value) for name, value in values.items() if value]
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(HEAD + "".join(lines))
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        _give_to_owner_of(path, beside)
        path.replace(path.with_name(f"{path.name}.old"))
    beside.replace(path)
