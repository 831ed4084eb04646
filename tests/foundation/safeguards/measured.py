"""Measures on the labelled texts: how much is found, and how much of what is found is right."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from cissapp.foundation.content.reader import SAFE
from cissapp.foundation.safeguards.rules import SignKind, find_signs, kinds_of

FOLDER = Path(__file__).parent / "labelled"
LANGUAGES = ("en", "ro", "uk", "ru", "be")
HALVES = ("tuned", "held_out")
ANY = "any sign"
ODD, EVEN, WHOLE = "odd", "even", "whole"
# Sets of texts whose rows are told apart by their place, and whether they were halved.
SETS = {"independent": (ODD, EVEN), "fresh": (ODD, EVEN), "last": (WHOLE,)}
KINDS = (SignKind.IDENTITY_NUMBER, SignKind.CHILD_NAMED, SignKind.DISCLOSURE)


@dataclass(frozen=True)
class Labelled:
    """A text, and what a careful reader sees in it."""

    language: str
    half: str
    kinds: frozenset[SignKind]
    text: str
    also: frozenset[SignKind] = frozenset()


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
        halves = yaml.load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"), SAFE)
        for half in HALVES:
            for one in halves[half]:
                kinds = frozenset(SignKind(kind) for kind in one["kinds"])
                yield Labelled(language, half, kinds, one["text"])


def of_set(name: str) -> Iterator[Labelled]:
    """Give the texts of a set. Within a language and a kind the first is odd, the second even, and so on."""
    content = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), SAFE)
    for language, rows in content.items():
        places: Counter[tuple[str, ...]] = Counter()
        for row in rows:
            label = tuple(sorted(row["kinds"]))
            places[label] += 1
            half = (EVEN, ODD)[places[label] % 2] if len(SETS[name]) > 1 else WHOLE
            kinds, also = (frozenset(map(SignKind, row.get(key, ()))) for key in ("kinds", "also"))
            yield Labelled(language, half, kinds, row["text"], also)


def counts_of_set(texts: Iterable[Labelled]) -> dict[SignKind | str, Count]:
    """Count for each kind, and under "any sign" whether the page comes back at all."""
    found: dict[SignKind | str, Count] = {key: Count() for key in (*KINDS, ANY)}
    for one in texts:
        seen = set(kinds_of(find_signs(one.text)))
        for kind in KINDS:
            found[kind].right += kind in seen and kind in one.kinds
            found[kind].missed += kind not in seen and kind in one.kinds
            found[kind].wrong += kind in seen and kind not in one.kinds | one.also
        found[ANY].right += bool(seen and one.kinds)
        found[ANY].missed += bool(one.kinds and not seen)
        found[ANY].wrong += bool(seen and not one.kinds)
    return found


def counts() -> dict[tuple[str, str, SignKind], Count]:
    """Count for each half, language and kind."""
    found: dict[tuple[str, str, SignKind], Count] = {}
    for one in labelled():
        seen = set(kinds_of(find_signs(one.text)))
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


def table_of_sets() -> str:
    """Write the counts of the sets as a table for `docs/safeguards.md`."""
    rows = [
        "| set | half | kind | there | seen | recall | false alarms | precision |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, halves in SETS.items():
        for half in halves:
            found = counts_of_set(one for one in of_set(name) if one.half == half)
            for kind, count in found.items():
                there = count.right + count.missed
                if there:
                    rows.append(
                        f"| {name} | {half} | {kind} | {there} | {count.right} | {count.recall:.2f} | {count.wrong} | {count.precision:.2f} |"
                    )
    return "\n".join(rows)


if __name__ == "__main__":
    print(table(), table_of_sets(), sep="\n\n")
