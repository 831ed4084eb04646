"""Measures on the labelled texts: how much is found, and how much of what is found is right."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from cissapp.safeguards.rules import Kind, kinds_of, look

FOLDER = Path(__file__).parent / "labelled"
LANGUAGES = ("en", "ro", "uk", "ru", "be")
HALVES = ("tuned", "held_out")
KINDS = (Kind.IDENTITY_NUMBER, Kind.CHILD_NAMED, Kind.DISCLOSURE)


@dataclass(frozen=True)
class Labelled:
    """A text, and what a careful reader sees in it."""

    language: str
    half: str
    kinds: frozenset[Kind]
    text: str


@dataclass
class Count:
    """How often a kind was there and seen, there and missed, seen and not there."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """The part of what was there that was seen."""
        there = self.right + self.missed
        return self.right / there if there else 1.0

    @property
    def precision(self) -> float:
        """The part of what was seen that was there."""
        seen = self.right + self.wrong
        return self.right / seen if seen else 1.0


def labelled() -> Iterator[Labelled]:
    """Give every labelled text."""
    for language in LANGUAGES:
        halves = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
        for half in HALVES:
            for one in halves[half]:
                kinds = frozenset(Kind(kind) for kind in one["kinds"])
                yield Labelled(language, half, kinds, one["text"])


def counts() -> dict[tuple[str, str, Kind], Count]:
    """Count for each half, language and kind."""
    found: dict[tuple[str, str, Kind], Count] = {}
    for one in labelled():
        seen = set(kinds_of(look(one.text)))
        for kind in KINDS:
            count = found.setdefault((one.half, one.language, kind), Count())
            count.right += kind in seen and kind in one.kinds
            count.missed += kind not in seen and kind in one.kinds
            count.wrong += kind in seen and kind not in one.kinds
    return found


def table() -> str:
    """Write the counts as a table for `docs/safeguards.md`."""
    rows = [
        "| half | language | kind | there | seen | recall | false alarms | precision |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (half, language, kind), count in counts().items():
        there = count.right + count.missed
        rows.append(
            f"| {half} | {language} | {kind} | {there} | {count.right} | {count.recall:.2f} | {count.wrong} | {count.precision:.2f} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
