"""The drawn certificate: one page, embedded fonts, text that reads back, a QR code that leads home."""

import re
import shutil
import subprocess
import time
import unicodedata
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from cissapp.certify.certificates.document import pdf
from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.document.pdf import Unprintable
from cissapp.certify.certificates.rules import in_groups
from tests.certify.certificates.specimen import SCHOOLS, drawn, facts, words

LANGUAGES = list(SCHOOLS)
LONG = (
    "Комунальний заклад загальної середньої освіти «Спеціалізована школа І–ІІІ ступенів № 125 "
    "з поглибленим вивченням іноземних мов імені Героїв Небесної Сотні» міської ради"
)


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def run(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).replace("\u2011", "-").strip()


@pytest.fixture(params=LANGUAGES)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(drawn(facts(request.param)))
    return request.param, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_give_the_same_bytes(language: str):
    assert drawn(facts(language)) == drawn(facts(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_carries_its_facts(language: str):
    known = facts(language)

    assert read_facts(pdf.facts_in(drawn(known)) or "") == known


@needs("pdfinfo")
def test_it_is_one_page_of_a4_landscape_and_tagged(page: tuple[str, Path]):
    said = dict(line.split(":", 1) for line in run("pdfinfo", page[1]).splitlines() if ":" in line)
    said = {name.strip(): value.strip() for name, value in said.items()}

    assert (said["Pages"], said["Page size"], said["Tagged"], said["JavaScript"]) == (
        "1",
        "841.89 x 595.276 pts (A4)",
        "yes",
        "no",
    )


@needs("pdffonts")
def test_all_fonts_are_embedded_subset_and_readable(page: tuple[str, Path]):
    rows = [line.split() for line in run("pdffonts", page[1]).splitlines()[2:]]

    names = sorted(row[0].partition("+")[2] for row in rows)
    assert names == ["NotoSans-Bold", "NotoSans-Regular", "NotoSerif-Bold", "NotoSerif-Regular"]
    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}


@needs("pdftotext")
def test_everything_printed_reads_back(page: tuple[str, Path]):
    language, path = page
    known = facts(language)
    text = squeezed(run("pdftotext", "-layout", path, "-"))
    raw = squeezed(run("pdftotext", path, "-"))
    printed = [known.school_name, known.group_name, known.number, in_groups(known.code)]
    for one in words(known):
        printed += [*one.word_and_rest(), one.text.level_names["2"], one.text.not_meaning]
        printed += [*one.text.module_titles.values(), one.finding(known), one.worried()]

    printed += [words(known)[0].figure(level) for _module, level in known.module_levels]
    missing = [
        wanted for wanted in map(squeezed, printed) if wanted not in raw and wanted not in text
    ]

    assert missing == []


@needs("pdfinfo")
def test_a_screen_reader_finds_headings_tables_and_the_link(page: tuple[str, Path]):
    language, path = page
    said = run("pdfinfo", "-struct-text", path)

    roles = {
        line.split()[0].strip(":") for line in said.splitlines() if re.match(r"\s*[A-Z]", line)
    }
    assert {"Document", "H1", "H2", "P", "Figure", "Link", "Table", "TR", "TH", "TD"} <= roles
    assert f'"{SCHOOLS[language][1]}"' in unicodedata.normalize("NFC", said)
    assert all(
        squeezed(one.finding(facts(language))) in squeezed(said) for one in words(facts(language))
    )


@needs("zbarimg")
@needs("pdftoppm")
def test_the_qr_code_leads_to_its_page(page: tuple[str, Path]):
    language, path = page
    known = facts(language)
    picture = path.with_suffix(".png")
    run("pdftoppm", "-r", "100", "-png", "-singlefile", path, path.with_suffix(""))

    assert run("zbarimg", "-q", "--raw", picture).strip() == known.qr_text
    assert known.qr_text.partition("#") == (
        "https://ciss.example/verify/473V-CQTR-BW4W-AHNP-005N",
        "#",
        "level-2-until-2028-11-25",
    )


@needs("pdftotext")
def test_a_demonstration_says_so_in_both_languages(tmp_path: Path):
    path = tmp_path / "demo.pdf"
    known = facts("ro", demo=True)
    path.write_bytes(drawn(known))

    text = squeezed(run("pdftotext", "-layout", path, "-"))

    assert [one.label("demo") in text for one in words(known)] == [True, True]
    assert "DEMO" in "".join(run("pdftotext", "-raw", path, "-").split())


def test_the_address_can_be_clicked_and_is_found_as_plain_bytes():
    known = facts()
    content = drawn(known)
    with pikepdf.open(BytesIO(content)) as opened:
        links = [str(one.A.URI) for one in opened.pages[0].Annots]

    assert links == [known.address]
    assert known.address.encode() in content


@pytest.mark.parametrize(
    "name",
    [
        "Ліцей",
        LONG,
        "Ж" * 300,
        "<b>bold</b> <img src='file:///etc/passwd'/> & &amp; %(date)s {{ 7 * 7 }}",
        "e\u0301cole de l'e\u0302tre",
    ],
)
@needs("pdftotext")
def test_any_name_stays_on_one_page_as_it_was_written(tmp_path: Path, name: str):
    path = tmp_path / "name.pdf"
    path.write_bytes(drawn(facts("uk", school_name=name)))

    text = "".join(run("pdftotext", path, "-").split())
    pages = run("pdfinfo", path)

    assert "".join(unicodedata.normalize("NFC", name).split()) in unicodedata.normalize("NFC", text)
    assert re.search(r"Pages:\s+1\n", pages)
    assert path.stat().st_size < 46_000


@pytest.mark.parametrize(
    "changes",
    [
        {"school_name": "School 🏫"},
        {"school_name": "학교"},
        {"school_name": "a\u202eb"},
        {"school_name": "a\x00b"},
        {"school_name": "x" * 2_000},
        {"school_name": "x" * 10_000},
        {"locality": "y " * 5_000},
        {"group_name": "a group " * 500},
        {"locality": "y" * 500},
    ],
)
def test_what_cannot_be_printed_is_refused_at_once(changes: dict[str, str]):
    began = time.perf_counter()

    with pytest.raises(Unprintable):
        drawn(facts("ro", **changes))

    assert time.perf_counter() - began < 1
