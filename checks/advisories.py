"""Compares the pinned versions with a local list of known vulnerabilities.

The list is the one that https://osv.dev publishes for PyPI (`PyPI/all.zip`, with one JSON file in OSV format for each
advisory), or a folder with such files. Exit 0: nothing known; 1: something is; 2: the list could not be read.
"""

import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
Advisory = Mapping[str, Any]


def pinned(constraints: Path = ROOT / "constraints.txt") -> dict[str, set[Version]]:
    """Return the pinned versions by name; two where platforms differ."""
    found: dict[str, set[Version]] = {}
    for line in constraints.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pin = Requirement(line)
            versions = {Version(one.version) for one in pin.specifier}
            found.setdefault(canonicalize_name(pin.name), set()).update(versions)
    return found


def advisories(place: Path) -> Iterator[Advisory]:
    """Yield the advisories in a folder or an archive of OSV files; raise `ValueError` if there are none."""
    if place.is_dir():
        texts: Iterator[bytes] = (one.read_bytes() for one in sorted(place.rglob("*.json")))
    else:
        texts = _members(place)
    count = 0
    for text in texts:
        count += 1
        yield json.loads(text)
    if not count:
        raise ValueError(f"{place} contains no advisories")


def _members(place: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(place) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield archive.read(name)


def concerned(
    advisory: Advisory, pins: Mapping[str, set[Version]]
) -> Iterator[tuple[str, Version]]:
    """Yield name and version of each pin affected by an advisory; a withdrawn advisory affects none."""
    if advisory.get("withdrawn"):
        return
    for one in advisory.get("affected", ()):
        package = one.get("package", {})
        name = canonicalize_name(package.get("name", ""))
        if package.get("ecosystem") == "PyPI":
            yield from ((name, pin) for pin in sorted(pins.get(name, ())) if _is_in(pin, one))


def _is_in(pin: Version, affected: Mapping[str, Any]) -> bool:
    if any(_version(said) == pin for said in affected.get("versions", ())):
        return True
    ranges = (one for one in affected.get("ranges", ()) if one.get("type") == "ECOSYSTEM")
    return any(_is_between(pin, one.get("events", ())) for one in ranges)


def _is_between(pin: Version, events: Any) -> bool:
    """Check a version against the events of a range: `introduced` begins it, `fixed` and `last_affected` end it."""
    inside = False
    for event in events:
        if "introduced" in event:
            begin = event["introduced"]
            inside = inside or begin == "0" or pin >= (_version(begin) or pin)
        if "fixed" in event and pin >= (_version(event["fixed"]) or pin):
            inside = False
        if "last_affected" in event and pin > (_version(event["last_affected"]) or pin):
            inside = False
    return inside


def _version(said: str) -> Version | None:
    try:
        return Version(said)
    except InvalidVersion:
        return None


def main(place: str) -> int:
    """Print every affected pin, and return the exit status."""
    pins = pinned()
    try:
        found = [
            f"{name} {pin}: {one.get('id')} {one.get('summary', '')}".strip()
            for one in advisories(Path(place))
            for name, pin in concerned(one, pins)
        ]
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"The list could not be read: {error}\n")
        return 2
    sys.stdout.write(
        "\n".join(sorted(found)) + "\n"
        if found
        else "No known advisories for the pinned packages.\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
