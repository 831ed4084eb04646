"""No text of the programme relies on a number that its reader's country does not print."""

import shutil
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

MODULES = ROOT / "modules"
CATALOGUES = ROOT / "cissapp" / "translations"
LESSON = "modules/4-reporting-and-response/en/channels-and-people.md"


@pytest.fixture(scope="module")
def shipped():
    return load(MODULES)


@pytest.fixture(scope="module")
def finder(shipped):
    return MentionFinder(ContentReader(MODULES).read(MODULES / PHRASES, PhraseFile), shipped)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(MODULES, tmp_path / "modules")
    return tmp_path / "modules"


def faults(root: Path) -> list[str]:
    return [str(fault) for fault in promise_faults(load(root), root)]


def add_to_lesson(root: Path, sentence: str) -> None:
    path = root.parent / LESSON
    path.write_text(path.read_text() + f"\n{sentence}\n")


def test_the_shipped_texts_rely_on_nothing_that_is_missing():
    assert faults(MODULES) == []


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("Then call 116 111.", "names “116 111”, which is no checked number of BY"),
        ("Dial 102 at once.", "names “102”, which is no checked number of MD"),
        ("In danger call 112.", "names “112”, which is no checked number of BY, UA"),
        ("The old line was 0 800 111 222.", "names “0 800 111 222”, which is no checked number"),
    ],
)
def test_digits_that_a_country_does_not_print_are_named_with_file_and_key(copy, sentence, problem):
    add_to_lesson(copy, sentence)

    found = faults(copy)

    assert len(found) == 1
    assert found[0].startswith(f"{LESSON.removeprefix('modules/')}: body: {problem}")


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
    assert all("but UA prints no checked" in one and "police" in one for one in found)
    done = CliRunner().invoke(command, ["check", str(copy)])
    assert done.exit_code == 1
    assert found[0] in done.output


def test_in_the_text_of_a_country_only_its_own_numbers_stand(finder, shipped):
    moldova = readers(shipped, ["MD"])

    assert finder.problems("Call 112 or 116 111.", "en", moldova) == []
    assert finder.problems("Call 102, or 8-801-100-16-11.", "en", moldova) == [
        "names “102”, which is no checked number of MD",
        "names “8-801-100-16-11”, which is no checked number of MD",
    ]


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
