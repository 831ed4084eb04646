"""Finds the pages of a file that contain the clauses of the policy, by runs of words."""

import re
from collections.abc import Mapping, Sequence

from cissapp.prepare.policy.rules.signs import folded, words_of

RUN = 4
# The share of a clause's runs that a page must contain; other clauses share some of them.
SHARE = 0.25
_WORD = re.compile(r"\w+")


def pages_of(passages: Mapping[str, str], pages: Sequence[str]) -> dict[str, list[int]]:
    """Return the pages that contain each passage, by its key, without passages that were not found."""
    on_page = [_runs(page) for page in pages]
    found: dict[str, list[int]] = {}
    for key, passage in passages.items():
        runs = _runs(words_of(passage))
        numbers = [
            number
            for number, page in enumerate(on_page, start=1)
            if runs and len(runs & page) / len(runs) >= SHARE
        ]
        if numbers:
            found[key] = numbers
    return found


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(folded(text))
    if len(words) < RUN:
        return {tuple(words)} if words else set()
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def written_pages(numbers: Sequence[int]) -> str:
    """Format page numbers as the self-assessment does: "2-3, 7"."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def pages_by_criterion(
    found: Mapping[str, Sequence[int]], clauses: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return the formatted pages of the clauses that cover each criterion."""
    return {
        criterion: written_pages([number for clause in ids for number in found.get(clause, ())])
        for criterion, ids in clauses.items()
        if any(clause in found for clause in ids)
    }
