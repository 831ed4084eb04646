"""The settings file with lines `CISS_NAME=value`, as in a systemd `EnvironmentFile`; and files of secrets."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

NAME = "CISS_SETTINGS"
OF_THE_SYSTEM = Path("/etc/ciss/settings.env")
BESIDE = "settings.env"
# The folder with the files, one each, that systemd passes to a service with LoadCredential=.
CREDENTIALS = "CREDENTIALS_DIRECTORY"
FROM_FILE = "_FILE"

LINE = re.compile(
    r"""[ \t]*(?:
        (?:[\#;](?:\\\n|[^\n])*)?                                    # a comment, or nothing
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*
        (?P<quoted>(?:(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*")[ \t]*)*)
        (?P<plain>(?:(?!['"])(?:\\[\s\S]|[^\n\\])(?:\\[\s\S]|[^\n\\])*)?)
    )[ \t\r]*(?:\n|\Z)""",
    re.VERBOSE,
)
QUOTED = re.compile(r"""'([^']*)'|"((?:\\[\s\S]|[^"\\])*)\"""")
ESCAPED = re.compile(r"\\([\s\S])")
ESCAPED_IN_QUOTES = re.compile(r"\\([\"\\`$\n])")


class UnreadableSettings(Exception):
    """The settings file cannot be read, or a line of it is no setting."""


def parse(text: str) -> dict[str, str]:
    """Return the settings of a file's text; raise `UnreadableSettings` with the number of a wrong line."""
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        line = LINE.match(text, position)
        if line is None:
            number = text.count("\n", 0, position) + 1
            raise UnreadableSettings(
                f"line {number} is not a setting: write NAME=value, and close every quote"
            )
        if line["name"]:
            found[line["name"]] = _value(line["quoted"], line["plain"])
        position = line.end()
    return found


def _value(quoted: str, plain: str) -> str:
    parts = [
        _unescaped(part[2], ESCAPED_IN_QUOTES) if part[1] is None else part[1]
        for part in QUOTED.finditer(quoted)
    ]
    return "".join([*parts, _unescaped(plain.rstrip(), ESCAPED)])


def _unescaped(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda mark: "" if mark[1] == "\n" else mark[1], text)


def line_of(name: str, value: str) -> str:
    """Return a setting as a quoted line; raise ValueError if the value has several lines."""
    if "\n" in value or "\r" in value:
        raise ValueError(f"{name} must be a single line")
    return f'{name}="' + re.sub(r"([\"\\`$])", r"\\\1", value) + '"\n'


def locate(environ: Mapping[str, str], instance: Path) -> Path | None:
    """Return the settings file: the named one, the system's, the one in the instance folder, or None.

    An empty `CISS_SETTINGS` means that there is none.
    """
    if NAME in environ:
        return Path(environ[NAME]) if environ[NAME] else None
    for path in (OF_THE_SYSTEM, instance / BESIDE):
        if path.exists():
            return path
    return None


def read(path: Path) -> dict[str, str]:
    """Return the settings of a file; raise `UnreadableSettings` with the reason if it cannot be read."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnreadableSettings(
            f"The settings file {path} does not exist. Correct CISS_SETTINGS or --settings, or run"
            " `ciss setup` to create it."
        ) from None
    except PermissionError:
        raise UnreadableSettings(
            f"This user cannot read the settings file {path}. Run the command as the service's"
            " user or as root."
        ) from None
    except (OSError, ValueError) as error:
        raise UnreadableSettings(f"The settings file {path} cannot be read: {error}") from None
    except UnreadableSettings as error:
        raise UnreadableSettings(f"{path}: {error}") from None


def gather(environ: Mapping[str, str], instance: Path, secrets: Sequence[str]) -> dict[str, str]:
    """Return all settings: from the file, from secret files, from the environment; later ones win.

    `secrets` names the settings that may be in a file of their own.
    """
    path = locate(environ, instance)
    of_file = read(path) if path else {}
    named = {**of_file, **environ}
    return {**of_file, **dict(_of_secret_files(named, secrets)), **_own(environ)}


def _own(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith("CISS_")}


def _of_secret_files(named: Mapping[str, str], secrets: Sequence[str]) -> Iterator[tuple[str, str]]:
    folder = named.get(CREDENTIALS)
    for name in secrets:
        if folder and (Path(folder) / name).is_file():
            yield name, _secret_in(Path(folder) / name)
        if place := named.get(f"{name}{FROM_FILE}"):
            yield name, _secret_in(Path(place))


def _secret_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise UnreadableSettings(f"The secret in {path} cannot be read: {error}") from None
