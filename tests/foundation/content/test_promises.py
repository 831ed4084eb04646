"""No text of the programme relies on a number that its reader's country does not print."""

from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po
from click.testing import CliRunner

from cissapp.foundation.content.commands import content as command
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.mentions import MentionFinder
from cissapp.foundation.content.promises import PHRASES, promise_faults, readers
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.schema.phrases import PhraseFile
from config import ROOT
from tests.shipped import FOLDER, SHIPPED, copied
from tests.shipped import LESSON as CHOSEN

MODULES = ROOT / "modules"
CATALOGUES = ROOT / "cissapp" / "translations"
LESSON = f"{FOLDER}/en/{CHOSEN.id}.md"


@pytest.fixture(scope="module")
def shipped():
    return load(MODULES)


@pytest.fixture(scope="module")
def finder(shipped):
    return MentionFinder(ContentReader(MODULES).read(MODULES / PHRASES, PhraseFile), shipped)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path / "modules")


def faults(root: Path) -> list[str]:
    return [str(fault) for fault in promise_faults(load(root), root)]


def add_to_lesson(root: Path, sentence: str) -> None:
    path = root / LESSON
    path.write_text(path.read_text() + f"\n{sentence}\n")


def test_the_shipped_texts_rely_on_nothing_that_is_missing():
    assert faults(MODULES) == []


def unprinted() -> dict[str, str]:
    """Numbers, as they are printed, each with the countries that do not print it; the last one no country prints."""
    printed = {
        code: {one for line in pack.helplines for one in line.numbers}
        for code, pack in SHIPPED.countries.items()
    }
    numbers = sorted({*set().union(*printed.values()), "0 800 111 222"})
    lacking = {
        number: ", ".join(code for code, own in sorted(printed.items()) if number not in own)
        for number in numbers
    }
    return {number: codes for number, codes in lacking.items() if codes}


@pytest.mark.parametrize(("codes", "number"), {v: k for k, v in unprinted().items()}.items())
def test_digits_that_a_country_does_not_print_are_named_with_file_and_key(copy, codes, number):
    add_to_lesson(copy, f"Then call {number}.")

    found = faults(copy)

    problem = f"mentions “{number}”, which is not a checked number of {codes}"
    assert found == [f"{LESSON}: body: {problem}"]


def test_a_phrase_is_refused_as_soon_as_one_country_prints_no_such_number(copy):
    path = copy / "countries" / "UA.yaml"
    head, police, rest = path.read_text().partition("  - id: police\n")
    path.write_text(head + police + rest.replace("state: checked", "state: confirm", 1))
    words = copy / "countries" / "en" / "UA.yaml"
    texts = yaml.safe_load(words.read_text(encoding="utf-8"))
    texts["helplines"]["police"]["confirm"] = "To be found out."
    words.write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")

    found = faults(copy)

    assert found
    assert all("but UA has no checked" in one and "police" in one for one in found)
    done = CliRunner().invoke(command, ["check", str(copy)])
    assert done.exit_code == 1
    assert found[0] in done.output


def test_in_the_text_of_a_country_only_its_own_numbers_stand(finder, shipped):
    for code, pack in shipped.countries.items():
        own = [one for line in pack.helplines for one in line.numbers]
        foreign = [one for one, codes in unprinted().items() if code in codes]
        said = [f"Call {', or '.join(numbers)}." for numbers in (own, foreign)]

        assert own
        assert finder.problems(said[0], "en", readers(shipped, [code])) == []
        assert sorted(finder.problems(said[1], "en", readers(shipped, [code]))) == sorted(
            f"mentions “{one}”, which is not a checked number of {code}" for one in foreign
        )


@pytest.mark.parametrize(
    "text",
    [
        "Law 112/2024 and article 102.5 of 2017-2020",
        "In 2024 there were 1,123 reports and 3-5 of 10 schools.",
        "Call the police now; the hotline takes the address only.",
        "Call the emergency number at once.",
    ],
)
def test_what_is_no_number_to_dial_is_left_alone(finder, shipped, text):
    assert list(finder.mentions(text, "en")) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The police number on top of the page"),
        ("ro", "Numerele din partea de sus a fiecărei pagini"),
        ("uk", "Номери вашої країни стоять угорі кожної сторінки"),
        ("ru", "Номера вашей страны стоят вверху страницы"),
        ("be", "Нумары вашай краіны стаяць уверсе старонкі"),
    ],
)
def test_phrases_are_found_in_each_language(finder, language, text):
    kinds = {kind for mention in finder.mentions(text, language) for kind in mention.kinds}

    assert "police" in kinds


@pytest.mark.parametrize("language", ["en", "uk", "ru", "ro", "be"])
def test_no_page_and_no_letter_relies_on_a_number_that_is_missing(finder, shipped, language):
    """Pages and letters are sentences of the catalogues: each is read by people of every country."""
    name = "uk" if language == "en" else language
    with (CATALOGUES / name / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    said = []
    for message in catalogue:
        given = message.id if language == "en" else message.string
        said += given if isinstance(given, tuple | list) else [given]

    wrong = [(one, finder.problems(one, language, readers(shipped, []))) for one in said if one]

    assert [(one, problems) for one, problems in wrong if problems] == []
