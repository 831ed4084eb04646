"""Translations: what is half, broken, foreign or old is named, and English stands in for that piece alone."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.languages import programme_languages
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.translations import (
    TextState,
    TranslationRecord,
    Translations,
    digests_of,
    problems_of,
    strings_of,
)
from tests.shipped import FOLDER, copied
from tests.shipped import LESSON as CHOSEN

MODULE = FOLDER
LESSON = f"{MODULE}/{CHOSEN.id}.md"
PLAN = f"{MODULE}/module.yaml"
ENGLISH_PLAN = {
    "title": "Children online",
    "summary": "What pupils do online, and why they do it.",
    "notice": "You may stop at any time.",
    "outcomes": ["describe what pupils do online"],
}
FRENCH_PLAN = {
    "title": "Les enfants en ligne",
    "summary": "Ce que font les élèves en ligne, et pourquoi ils le font.",
    "notice": "Vous pouvez vous arrêter à tout moment.",
    "outcomes": ["décrire ce que font les élèves en ligne"],
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy with two more languages, and a short plan of its first module."""
    root = copied(tmp_path / "modules")
    with (root / "languages.yaml").open("a") as file:
        file.write("- {code: fr, name: Français}\n")
        file.write("- {code: ar, name: العربية, direction: rtl, alphabet: arabic}\n")
    written(root / MODULE / "en" / "module.yaml", ENGLISH_PLAN)
    return root


def written(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


def noted(root: Path, records: dict) -> None:
    (root / "translations").mkdir(exist_ok=True)
    (root / "translations" / "fr.json").write_text(json.dumps(records))


def module_of(root: Path):
    return load(root).modules[0]


def notes(root: Path) -> list[str]:
    return [str(one) for one in load(root).noted if "/fr/" in str(one) or "/ar/" in str(one)]


def test_a_language_is_added_by_a_line_and_a_folder(copy: Path):
    written(copy / MODULE / "fr" / "module.yaml", FRENCH_PLAN)

    content = load(copy)
    assert content.languages["ar"].direction == "rtl"
    assert module_of(copy).text("fr").title == "Les enfants en ligne"
    assert module_of(copy).text("ar").title == "Children online"
    assert notes(copy) == []


def test_a_pack_may_speak_a_language_that_was_added(copy: Path):
    path = copy / "countries" / "MD.yaml"
    written(path, {**yaml.safe_load(path.read_text(encoding="utf-8")), "languages": ["fr"]})

    assert load(copy).countries["MD"].file.languages == ["fr"]


@pytest.mark.parametrize(
    ("language", "change", "message"),
    [
        ("fr", {"summary": None}, "summary: Input should be a valid string"),
        (
            "fr",
            {"title": "Les enfants %(name)s"},
            "title: has the placeholders %(name)s, but the English",
        ),
        ("fr", {"summary": ENGLISH_PLAN["summary"]}, "summary: is the same as the English text"),
        ("fr", {"outcomes": ["un", "deux"]}, "outcomes.1: is not in the English text"),
        ("ar", {}, "summary: is not in the arabic alphabet"),
        ("fr", {"surprise": "oui"}, "surprise: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_is_named_and_english_stands_in(copy: Path, language, change, message):
    written(copy / MODULE / language / "module.yaml", {**FRENCH_PLAN, **change})

    assert module_of(copy).text(language).title == "Children online"
    assert any(f"{MODULE}/{language}/module.yaml: {message}" in one for one in notes(copy))


def test_a_broken_question_falls_back_alone(copy: Path):
    path = copy / MODULE / "en" / "questions.yaml"
    first, second, *_ = questions = yaml.safe_load(path.read_text(encoding="utf-8"))
    translated = {
        first: {"text": "Quoi ?"},
        second: turned(questions[second]),
        "not-known": {"text": "?"},
    }
    written(copy / MODULE / "fr" / "questions.yaml", translated)

    by_id = module_of(copy).by_question_id
    assert "fr" not in by_id[first].texts
    assert by_id[second].text("fr").text == turned(questions[second])["text"]
    assert len(notes(copy)) >= 2
    assert f"{MODULE}/fr/questions.yaml: not-known: is not in the file without texts" in "\n".join(
        notes(copy)
    )


def turned(value):
    """Another text for every text, with the same keys."""
    if isinstance(value, dict):
        return {key: turned(one) for key, one in value.items()}
    return [turned(one) for one in value] if isinstance(value, list) else f"fr {value}"


def test_a_file_that_cannot_be_read_leaves_the_rest(copy: Path):
    written(copy / MODULE / "fr" / "module.yaml", FRENCH_PLAN)
    (copy / MODULE / "fr" / "questions.yaml").write_text("a: [", encoding="utf-8")
    (copy / MODULE / "fr" / f"{CHOSEN.id}.md").write_bytes(b"---\ntitle: \xff\n---\n")

    assert module_of(copy).text("fr").title == "Les enfants en ligne"
    assert module_of(copy).lesson(CHOSEN.id).language("fr") == "en"
    assert len(notes(copy)) == 2


def test_a_change_of_the_english_makes_a_translation_stale(copy: Path):
    written(copy / MODULE / "fr" / "module.yaml", FRENCH_PLAN)
    assert load(copy).translations.state(PLAN, "fr") is TextState.STALE

    made_from = digests_of(strings_of(ENGLISH_PLAN))
    noted(copy, {PLAN: {"of": made_from}})
    assert load(copy).translations.state(PLAN, "fr") is TextState.DRAFT

    read = {"of": made_from, "read_by": "Anne Durand", "read_on": "2026-12-01"}
    noted(copy, {PLAN: read, "gone.md": read})
    content = load(copy)
    assert content.translations.state(PLAN, "fr") is TextState.READ
    assert content.translations.state(LESSON, "fr") is TextState.MISSING
    assert content.translations.state(PLAN, "en") is TextState.ORIGINAL
    assert [str(one) for one in content.noted if one.key == "gone.md"] == [
        "translations/fr.json: gone.md: is no longer a text of the programme"
    ]

    written(copy / MODULE / "en" / "module.yaml", {**ENGLISH_PLAN, "title": "Pupils online"})
    translations = load(copy).translations
    assert translations.state(PLAN, "fr") is TextState.STALE
    assert translations.changed(PLAN, "fr") == {"title"}
    assert module_of(copy).text("fr").title == "Les enfants en ligne"


TEXTS = st.dictionaries(st.text("abc", min_size=1), st.text("абв ", min_size=1), max_size=5)


@given(TEXTS)
def test_a_digest_knows_every_word_and_no_order(texts):
    strings = strings_of(texts)
    other = digests_of({key: f"{one}г" for key, one in strings.items()})

    assert digests_of(strings) == digests_of(dict(reversed(strings.items())))
    assert not other.items() & digests_of(strings).items()


@given(TEXTS, TEXTS)
def test_a_whole_translation_has_no_problem_and_a_half_one_has(english, own):
    missing = strings_of(english).keys() ^ strings_of(own).keys()
    found = {key for key, _ in problems_of(strings_of(english), strings_of(own), "cyrillic")}

    assert missing <= found


def test_a_language_has_as_many_signs_of_an_element_as_it_needs():
    english = strings_of({"name": "All staff", "signs": ["all staff", "visitor"]})
    own = strings_of({"name": "Все сотрудники", "signs": ["сотрудник", "работник", "посетител"]})

    assert list(problems_of(english, own, "cyrillic")) == []
    assert own["signs"] == "сотрудник, работник, посетител"
    assert ("signs", "is missing") in problems_of(english, {"name": own["name"]}, "cyrillic")


def test_a_record_names_reader_and_day_together():
    with pytest.raises(ValueError, match="must be given together"):
        TranslationRecord.model_validate({"of": {}, "read_by": "Anne"})


def test_what_nobody_knows_is_missing():
    assert Translations().state("nothing.md", "uk") is TextState.MISSING


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "uk",
            "Вінницька, Волинська, Ґданськ, Дніпропетровська, Євпаторія, Житомирська, Івано-Франківська, Їжакевичі, Йосипівка, Київська",
        ),
        (
            "ro",
            "Anenii Noi, Ărbore, Âncești, Bălți, Iași, Îndepărtata, Soroca, Șoldănești, Telenești, Țaul, Ungheni",
        ),
        ("be", "Брэсцкая, Віцебская, Гомельская, Магілёўская, Мінская, Узда, Ўся"),
        ("en", "School 2, School 10, school “Apple”"),
    ],
)
def test_names_are_sorted_as_the_language_does(language: str, names: str):
    wanted = names.split(", ")

    assert sorted(sorted(wanted), key=programme_languages()[language].sort_key) == wanted
