"""QR codes: the runs that are drawn on paper are the dark cells of the code."""

import shutil
import subprocess
from pathlib import Path

import pytest
import segno

from cissapp.foundation.paper import qr
from cissapp.foundation.paper.canvas import A4, Paper
from cissapp.foundation.paper.colours import INK

ADDRESS = "https://ciss.example/verify/473V-CQTR-BW4W-AHNP-005N"


def test_the_runs_are_the_dark_cells():
    runs, side = qr.runs_of(ADDRESS)

    code = segno.make(ADDRESS, error="m", micro=False, mask=qr.MASK)
    dark = {
        (column + qr.QUIET, row + qr.QUIET)
        for row, cells in enumerate(code.matrix)
        for column, cell in enumerate(cells)
        if cell
    }
    assert {(start + step, row) for start, row, length in runs for step in range(length)} == dark
    assert side == len(code.matrix) + 2 * qr.QUIET


def test_as_svg_it_stands_on_white():
    drawing = qr.as_svg(ADDRESS).decode()

    assert drawing.startswith("<?xml")
    assert drawing.count("<path") == 2
    assert 'fill="#fff"' in drawing


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
def test_a_machine_reads_it_from_paper(tmp_path: Path):
    paper = Paper(A4)
    paper.qr(ADDRESS, 100, 100, 120, INK)
    path = tmp_path / "code.pdf"
    path.write_bytes(paper.finish())

    picture = path.with_suffix("")
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-singlefile", path, picture], check=True)
    read = subprocess.run(
        ["zbarimg", "-q", "--raw", picture.with_suffix(".png")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert read.stdout.strip() == ADDRESS
