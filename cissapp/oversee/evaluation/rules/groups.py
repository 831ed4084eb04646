"""Gains of a module: overall, by language and by region, without small groups or what would reveal them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from cissapp.oversee.evaluation.rules.gain import Gain, Pair, gain_of
from cissapp.oversee.evaluation.rules.hiding import hidden
from cissapp.oversee.evaluation.rules.reasons import NoFigureReason


class ResultGroup(Struct, frozen=True):
    """People of a language and a region with the same two results in a module."""

    module_id: str
    language: str
    region_code: str
    pair: Pair


class Gains(Struct, frozen=True):
    """The gain of everybody, and by language and region; a group that is left out has no people."""

    whole: Gain
    languages: Mapping[str, Gain]
    regions: Mapping[str, Gain]


def gains_of(scored: Iterable[ResultGroup]) -> Gains:
    """Compute the gains of a module from the results of all its people."""
    rows = list(scored)
    people: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        people[(row.language, row.region_code)] += row.pair.people
    held = hidden(people)
    return Gains(
        _gain([row.pair for row in rows], held.whole),
        _by([(row.language, row.pair) for row in rows], held.rows),
        _by([(row.region_code, row.pair) for row in rows], held.columns),
    )


def by_module(scored: Iterable[ResultGroup]) -> dict[str, Gain]:
    """Compute the gain of everybody, by module."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for row in scored:
        found[row.module_id].append(row.pair)
    return {module_id: gain_of(pairs) for module_id, pairs in found.items()}


def _by(rows: Iterable[tuple[str, Pair]], held: Mapping[str, NoFigureReason]) -> dict[str, Gain]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for name, pair in rows:
        found[name].append(pair)
    return {name: _gain(pairs, held.get(name)) for name, pairs in sorted(found.items())}


def _gain(pairs: list[Pair], reason: NoFigureReason | None) -> Gain:
    return gain_of(pairs) if reason is None else Gain(reason=reason)
