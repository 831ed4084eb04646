"""Checks the settings, their file, and the keys."""

from collections.abc import Iterator
from pathlib import Path

from cissapp.foundation.core import clock
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import checks as key_checks
from cissapp.operate.operations.rules import (
    Finding,
    State,
    is_real,
    unknown_names,
    weak_settings,
)
from config import Config, gather, is_debugging, settings_path

BY_OTHERS = 0o077


def refusals(config: Config, *, workers: int = 1) -> list[str]:
    """Name everything that keeps an installation that others reach from being served."""
    weak = weak_settings(
        config, debugging=is_debugging(), keys_exposed=_is_exposed(config.keys_dir)
    )
    if workers > 1 and is_real(config) and config.limits_url.startswith("memory:"):
        weak.append(
            "CISS_LIMITS_URL is memory://, but several workers must share their counts; set it to"
            " a Redis server (redis://host:6379)"
        )
    return weak


def refusal_text(config: Config, *, workers: int = 1) -> str | None:
    """Return why an installation is not served, listing every reason; None if there is none."""
    weak = refusals(config, workers=workers)
    lines = ["Not started. These settings are not safe enough for a public service:", *weak]
    return "\n".join(lines) if weak else None


def _is_exposed(folder: Path) -> bool:
    """Return whether other users of the machine can enter a folder."""
    try:
        return bool(folder.stat().st_mode & BY_OTHERS)
    except OSError:
        return False


def settings(config: Config) -> Iterator[Finding]:
    """Check the settings: their file, names that nothing reads, what is too weak."""
    yield from settings_file()
    for said in unknown_names(gather()):
        yield Finding(
            "settings", State.WRONG, f"{said}.", "Correct the name, or remove the setting."
        )
    weak = refusals(config)
    for said in weak:
        what, _, mend = said.partition("; ")
        yield Finding("settings", State.WRONG, f"{what}.", f"{mend[:1].upper()}{mend[1:]}.")
    if not weak:
        yield Finding("settings", State.OK, "All settings are complete and safe.")
    if config.secure and not config.proxy_hops:
        yield Finding(
            "settings",
            State.ATTENTION,
            "CISS_PROXY_HOPS is 0, so all visitors seem to come from the proxy and share one rate"
            " limit.",
            "Set it to the number of proxies in front of the service, usually 1.",
        )


def settings_file() -> Iterator[Finding]:
    """Check the settings file: which one it is, and who can read it."""
    path = settings_path()
    if path is None:
        yield Finding(
            "settings",
            State.NOT_USED,
            "There is no settings file; all settings come from the environment.",
        )
        return
    try:
        open_to_others = bool(path.stat().st_mode & 0o007)
    except OSError:
        return
    if open_to_others:
        yield Finding(
            "settings",
            State.WRONG,
            f"Every user of this machine can read {path} and the secrets in it.",
            f"Run `chmod o= {path}`.",
        )
    else:
        yield Finding("settings", State.OK, f"Read from {path}.")


def signing_keys(config: Config) -> Iterator[Finding]:
    """Check the signing keys, as `ciss keys check` does."""
    try:
        found = key_checks.look_over(config.keys_dir, at=clock.now())
    except (keys.NoKeys, keys.BrokenKeys, OSError) as error:
        yield Finding(
            "keys",
            State.WRONG,
            str(error),
            "Run `ciss setup` to make new keys, or restore them from a backup (docs/keys.md).",
        )
        return
    for fault in found.faults:
        yield Finding("keys", State.WRONG, fault, "See docs/keys.md, then run `ciss keys check`.")
    for remark in found.remarks:
        yield Finding("keys", State.ATTENTION, remark)
    if not found.faults:
        yield Finding("keys", State.OK, f"The keys in {config.keys_dir} are intact.")
