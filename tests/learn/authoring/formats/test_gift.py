"""GIFT: what real files hold is imported or reported; nothing is silently left out."""

import pytest

from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.formats.gift import read_gift, write_gift
from cissapp.learn.authoring.rules.drafts import DraftDefaults
from cissapp.learn.authoring.rules.import_report import ImportNote, LeftOutQuestion, UnreadableFile
from tests.learn.authoring.formats.samples import FILLING, options, question, scenario

FILE = r"""// A file as Moodle writes it
$CATEGORY: $course$/top/Reports

// question: 1  name: first
::Who may report::[html]<p>Who <b>may</b> report?</p>{
	~only teachers#No, others too.
	=anybody \= everyone#Yes\: anybody.
	~[plain]a < b
	####Everybody may report.
}

::Several::Which two are right?{
~%50%this
~%50%that
~%-50%neither \~ nor
}

::Weights::Which two are right?{
~%70%this
~%30%that
~%-100%not this
}

::True::A report may be made in writing.{T#It may.}

::False::Reports cost money.{FALSE#They are free.#Right, they are free.
####Reporting is free.}

::Pairs::Match them.{
 =Police -> 102
 =Ambulance -> 103
 = -> 999
}

::Short::Write the number.{=116 111 =%50%116 =*111*}

The adult who listens is {~the loudest =the calmest} of all.

::Number::How many?{#3}

::Decimals::How many?{#3.14:0.01}

::Range::How many?{#1..5}

::Essay::Tell us.{}

::Text::This is only an introduction.

::Open::No brace at the end {=a ~b

::Order::Put in order. {>3 ALL VERTICAL ABSOLUTE_POSITION SHOW none
one
two
three
}
::Two::First {T} and {F}

::Same::Match. {=a -> x =b -> x}

::Both::Choose. {=a =b ~c}

::Nothing to ask::All right. {~%50%a ~%50%b}
"""


def test_every_question_is_imported_or_reported_with_its_reason():
    report = read_gift(FILE, FILLING)

    assert [(one.id, one.key.kind.value) for one in report.imported] == [
        ("who-may-report", "single"),
        ("several", "multiple"),
        ("weights", "multiple"),
        ("true", "true_false"),
        ("false", "true_false"),
        ("pairs", "matching"),
        ("short", "short_text"),
        ("imported-8", "single"),
        ("number", "short_text"),
    ]
    numbers = "a number with decimals, a range or several answers: ours must be whole and exact"
    assert [(one.name, one.reason) for one in report.dropped] == [
        ("Decimals", numbers),
        ("Range", numbers),
        ("Essay", "an essay: people would have to mark it"),
        ("Text", "a description: it asks nothing"),
        ("Open", "a brace is missing: answers must be between { and }"),
        ("Order", "an ordering question: GIFT has no common form for it, but Moodle XML does"),
        ("Two", "has two groups of answers: put an empty line between two questions"),
        ("Same", "gives two of its lines the same match; ours need one for each"),
        ("Both", "allows one choice, but does not have exactly one fully right answer"),
        ("Nothing to ask", "every option is right, so the question asks nothing"),
    ]
    assert report.found == len(report.imported) + len(report.dropped) == 19


def test_what_an_imported_question_lost_is_noted():
    report = read_gift(FILE, FILLING)

    assert report.notes == (
        ImportNote("line 2", "", "not kept: the category $course$/top/Reports"),
        ImportNote("line 18", "Weights", "not kept: the weights of its answers"),
        ImportNote(
            "line 35",
            "Short",
            "not kept: answers that earn some of the points, answers with * as a wildcard",
        ),
        ImportNote("line 39", "Number", "not kept: its kind (a number is now a short text)"),
    )


def test_keys_and_texts_are_taken_whole():
    found = {one.id: one for one in read_gift(FILE, FILLING).imported}

    words = found["who-may-report"].texts["en"]
    assert words.model_dump(exclude_defaults=True) == {
        "text": "Who may report?",
        "fact": "Everybody may report.",
        "options": {
            "a": {"text": "only teachers", "why": "No, others too."},
            "b": {"text": "anybody = everyone", "why": "Yes: anybody."},
            "c": {"text": "a < b", "why": "TO WRITE: why this is not right."},
        },
    }
    assert found["who-may-report"].key.model_dump(mode="json", exclude_none=True) == {
        "id": "who-may-report",
        "topic": 3,
        "kind": "single",
        "difficulty": "medium",
        "lesson": "rights",
        "criteria": [],
        "rule_is_ours": False,
        "countries": [],
        "source": {
            "title": "TO WRITE: where this is said.",
            "url": "https://to-write.invalid/",
        },
        "options": ["a", "b", "c"],
        "key": ["b"],
    }
    assert [found[one].key.key for one in ("several", "weights", "true", "false")] == [
        ["a", "b"],
        ["a", "b"],
        ["a"],
        ["b"],
    ]
    assert found["several"].texts["en"].options["c"].text == "neither ~ nor"
    assert found["false"].texts["en"].options["a"].why == "They are free."
    assert found["imported-8"].texts["en"].text == "The adult who listens is _____ of all."
    pairs = found["pairs"]
    told = {
        pairs.texts["en"].options[one].text: pairs.texts["en"].matches[match]
        for one, match in pairs.key.pairs.items()
    }
    assert told == {"Police": "102", "Ambulance": "103"}
    assert set(pairs.texts["en"].matches.values()) == {"102", "103", "999"}
    assert found["short"].key.accepted == {"en": ["116 111"]}
    assert found["number"].key.accepted == {"any": ["3"]}


def test_words_of_truth_are_in_the_language_and_english_forms_are_to_be_written():
    filling = DraftDefaults(1, "rights", "ro")

    truth, short = read_gift("::a::Da?{T}\n\n::b::Cum?{=bine}", filling).imported

    assert [one.text for one in truth.texts["ro"].options.values()] == ["Adevărat", "Fals"]
    assert short.key.accepted == {"ro": ["bine"], "en": ["TO WRITE: the forms in English."]}


def test_an_option_that_earns_nothing_is_wrong_and_that_ours_takes_points_off_is_noted():
    report = read_gift("::a::Which two?{~%50%this ~%50%that ~neither}", FILLING)

    assert [one.key.key for one in report.imported] == [["a", "b"]]
    assert report.notes == (ImportNote("line 1", "a", "not kept: the weights of its answers"),)


def test_ids_are_new_and_never_given_twice():
    filling = DraftDefaults(1, "rights", used_ids=frozenset({"a"}))

    report = read_gift("::A::Yes?{T}\n\n::a::No?{F}\n\n::Питання::Так?{T}", filling)

    assert [one.id for one in report.imported] == ["a-2", "a-3", "imported-3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This is not a GIFT file"),
        ("Dear colleagues,\n\nsee you on Monday.", "This is not a GIFT file"),
        ('{"questions": [1, 2, 3]}', "This is not a GIFT file"),
        ("%PDF-1.7\n\0\0 1 0 obj {", "This is not a GIFT file"),
        ("<?xml version='1.0'?><quiz/>", "This is an XML file, not GIFT"),
        ("::a::b{T}\n\n" + "x" * 2_000_000, "The file is larger than 2 MB."),
    ],
)
def test_what_is_no_gift_at_all_gets_one_clear_sentence(text: str, message: str):
    with pytest.raises(UnreadableFile, match="^" + message.replace(".", r"\.")) as refused:
        read_gift(text, FILLING)

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "::a::[html]<script>alert(1)</script>Who?<img src=x onerror=alert(1)>{=me ~you}",
        "::a::Who?{=<a href\\=javascript\\:alert(1)>me</a> ~&lt;script&gt;}",
        "::a::[plain]Who? <script>alert(1)</script>{=<!-- me --> ~</p>you}",
        "::a::[html]&lt;script&gt;Who?&lt;/script&gt;{=me ~you}",
    ],
)
def test_no_html_is_kept(text: str):
    (found,) = read_gift(text, FILLING).imported

    assert "<" not in found.texts["en"].model_dump_json()


@pytest.mark.parametrize(
    "piece", ["::", "::a::b{=", "{~", "\\", "#", "[html]<", "<!--", "&", "{=a->", " ", "{#", "~%1%"]
)
def test_a_hostile_file_takes_no_long_time(piece: str):
    text = "::a::Who?{T}\n\n" + (piece * 40_000)[:1_900_000] + "\n" + f"\n{piece}x{{" * 20_000

    report = read_gift(text, FILLING)

    assert report.imported[0].id == "a"


def test_marks_that_nobody_sees_are_dropped():
    (found,) = read_gift(
        "::a::Who\u202e\x07\u2066 is it?{=me\x00~you}".replace("\x00", ""), FILLING
    ).imported

    assert found.texts["en"].text == "Who is it?"


def test_what_gift_cannot_carry_is_named():
    order = question(
        QuestionKind.ORDERING,
        {"options": options("One", "Two", "Three")},
        "order",
        options=["b", "a", "c"],
        key=["a", "b", "c"],
    )
    arrow = question(QuestionKind.SHORT_TEXT, {}, "arrow", accepted={"en": ["a->b"]})

    text, dropped = write_gift([scenario(), order, arrow], "en")

    assert text == ""
    assert dropped == (
        LeftOutQuestion("question 1", "story", "a scenario: the format has no questions in steps"),
        LeftOutQuestion(
            "question 2", "order", "an ordering question: the format has none, but Moodle XML does"
        ),
        LeftOutQuestion(
            "question 3", "arrow", "an accepted answer contains ->, which means a pair in GIFT"
        ),
    )


def test_a_question_without_a_text_in_the_language_is_not_written_in_another():
    one = question(QuestionKind.SHORT_TEXT, {}, accepted={"any": ["3"]})

    assert write_gift([one], "ro") == (
        "",
        (LeftOutQuestion("question 1", "one", "has no text in the language ro"),),
    )


def test_a_file_is_written_as_moodle_reads_it():
    several = question(
        QuestionKind.MULTIPLE,
        {"options": options("50% = half", "%50%", "c")},
        "several",
        options=["a", "b", "c"],
        key=["a", "b"],
    )
    truth = question(
        QuestionKind.TRUE_FALSE,
        {"options": options("True", "False")},
        "truth",
        options=["a", "b"],
        key=["b"],
    )

    assert write_gift([several, truth], "en")[0] == (
        "::several::[plain]What?{\n"
        "~%50%50% \\= half#Why a.\n"
        "~%50%[plain]%50%#Why b.\n"
        "~%-50%c#Why c.\n"
        "####So it is.\n"
        "}\n"
        "\n"
        "::truth::[plain]What?{\n"
        "FALSE#Why a.#Why b.\n"
        "####So it is.\n"
        "}\n"
    )
