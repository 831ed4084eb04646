"""The drawn statement: one upright A4 page in any of our scripts, in no way like a certificate."""

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from cissapp.certify.certificates.document.pdf import facts_in as certificate_in
from cissapp.foundation.paper.text import Unprintable
from cissapp.learn.statements.document import page as pdf
from cissapp.learn.statements.document.facts import read_statement
from tests.learn.statements.specimen import BOX, PEOPLE, drawn, module, statement, words

LONG = "Комунальний заклад загальної середньої освіти «Спеціалізована школа» міської ради, " * 2
LEAST, MOST_X, MOST_Y = 60, 595.28 - 60, 841.89 - 40


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def run(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def pieces(of: pdf.PrintedStatement) -> list[str]:
    cells = [cell for row in of.rows for cell in row]
    return [of.title, of.school, of.box, of.lead, *of.head, *of.notes, *cells]


@pytest.fixture(params=PEOPLE)
def page(request, tmp_path) -> tuple[str, Path]:
    path = tmp_path / "statement.pdf"
    path.write_bytes(drawn(statement(request.param)))
    return request.param, path


@needs("pdfinfo")
def test_it_is_one_upright_page_with_title_and_language(page):
    language, path = page
    said = dict(line.split(":", 1) for line in run("pdfinfo", path).splitlines() if ":" in line)

    assert (said["Pages"].strip(), said["Page size"].strip()) == ("1", "595.276 x 841.89 pts (A4)")
    assert unicodedata.normalize("NFC", said["Title"].strip()) == unicodedata.normalize(
        "NFC", f"Statement of learning: {PEOPLE[language][0]}"
    )
    assert f"/Lang ({language})".encode() in run_qpdf(path)


def run_qpdf(path: Path) -> bytes:
    import pikepdf

    with pikepdf.open(path) as opened:
        return f"/Lang ({opened.Root.Lang})".encode()


@needs("pdffonts")
def test_fonts_are_embedded(page):
    rows = [line.split() for line in run("pdffonts", page[1]).splitlines()[2:]]

    assert {row[0].partition("+")[2] for row in rows} == {"NotoSans-Bold", "NotoSans-Regular"}
    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}


@needs("pdftotext")
def test_everything_reads_back_within_the_margins(page):
    language, path = page
    known = statement(language)
    text = squeezed(run("pdftotext", "-layout", path, "-"))
    boxes = re.findall(
        r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)"', run("pdftotext", "-bbox", path, "-")
    )

    assert [one for one in pieces(words(known)) if squeezed(one) not in text] == []
    assert squeezed(known.name) in text
    assert all(
        float(left) > LEAST and float(top) > LEAST and float(right) < MOST_X and float(low) < MOST_Y
        for left, top, right, low in boxes
    )


@needs("pdftotext")
@pytest.mark.parametrize("demo", [True, False])
def test_a_demonstration_is_marked(tmp_path: Path, demo: bool):
    path = tmp_path / "demo.pdf"
    path.write_bytes(drawn(statement(demo=demo)))

    text = squeezed(run("pdftotext", "-raw", path, "-"))

    assert ("Invented." in text, "DEMO" in text) == (demo, demo)


@needs("pdftotext")
def test_long_names_and_titles_stay_on_the_page(tmp_path: Path):
    path = tmp_path / "long.pdf"
    modules = tuple(
        module(n, title="Дослідження безпеки дітей у цифровому середовищі " * 3)
        for n in range(1, 6)
    )
    known = statement("uk", name="Ж" * 120, school_name=LONG, modules=modules)
    path.write_bytes(drawn(known))

    assert squeezed("Ж" * 120) in squeezed(run("pdftotext", "-layout", path, "-"))
    assert re.search(r"Pages:\s+1\n", run("pdfinfo", path))
    assert path.stat().st_size < 60_000


@pytest.mark.parametrize("name", ["Ann 🏫", "학교", "a\u202eb", "x" * 5_000])
def test_what_cannot_be_printed_is_refused(name: str):
    with pytest.raises(Unprintable):
        drawn(statement(name=name))


def test_it_carries_what_it_states_and_nothing_of_a_certificate():
    known = statement("be")
    content = drawn(known)

    assert read_statement(pdf.statement_in(content) or "") == known
    assert certificate_in(content) is None
    assert (pdf.statement_in(b"nothing"), BOX) == (None, known.says_not)


def test_the_same_statement_gives_the_same_bytes():
    assert drawn(statement("ro")) == drawn(statement("ro"))
