"""Counts in the sentences that commands print, which are English only."""


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number with its noun, such as "1 file" or "2 files"; `things` is a plural that is not formed by -s."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
