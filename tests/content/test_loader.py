"""The loader: the shipped content is whole; every fault of a broken one is named at once."""

import shutil
from pathlib import Path

import pytest
import yaml

from cissapp.content.loader import load, word_count
from cissapp.content.reader import BrokenContent
from config import ROOT

MODULES = ROOT / "modules"
BANNED = ("child pornography", "child porn", "revenge porn", "safe internet")
ABOUT_WORDS = {"words-matter", "talking-with-pupils"}  # they show what not to say


@pytest.fixture(scope="module")
def shipped():
    return load(MODULES)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(MODULES, tmp_path / "modules")
    return tmp_path / "modules"


def test_the_shipped_content_is_whole(shipped):
    assert [len(module.lessons) for module in shipped.modules] == [6, 6, 6, 6, 6]
    assert [len(module.questions) for module in shipped.modules] == [20, 20, 20, 20, 20]
    assert len(shipped.standard.criteria) == 44
    assert sum(criterion.critical for criterion in shipped.standard.criteria) == 21
    assert {code: len(country.regions) for code, country in shipped.countries.items()} == {
        "BY": 7,
        "MD": 37,
        "UA": 27,
    }


def test_a_lesson_has_400_to_800_words(shipped):
    counts = [
        word_count(lesson.text("en")) for module in shipped.modules for lesson in module.lessons
    ]

    assert min(counts) >= 400
    assert max(counts) <= 800


def test_every_topic_has_two_forms_and_every_option_a_reason(shipped):
    for module in shipped.modules:
        topics = [question.key.topic for question in module.questions]
        assert sorted(set(topics)) == list(range(1, 11))
        assert all(topics.count(topic) >= 2 for topic in topics)
        for question in module.questions:
            assert all(option.why for option in question.text("en").options.values())


def test_the_right_option_does_not_give_itself_away_by_its_length(shipped):
    longest = [
        max(options, key=lambda one: len(options[one].text)) in question.key.key
        for module in shipped.modules
        for question in module.questions
        if len(question.key.key) == 1 and len(options := question.text("en").options) == 4
    ]

    # A quarter by chance; a reader who always takes the longest must not pass.
    assert sum(longest) / len(longest) < 0.5


def test_the_right_option_stands_at_every_place(shipped):
    places = [
        question.key.options.index(question.key.key[0])
        for module in shipped.modules
        for question in module.questions
        if len(question.key.key) == 1 and len(question.key.options) == 4
    ]

    assert all(places.count(place) > len(places) * 0.15 for place in range(4))


def test_what_is_to_be_confirmed_is_never_shown(shipped):
    shown = [line for country in shipped.countries.values() for line in country.helplines]

    assert all(line.state == "checked" and line.source and line.checked_on for line in shown)
    assert all(country.helplines for country in shipped.countries.values())


def test_the_words_of_the_terminology_are_kept(shipped):
    found = [
        (lesson.id, word)
        for module in shipped.modules
        for lesson in module.lessons
        for word in BANNED
        if word in lesson.text("en").model_dump_json().casefold() and lesson.id not in ABOUT_WORDS
    ]

    assert found == []


def test_every_fault_is_reported_at_once_with_file_and_key(copy: Path):
    module = copy / "1-children-online"
    questions = yaml.safe_load((module / "questions.yaml").read_text())
    questions[0]["key"] = ["z"]
    questions[1]["surprise"] = 1
    (module / "questions.yaml").write_text(yaml.safe_dump(questions))
    (module / "en" / "rights.md").unlink()
    (module / "en" / "stray.md").write_text("---\n---\n")
    (copy / "countries" / "BY.yaml").write_text("code: [")
    (copy / "standard" / "en" / "certificate.yaml").unlink()

    with pytest.raises(BrokenContent) as broken:
        load(copy)

    named = {(fault.file, fault.key) for fault in broken.value.faults}
    assert {
        ("1-children-online/questions.yaml", "0"),
        ("1-children-online/questions.yaml", "1.surprise"),
        ("1-children-online/en/rights.md", ""),
        ("1-children-online/en/stray.md", ""),
        ("countries/BY.yaml", ""),
        ("standard/en/certificate.yaml", ""),
    } <= named


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("Text with <script>alert(1)</script>.", "raw HTML is not allowed"),
        ("word " * 900, "words; a lesson has 400-800"),
    ],
)
def test_a_lesson_is_plain_and_of_the_right_length(copy: Path, body: str, message: str):
    path = copy / "1-children-online" / "en" / "rights.md"
    front = path.read_text().split("\n---\n", 1)[0]
    path.write_text(f"{front}\n---\n{body}")

    with pytest.raises(BrokenContent) as broken:
        load(copy)

    messages = [f.message for f in broken.value.faults if f.file.endswith("rights.md")]
    assert any(message in one for one in messages)
