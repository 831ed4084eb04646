"""The loader: the shipped content is whole; every fault of a broken one is named at once."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.lessons import word_count
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.schema import QuestionKind
from config import ROOT
from tests.shipped import FOLDER, LESSON, SHIPPED, copied

MODULES = ROOT / "modules"
BANNED = ("child pornography", "child porn", "revenge porn", "safe internet")
RISKS = SHIPPED.modules[1]
SECOND = f"{RISKS.number}-{RISKS.id}"
TOPICS = len(
    {
        one.topic
        for one in (each.key for each in RISKS.questions_for(None))
        if one.kind != "scenario"
    }
)
ABOUT_WORDS = {"words-matter", "talking-with-pupils"}  # they show what not to say


@pytest.fixture(scope="module")
def shipped():
    return load(MODULES)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path / "modules")


def test_the_shipped_content_is_whole(shipped):
    assert [len(module.lessons) for module in shipped.modules] == [6, 7, 6, 6, 7]
    assert all(45 <= len(module.questions_for(None)) <= 55 for module in shipped.modules)
    assert len(shipped.standard.criteria) == 44
    assert sum(criterion.critical for criterion in shipped.standard.criteria) == 25
    assert {
        code: (len(country.top()), len(country.regions))
        for code, country in shipped.countries.items()
    } == {"BY": (7, 125), "MD": (37, 37), "UA": (27, 163)}


def test_a_lesson_has_400_to_800_words(shipped):
    counts = [
        word_count(lesson.text("en")) for module in shipped.modules for lesson in module.lessons
    ]

    assert min(counts) >= 400
    assert max(counts) <= 800


def options_of(question):
    """Every option of a question with its words, those of the steps of a scenario included."""
    text = question.text("en")
    steps = [one for step in text.steps.values() for one in step.options.values()]
    return [*text.options.values(), *steps]


def test_every_topic_has_three_forms_for_everybody_and_every_option_a_reason(shipped):
    for module in shipped.modules:
        topics = [question.key.topic for question in module.questions_for(None)]
        assert {topics.count(topic) for topic in topics} <= {3, 4}, module.id
        assert len(set(topics)) >= 15
        for question in module.questions:
            assert all(option.why for option in options_of(question))


def test_every_module_asks_in_many_ways_and_has_four_scenarios(shipped):
    seldom = {QuestionKind.TRUE_FALSE, QuestionKind.SHORT_TEXT}
    for module in shipped.modules:
        kinds = Counter(question.key.kind for question in module.questions_for(None))
        assert set(kinds) >= set(QuestionKind) - seldom, module.id
        assert kinds[QuestionKind.SCENARIO] >= 4


def test_what_is_still_open_is_not_asked(shipped):
    asked = [one for module in shipped.modules for one in module.questions_for("MD")]

    assert [one.id for one in asked if one.key.confirm] == []
    assert [one.id for one in asked if "UA" in one.key.countries] == []
    assert [one.id for one in asked if "MD" in one.key.countries] != []


def test_the_title_of_a_source_is_nothing_but_a_title(shipped):
    """It is shown as it was published, in no language of the page: a remark in it would stay English."""
    sources = [
        *(one.key.source for module in shipped.modules for one in module.questions),
        *(one for m in shipped.modules for each in m.lessons for one in each.text("en").sources),
    ]

    assert len(sources) > 300
    assert [one.title for one in sources if "this programme" in one.title] == []


def test_every_lesson_has_a_specimen_and_most_have_a_picture(shipped):
    for module in shipped.modules:
        texts = [lesson.text("en") for lesson in module.lessons]
        assert all(text.product.specimen for text in texts), module.id
        assert sum(text.picture is not None for text in texts) >= 4, module.id


def test_no_criterion_is_an_orphan(shipped):
    taught = {one for m in shipped.modules for lesson in m.lessons for one in lesson.plan.criteria}
    asked = Counter(
        one for m in shipped.modules for question in m.questions for one in question.key.criteria
    )
    ids = {criterion.id for criterion in shipped.standard.criteria}

    assert ids - taught == set()
    assert {one for one in ids if asked[one] < 3} == set()


def singles(shipped):
    """The questions with one right option of four."""
    return [
        question
        for module in shipped.modules
        for question in module.questions
        if question.key.kind is QuestionKind.SINGLE and len(question.key.options) == 4
    ]


def test_the_right_option_does_not_give_itself_away_by_its_length(shipped):
    longest = [
        max(options, key=lambda one: len(options[one].text)) in question.key.key
        for question in singles(shipped)
        for options in [question.text("en").options]
    ]

    # A quarter by chance; a reader who always takes the longest must not pass.
    assert sum(longest) / len(longest) < 0.5


def test_the_right_option_stands_at_every_place(shipped):
    places = [question.key.options.index(question.key.key[0]) for question in singles(shipped)]

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


def change(path: Path, *keys: str, becomes: object = None) -> None:
    """Give the value at these keys of a file another one, or take it out."""
    whole = inner = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key in keys[:-1]:
        inner = inner[key]
    assert keys[-1] in inner
    if becomes is None:
        del inner[keys[-1]]
    else:
        inner[keys[-1]] = becomes
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")


def test_words_of_the_standard_that_cannot_be_read_are_a_fault_among_others(copy: Path):
    change(copy / "standard" / "en" / "rubric.yaml", "criteria", "A1", "title")
    change(copy / "countries" / "UA.yaml", "code", becomes="XX")

    with pytest.raises(BrokenContent) as broken:
        load(copy)

    files = {fault.file for fault in broken.value.faults}
    assert {"standard/en/rubric.yaml", "countries/UA.yaml"} <= files


def test_a_country_that_says_nothing_has_the_span_of_the_programme(copy: Path):
    change(copy / "countries" / "UA.yaml", "validity_months")
    change(copy / "countries" / "MD.yaml", "validity_months", becomes=36)

    content = load(copy)

    spans = [content.certificate_terms(code).validity_months for code in ("UA", "MD")]
    assert spans == [content.standard.decision.validity.months, 36]
    assert spans[0] != 36


def test_every_fault_is_reported_at_once_with_file_and_key(copy: Path):
    module = copy / FOLDER
    questions = yaml.safe_load((module / "questions.yaml").read_text())
    questions[0]["key"] = ["z"]
    questions[1]["surprise"] = 1
    (module / "questions.yaml").write_text(yaml.safe_dump(questions))
    (module / "en" / f"{LESSON.id}.md").unlink()
    (module / "en" / "stray.md").write_text("---\n---\n")
    (copy / "countries" / "BY.yaml").write_text("code: [")
    change(copy / "countries" / "UA.yaml", "validity_months", becomes=37)
    change(copy / SECOND / "module.yaml", "quiz", "pass_percent", becomes=79)
    (copy / "standard" / "en" / "certificate.yaml").unlink()

    with pytest.raises(BrokenContent) as broken:
        load(copy)

    named = {(fault.file, fault.key) for fault in broken.value.faults}
    assert {
        (f"{FOLDER}/questions.yaml", "0"),
        (f"{FOLDER}/questions.yaml", "1.surprise"),
        (f"{FOLDER}/en/{LESSON.id}.md", ""),
        (f"{FOLDER}/en/stray.md", ""),
        ("countries/BY.yaml", ""),
        ("countries/UA.yaml", "validity_months"),
        (f"{SECOND}/module.yaml", "quiz.pass_percent"),
        ("standard/en/certificate.yaml", ""),
    } <= named


def broken_pool(copy: Path, change) -> list[str]:
    """The faults of module 2 after a change of its questions, of its texts and of its plan."""
    module = copy / SECOND
    files = [module / "questions.yaml", module / "en" / "questions.yaml", module / "module.yaml"]
    values = [yaml.safe_load(path.read_text()) for path in files]
    change(*values)
    for path, value in zip(files, values, strict=True):
        path.write_text(yaml.safe_dump(value, sort_keys=False))
    with pytest.raises(BrokenContent) as broken:
        load(copy)
    return [f"{fault.key}: {fault.message}" for fault in broken.value.faults]


def the(questions, kind):
    return next(one for one in questions if one["kind"] == kind)


def no_end(questions, _texts, _plan):
    steps = the(questions, "scenario")["steps"]
    first, *_, last = steps
    steps[last]["a"]["next"] = first


def unreached(questions, _texts, _plan):
    steps = the(questions, "scenario")["steps"]
    steps["nowhere"] = {"a": {"points": 1}, "b": {"points": 0}}


def matched_twice(questions, _texts, _plan):
    pairs = the(questions, "matching")["pairs"]
    pairs[next(iter(pairs))] = list(pairs.values())[-1]


def not_all_in_order(questions, _texts, _plan):
    the(questions, "ordering")["key"].pop()


def asked_to_write(questions, texts, accepted):
    """Add a question whose answer is written: no module has to have one."""
    kept = ("topic", "difficulty", "lesson", "source")
    one = {key: questions[0][key] for key in kept}
    questions.append({**one, "id": "written", "kind": "short_text", "accepted": accepted})
    texts["written"] = {"text": "Which word?", "fact": "This word."}


def no_accepted_form(questions, texts, _plan):
    asked_to_write(questions, texts, {"uk": ["слово"]})


def accepted_in_no_language(questions, texts, _plan):
    asked_to_write(questions, texts, {"en": ["word"], "xx": ["mot"]})


def step_without_words(questions, texts, _plan):
    one = the(questions, "scenario")
    texts[one["id"]]["steps"].pop(next(iter(one["steps"])))


def drawn_too_often(_questions, _texts, plan):
    plan["quiz"]["blueprint"][1]["draw"] = 40


def checks_too_much(questions, _texts, plan):
    # A topic whose questions all ask for a step of a scale is in no short test.
    others = {one["topic"] for one in questions if one["kind"] not in ("single", "multiple")}
    topic = next(one["topic"] for one in questions if one["topic"] not in others)
    for one in questions:
        if one["topic"] == topic:
            one["scale"] = True
    plan["quiz"]["check"] = [{"draw": TOPICS}]


def reread_too_high(_questions, _texts, plan):
    plan["lessons"][0]["reread_from"] = 9


def retest_too_high(_questions, _texts, plan):
    plan["retest_from"] = 9


def two_scenarios(questions, texts, _plan):
    for one in [one for one in questions if one["kind"] == "scenario"][2:]:
        questions.remove(one)
        texts.pop(one["id"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (no_end, "must lead to a later step"),
        (unreached, "no decision leads to these steps: nowhere"),
        (matched_twice, "gives two options the same match"),
        (not_all_in_order, "must list each of 'options' once"),
        (no_accepted_form, "needs an answer in 'any' or in 'en'"),
        (accepted_in_no_language, "lists xx, which is not a language of the programme"),
        (step_without_words, "is missing"),
        (
            drawn_too_often,
            f"draws 40 after 1 others without repeating a topic, but there are only {TOPICS} topics",
        ),
        (checks_too_much, f"draws {TOPICS} after 0 others without repeating a topic"),
        (reread_too_high, "'reread_from' is higher than 'version'"),
        (retest_too_high, "'retest_from' is higher than 'version'"),
        (two_scenarios, "has 2 scenarios; a pool needs at least three"),
    ],
)
def test_a_faulty_question_or_plan_is_named(copy: Path, change, message):
    assert [one for one in broken_pool(copy, change) if message in one] != []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("Text with <script>alert(1)</script>.", "raw HTML is not allowed"),
        ("word " * 900, "words; a lesson must have 400 to 800"),
    ],
)
def test_a_lesson_is_plain_and_of_the_right_length(copy: Path, body: str, message: str):
    path = copy / FOLDER / "en" / f"{LESSON.id}.md"
    front = path.read_text().split("\n---\n", 1)[0]
    path.write_text(f"{front}\n---\n{body}")

    with pytest.raises(BrokenContent) as broken:
        load(copy)

    messages = [f.message for f in broken.value.faults if f.file.endswith(path.name)]
    assert any(message in one for one in messages)
