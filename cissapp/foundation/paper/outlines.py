"""Outlines: drawings kept as the path data of SVG, for pages and for paper alike."""

import re
from functools import cache

# Coordinates are absolute: M, L, C and Z draw every pictogram, and both SVG and PDF have them.
POINTS = {"M": 1, "L": 1, "C": 3, "Z": 0}
_PIECE = re.compile(r"([MLCZ])|(-?\d+(?:\.\d+)?)")

Command = tuple[str, tuple[float, ...]]


@cache
def commands_of(outline: str) -> tuple[Command, ...]:
    """Parse path data of M, L, C and Z with absolute coordinates; raise `ValueError` for anything else."""
    if leftover := _PIECE.sub("", outline).strip(" ,\n"):
        raise ValueError(f"not of an outline: {leftover[:20]!r}")
    commands: list[Command] = []
    name, numbers = "", list[float]()
    for letter, number in _PIECE.findall(outline):
        if letter:
            commands += _cut(name, numbers)
            name, numbers = letter, []
        else:
            numbers.append(float(number))
    return (*commands, *_cut(name, numbers))


def _cut(name: str, numbers: list[float]) -> list[Command]:
    """Split the numbers after a letter into as many commands as they make."""
    size = 2 * POINTS.get(name, 0)
    if not size:
        if numbers:
            raise ValueError(f"numbers after {name!r}")
        return [(name, ())] if name else []
    if not numbers or len(numbers) % size:
        raise ValueError(f"{len(numbers)} numbers after {name!r}")
    return [(name, tuple(numbers[at : at + size])) for at in range(0, len(numbers), size)]
