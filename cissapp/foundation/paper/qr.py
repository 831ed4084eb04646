"""QR codes: as runs of dark modules for paper, and as SVG for a page."""

from collections.abc import Iterator
from io import BytesIO

# Any mask can be read; evaluating all eight takes longer than the rest of a certificate.
MASK = 3
QUIET = 4


def as_svg(text: str) -> bytes:
    """Draw a QR code as SVG, on white."""
    import segno  # noqa: PLC0415 -- few pages draw a code

    drawing = BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", scale=4, light="white")
    return drawing.getvalue()


def runs_of(text: str) -> tuple[list[tuple[int, int, int]], int]:
    """Return the dark runs of a QR code (column, row, length) and its side, both with the quiet zone."""
    import segno  # noqa: PLC0415 -- few pages draw a code

    code = segno.make(text, error="m", micro=False, mask=MASK)
    matrix = [list(row) for row in code.matrix]
    runs = [
        (start + QUIET, row + QUIET, length)
        for row, cells in enumerate(matrix)
        for start, length in _runs(cells)
    ]
    return runs, len(matrix) + 2 * QUIET


def _runs(cells: list[int]) -> Iterator[tuple[int, int]]:
    """Yield start and length of each dark run of a row."""
    start = None
    for column, cell in enumerate([*cells, 0]):
        if cell and start is None:
            start = column
        elif not cell and start is not None:
            yield start, column - start
            start = None
