"""Every setting, read once from the settings file and the environment; all that is wrong is named at once."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from cissapp.foundation.core.installation import settings_file
from cissapp.foundation.core.installation.settings_file import UnreadableSettings

ROOT = Path(__file__).resolve().parent
# A checkout has all beside it. Where a wheel was installed, content and migrations lie in the package, and
# what is written goes into the folder that the command is called in.
IN_CHECKOUT = (ROOT / "pyproject.toml").exists()
SHIPPED = ROOT if IN_CHECKOUT else ROOT / "cissapp" / "shipped"
MODULES, MIGRATIONS = SHIPPED / "modules", SHIPPED / "migrations"
INSTANCE = (ROOT if IN_CHECKOUT else Path.cwd()) / "instance"
SECRET_LENGTH, TOKEN_LENGTH = 32, 20
POSTGRES = "postgresql+psycopg://"
STORE = ("s3_endpoint", "s3_region", "s3_key", "s3_secret")


class WrongSettings(Exception):
    """Settings are missing or wrong; the message names them all."""


def _setting(name: str) -> str:
    return f"CISS_{name.upper()}"


@dataclass(frozen=True)
class Config:
    """The settings; `docs/operating.md` says what each is for."""

    secret_key: str = field(repr=False)
    base_url: str
    secret_key_old: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(default=f"sqlite:///{INSTANCE}/ciss.db", repr=False)
    replica_url: str = field(default="", repr=False)
    files_url: str = f"file://{INSTANCE}/files"
    s3_endpoint: str = ""
    s3_region: str = ""
    s3_key: str = field(default="", repr=False)
    s3_secret: str = field(default="", repr=False)
    keys_dir: Path = INSTANCE / "keys"
    cache_dir: Path | None = None
    mail_url: str = field(default=f"file://{INSTANCE}/mail", repr=False)
    mail_from: str = "no-reply@localhost.example"
    limits_url: str = field(default="memory://", repr=False)
    queue_url: str = field(default="", repr=False)
    modules_dir: Path = MODULES
    clamd_url: str = ""
    tsa_url: str = ""
    witness_mail: tuple[str, ...] = ()
    backup_recipients: tuple[str, ...] = ()
    security_contact: str = ""
    proxy_hops: int = 0
    metrics_token: str = field(default="", repr=False)
    second_factor: bool = True
    webhooks_to_loopback: bool = False
    demo: bool = False
    testing: bool = False

    @property
    def secure(self) -> bool:
        """Whether the address is https: cookies are then bound to it."""
        return self.base_url.startswith("https://")

    @property
    def s3_settings(self) -> dict[str, str]:
        """What is set of the object store, by the names that its client has for them."""
        named = {
            "endpoint": self.s3_endpoint,
            "region": self.s3_region,
            "access_key_id": self.s3_key,
            "secret_access_key": self.s3_secret,
        }
        return {name: value for name, value in named.items() if value}

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the settings, of file and environment where none are handed over.

        Raises `WrongSettings` that names each missing or wrong one.
        """
        environ = gather() if environ is None else environ
        problems: list[str] = []
        values: dict[str, object] = {"cache_dir": INSTANCE / "cache"}
        for one in fields(cls):
            raw = environ.get(_setting(one.name))
            if raw is None or one.name == "testing":
                if one.name in {"secret_key", "base_url"}:
                    problems.append(f"{_setting(one.name)} is missing")
                continue
            try:
                values[one.name] = _read(one.name, raw)
            except ValueError as error:
                problems.append(f"{_setting(one.name)} {error}")
        problems += _do_not_fit(values)
        if problems:
            raise WrongSettings("\n".join(problems))
        return cls(**values)  # type: ignore[arg-type] # each value was read by its own reader


def gather() -> dict[str, str]:
    """Return all settings as they are written: of the settings file, of files of secrets, of the environment."""
    try:
        found = settings_file.gather(os.environ, INSTANCE, SECRETS)
    except UnreadableSettings as error:
        raise WrongSettings(str(error)) from None
    for name, value in found.items():
        if name.startswith("AWS_"):  # the client of an object store reads them itself
            os.environ.setdefault(name, value)
    return found


def keys_folder() -> Path:
    """Return where the keys are by the settings, of which none other needs to be there."""
    return Path(gather().get("CISS_KEYS_DIR") or INSTANCE / "keys")


def settings_path() -> Path | None:
    """Return the settings file that is read, or that is named and missing; None where there is none."""
    return settings_file.locate(os.environ, INSTANCE)


def use_settings_file(path: Path) -> None:
    """Have this process, and those that it starts, read this settings file."""
    os.environ[settings_file.NAME] = str(path.resolve())


def share_counts(folder: Path) -> None:
    """Have the processes of a server keep in this folder what they count, so that each can tell of all."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def is_debugging() -> bool:
    """Return whether the environment turns on what shows the inside of the application to visitors."""
    return os.environ.get("FLASK_DEBUG", "0") not in {"", "0"} or bool(
        os.environ.get("WERKZEUG_RUN_MAIN")
    )


def _do_not_fit(values: Mapping[str, object]) -> list[str]:
    """Name settings that are right alone and wrong together."""
    problems = []
    of_store = [name for name in STORE if values.get(name)]
    if of_store and not str(values.get("files_url", "")).startswith("s3://"):
        named = ", ".join(_setting(name) for name in of_store)
        problems.append(f"{named}: can only be set if CISS_FILES_URL begins with s3://")
    if bool(values.get("s3_key")) != bool(values.get("s3_secret")):
        problems.append("CISS_S3_KEY and CISS_S3_SECRET: set both, or neither")
    if values.get("replica_url") and not str(values.get("database_url", "")).startswith(POSTGRES):
        problems.append("CISS_REPLICA_URL: can only be set if CISS_DATABASE_URL is PostgreSQL")
    return problems


def _secret(raw: str) -> str:
    if len(raw) < SECRET_LENGTH:
        raise ValueError(f"must have at least {SECRET_LENGTH} characters")
    return raw


def _old_secrets(raw: str) -> tuple[str, ...]:
    found = tuple(key.strip() for key in raw.split(",") if key.strip())
    for key in found:
        _secret(key)
    return found


def _token(raw: str) -> str:
    if raw and len(raw) < TOKEN_LENGTH:
        raise ValueError(f"must have at least {TOKEN_LENGTH} characters, or be empty")
    return raw


def _base(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ValueError("must be an address such as https://ciss.example, without a path")
    return raw.rstrip("/")


def _database(raw: str) -> str:
    if raw.startswith("postgresql://"):
        return raw.replace("postgresql://", "postgresql+psycopg://", 1)
    if not raw.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return raw


def _replica(raw: str) -> str:
    found = _database(raw) if raw else ""
    if raw and not found.startswith(POSTGRES):
        raise ValueError("must begin with postgresql://")
    return found


def _endpoint(raw: str) -> str:
    parts = urlsplit(raw)
    if raw and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValueError("must be an address such as https://store.example:8333")
    return raw.rstrip("/")


def _limits(raw: str) -> str:
    if not raw.startswith(("memory://", "redis://", "rediss://", "redis+unix://")):
        raise ValueError("must be memory:// or redis://host:port")
    return raw


def _files(raw: str) -> str:
    if not raw.startswith(("file:///", "s3://")):
        raise ValueError("must begin with file:/// or s3://bucket")
    return raw


def _mail(raw: str) -> str:
    if not raw.startswith(("smtp://", "smtps://", "file:///")):
        raise ValueError("must begin with smtp://, smtps:// or file:///")
    return raw


def _flag(raw: str) -> bool:
    if raw not in {"0", "1"}:
        raise ValueError("must be 0 or 1")
    return raw == "1"


def _hops(raw: str) -> int:
    if not raw.isdigit():
        raise ValueError("must be a whole number")
    return int(raw)


def _modules(raw: str) -> Path:
    if not Path(raw).is_dir():
        raise ValueError(f"must be a folder that exists: {raw}")
    return Path(raw)


def _cache(raw: str) -> Path | None:
    return Path(raw) if raw else None


def _queue(raw: str) -> str:
    if raw and not raw.startswith(("redis://", "rediss://", "sqlite:///")):
        raise ValueError("must be empty, redis://host:port or sqlite:///path/of/queue.db")
    return raw


def _stamps(raw: str) -> str:
    if raw and urlsplit(raw).scheme not in {"http", "https"}:
        raise ValueError("must begin with https:// or http://")
    return raw


def _addresses(raw: str) -> tuple[str, ...]:
    found = tuple(one.strip() for one in raw.split(",") if one.strip())
    if not all(re.fullmatch(r"[^@\s]+@[^@\s]+", one) for one in found):
        raise ValueError("must be email addresses, separated by commas")
    return found


def _recipients(raw: str) -> tuple[str, ...]:
    found = tuple(one.strip() for one in raw.split(",") if one.strip())
    if not all(re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", one) for one in found):
        raise ValueError("must be age public keys (age1…), separated by commas")
    return found


def _contact(raw: str) -> str:
    if raw and not re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://\S+)", raw):
        raise ValueError("must begin with mailto: or https://")
    return raw


READERS: dict[str, Callable[[str], object]] = {
    "secret_key": _secret,
    "secret_key_old": _old_secrets,
    "metrics_token": _token,
    "base_url": _base,
    "database_url": _database,
    "replica_url": _replica,
    "files_url": _files,
    "s3_endpoint": _endpoint,
    "limits_url": _limits,
    "mail_url": _mail,
    "keys_dir": Path,
    "cache_dir": _cache,
    "modules_dir": _modules,
    "security_contact": _contact,
    "proxy_hops": _hops,
    "queue_url": _queue,
    "tsa_url": _stamps,
    "witness_mail": _addresses,
    "backup_recipients": _recipients,
    "webhooks_to_loopback": _flag,
    "second_factor": _flag,
    "demo": _flag,
}


def _read(name: str, raw: str) -> object:
    return READERS.get(name, str)(raw)


# Settings that may lie in a file of their own: named by the same name and `_FILE`, or a credential of systemd.
SECRETS = tuple(_setting(one.name) for one in fields(Config) if not one.repr)
NAMES = tuple(_setting(one.name) for one in fields(Config) if one.name != "testing")
