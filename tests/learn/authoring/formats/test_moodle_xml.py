"""Moodle XML: what real files hold is imported or reported, and a stranger's file does no harm."""

import pytest

from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.formats.moodle_xml import read_moodle_xml, write_moodle_xml
from cissapp.learn.authoring.rules.import_report import ImportNote, LeftOutQuestion, UnreadableFile
from tests.learn.authoring.formats.samples import FILLING, options, question, scenario


def asked(kind: str, inside: str, name: str = "One", text: str = "What?") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[<p>{text}</p>]]></text></questiontext>'
        f"{inside}</question>"
    )


def answer(text: str, fraction: str = "0", why: str = "") -> str:
    feedback = f'<feedback format="html"><text>{why}</text></feedback>' if why else ""
    return f'<answer fraction="{fraction}" format="html"><text>{text}</text>{feedback}</answer>'


def quiz(*questions: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>{"".join(questions)}</quiz>'


MOODLE = quiz(
    '<question type="category"><category><text>$course$/top</text></category></question>',
    asked(
        "multichoice",
        "<generalfeedback format='html'><text>So it is.</text></generalfeedback>"
        "<defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty>"
        "<idnumber>choice-1</idnumber><single>true</single>"
        + answer("&lt;p&gt;yes&lt;/p&gt;", "100", "Right.")
        + answer("no")
        + "<correctfeedback format='html'><text>Well done.</text></correctfeedback>"
        "<hint format='html'><text>Think.</text></hint>",
    ),
    asked(
        "multichoice",
        "<single>false</single>"
        + answer("a", "33.33333")
        + answer("b", "33.33333")
        + answer("c", "33.33333")
        + answer("d", "-33.33333"),
        "Several",
    ),
    asked("truefalse", answer("true", "0", "No.") + answer("false", "100", "Yes."), "Truth"),
    asked(
        "matching",
        "<subquestion format='html'><text>Police</text><answer><text>102</text></answer></subquestion>"
        "<subquestion format='html'><text>Fire</text><answer><text>101</text></answer></subquestion>"
        "<subquestion format='html'><text></text><answer><text>999</text></answer></subquestion>",
        "Pairs",
    ),
    asked(
        "shortanswer",
        "<usecase>1</usecase>" + answer("CSAM", "100", "Yes.") + answer("C*", "100"),
        "Short",
    ),
    asked("ordering", "".join(answer(one) for one in ("one", "two", "three")), "Order"),
    asked(
        "numerical", "<answer fraction='100'><text>24</text><tolerance>0</tolerance></answer>", "N"
    ),
    asked(
        "truefalse",
        answer("true", "100") + answer("false"),
        "Picture",
        'See <img src="@@PLUGINFILE@@/a.png" alt=""> and <a href="https://x.example">there</a>.',
    ).replace(
        "</questiontext>", '<file name="../../a.png" encoding="base64">AAAA</file></questiontext>'
    ),
    asked(
        "numerical", "<answer fraction='100'><text>3.1</text><tolerance>1</tolerance></answer>", "R"
    ),
    asked("essay", "", "Essay"),
    asked("description", "", "Text"),
    asked("cloze", "", "Gaps"),
    asked("ddmarker", "", "Drag"),
    asked("multichoice", "<single>true</single>" + answer("a", "50") + answer("b", "50"), "Half"),
    asked("shortanswer", answer("*", "100"), "Anything"),
)


def test_every_question_is_imported_or_reported_with_its_reason():
    report = read_moodle_xml(MOODLE, FILLING)

    assert [(one.id, one.key.kind.value) for one in report.imported] == [
        ("choice-1", "single"),
        ("several", "multiple"),
        ("truth", "true_false"),
        ("pairs", "matching"),
        ("short", "short_text"),
        ("order", "ordering"),
        ("n", "short_text"),
        ("picture", "true_false"),
    ]
    assert report.dropped == (
        LeftOutQuestion(
            "question 9",
            "R",
            "a number with decimals, a range, a unit or several answers: ours must be whole and exact",
        ),
        LeftOutQuestion("question 10", "Essay", "an essay: people would have to mark it"),
        LeftOutQuestion("question 11", "Text", "a description: it asks nothing"),
        LeftOutQuestion(
            "question 12", "Gaps", "a text with gaps: our questions ask one thing at a time"
        ),
        LeftOutQuestion("question 13", "Drag", "the kind ddmarker: we have none like it"),
        LeftOutQuestion(
            "question 14",
            "Half",
            "allows one choice, but does not have exactly one fully right answer",
        ),
        LeftOutQuestion(
            "question 15",
            "Anything",
            "has no answer that earns all points and is written in full",
        ),
    )
    assert report.found == MOODLE.count("<question ") - 1


def test_what_an_imported_question_lost_is_noted():
    assert read_moodle_xml(MOODLE, FILLING).notes == (
        ImportNote("before question 1", "", "not kept: the category $course$/top"),
        ImportNote(
            "question 1",
            "choice-1",
            "not kept: its hints, its penalty for another try, "
            "the feedback on the answer as a whole",
        ),
        ImportNote(
            "question 5",
            "Short",
            "not kept: answers with * as a wildcard, the feedback of its answers, "
            "that capital letters counted",
        ),
        ImportNote(
            "question 6", "Order", "not kept: its way of marking (ours compares each pair of steps)"
        ),
        ImportNote("question 7", "N", "not kept: its kind (a number is now a short text)"),
        ImportNote(
            "question 8",
            "Picture",
            "not kept: the picture a.png, the address of a link",
        ),
    )


OLD = """<quiz><question type="multichoice"><name><text>Old</text></name>
<questiontext format="html"><text>Who helps? {text}</text></questiontext>
{beside}
<generalfeedback><text></text></generalfeedback><defaultgrade>1</defaultgrade><penalty>0</penalty>
<hidden>0</hidden><shuffleanswers>true</shuffleanswers><single>true</single>
<answer fraction="100"><text>They do</text><feedback><text></text></feedback></answer>
<answer fraction="0"><text>Nobody</text><feedback><text></text></feedback></answer>
<answernumbering>abc</answernumbering></question></quiz>"""
INSIDE = "the target of an address inside Moodle (the address stays in the text)"


@pytest.mark.parametrize(
    ("text", "beside", "lost"),
    [
        ("", "", None),
        ("", "<image></image>", None),
        ("", "<image>help/line 1.jpg</image><image_base64>/9j/4AAQ</image_base64>", "the picture line 1.jpg"),
        ("", "<image><text>help/line.jpg</text></image>", "the picture line.jpg"),
        ("", "<image>C:\\bank\\plan.pdf</image>", "the file plan.pdf"),
        ("", "<image_base64>/9j/4AAQ</image_base64>", "a picture without a name"),
        ("&lt;img src='@@PLUGINFILE@@/a%20b.png'&gt;", "", "the picture a b.png"),
        ('&lt;img src="$@FILEPHP@$$@SLASH@$maps$@SLASH@$a.gif?x=1"&gt;', "", "the picture a.gif"),
        ("&lt;img src=/file.php?file=/5/a.gif&gt;", "", "the picture a.gif"),
        ("&lt;img alt=''&gt; &lt;img src='data:image/png;base64,AAAA'&gt;", "", "a picture"),
        ("See @@PLUGINFILE@@/rules.pdf", "", INSIDE),
        ("See $@RESOURCEVIEWBYID*5@$", "", INSIDE),
        ("", "<resource>12</resource><deck><card>a</card></deck>", "the content of <resource>, the content of <deck>"),
    ],
)  # fmt: skip
def test_a_picture_of_an_old_moodle_or_any_unknown_part_is_not_dropped_in_silence(
    text, beside, lost
):
    report = read_moodle_xml(OLD.format(text=text, beside=beside), FILLING)

    assert len(report.imported) == 1
    assert [one.what for one in report.notes] == ([f"not kept: {lost}"] if lost else [])


@pytest.mark.parametrize(
    ("was", "now", "lost"),
    [
        ("<hidden>0", "<hidden>1", "that it was hidden"),
        ("<penalty>0", "<penalty>0.1", "its penalty for another try"),
    ],
)
def test_settings_of_an_old_moodle_are_named_where_they_are_lost(was, now, lost):
    text = OLD.format(text="", beside="").replace(was, now)

    assert [one.what for one in read_moodle_xml(text, FILLING).notes] == [f"not kept: {lost}"]


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("kind", [QuestionKind.SINGLE, QuestionKind.MULTIPLE])
def test_the_steps_of_a_scale_keep_their_order(kind: QuestionKind, scale: bool):
    words = {"options": options("Low", "Middle", "High")}
    before = question(kind, words, options=["a", "b", "c"], key=["b"], scale=scale)

    report = read_moodle_xml(write_moodle_xml([before], "en")[0], FILLING)

    (after,) = report.imported
    assert (after.key, report.notes) == (
        before.key.model_copy(update={"source": after.key.source}),
        (),
    )


def test_pairs_that_keep_their_order_lose_it():
    sides = "".join(
        f"<subquestion format='html'><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
        for left, right in (("Police", "102"), ("Fire", "101"))
    )
    text = quiz(asked("matching", f"<shuffleanswers>false</shuffleanswers>{sides}"))

    (note,) = read_moodle_xml(text, FILLING).notes
    assert note.what == "not kept: that its answers keep their order"


def test_keys_and_texts_are_taken_whole():
    found = {one.id: one for one in read_moodle_xml(MOODLE, FILLING).imported}

    assert found["choice-1"].texts["en"].model_dump(exclude_defaults=True) == {
        "text": "What?",
        "fact": "So it is.",
        "options": {
            "a": {"text": "yes", "why": "Right."},
            "b": {"text": "no", "why": "TO WRITE: why this is not right."},
        },
    }
    assert [found[one].key.key for one in ("choice-1", "several", "truth")] == [
        ["a"],
        ["a", "b", "c"],
        ["b"],
    ]
    assert found["short"].key.accepted == {"en": ["CSAM"]}
    assert found["n"].key.accepted == {"any": ["24"]}
    order = found["order"]
    words = order.texts["en"].options
    assert [words[one].text for one in order.key.key] == ["one", "two", "three"]
    assert order.key.options != order.key.key
    pairs = found["pairs"]
    told = {
        pairs.texts["en"].options[one].text: pairs.texts["en"].matches[match]
        for one, match in pairs.key.pairs.items()
    }
    assert told == {"Police": "102", "Fire": "101"}
    assert found["picture"].texts["en"].text == "See and there."


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    "<quiz><question type='essay'><name><text>&b;</text></name></question></quiz>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<quiz><question type='essay'><name><text>&a;</text></name></question></quiz>"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "The file declares a document type or entities; Moodle never does."),
        (OUTSIDE, "The file declares a document type or entities; Moodle never does."),
        (
            "<!DOCTYPE quiz><quiz/>",
            "The file declares a document type or entities; Moodle never does.",
        ),
        ("::a::Who?{T}", "This is not a Moodle XML file"),
        ("", "This is not a Moodle XML file"),
        ("<html><body>Hello</body></html>", "This is not a Moodle XML file"),
        ("<quiz><question>", "This is not a Moodle XML file"),
        ("PK\x03\x04\0\0", "This is not a Moodle XML file"),
        ("<quiz>" + " " * 2_000_000 + "</quiz>", "The file is larger than 2 MB."),
    ],
)
def test_a_dangerous_or_strange_file_gets_one_clear_sentence(text: str, message: str):
    with pytest.raises(UnreadableFile, match="^" + message.replace(".", r"\.")) as refused:
        read_moodle_xml(text, FILLING)

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "hard",
    [
        "<script>alert(1)</script>Who?<img src=x onerror=alert(1)>",
        "&lt;script&gt;Who?&lt;/script&gt;",
        "&lt;!-- Who? --&gt;",
        "Who?<style>p { color: red }</style>",
        "Who? <svg onload='alert(1)'>",
        "Who?<script>never ends",
    ],
)
def test_no_html_is_kept(hard: str):
    text = quiz(asked("truefalse", answer("true", "100") + answer("false"), text=hard))

    (found,) = read_moodle_xml(text, FILLING).imported

    assert "Who?" in found.texts["en"].text
    assert "<" not in found.texts["en"].model_dump_json()
    assert "alert" not in found.texts["en"].text
    assert "color" not in found.texts["en"].text


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<script>", "&#", "<", "<p>", "</"])
def test_a_hostile_text_takes_no_long_time(piece: str):
    one = asked("multichoice", answer("a", "100") + answer("b"), text=piece * (6_000 // len(piece)))

    report = read_moodle_xml(quiz(*[one] * 60), FILLING)

    assert report.found == 60


def test_a_text_that_no_question_needs_is_reported():
    long = asked("truefalse", answer("true", "100") + answer("false"), text="so " * 10_000)

    assert read_moodle_xml(quiz(long), FILLING).dropped == (
        LeftOutQuestion(
            "question 1", "One", "is longer than 20,000 characters, which no question may be"
        ),
    )


def test_only_the_scenario_cannot_be_written():
    text, dropped = write_moodle_xml([scenario()], "en")

    assert text == "<?xml version='1.0' encoding='utf-8'?>\n<quiz />\n"
    assert dropped == (
        LeftOutQuestion("question 1", "story", "a scenario: the format has no questions in steps"),
    )


def test_an_ordering_is_written_as_moodle_reads_it():
    order = question(
        QuestionKind.ORDERING,
        {"options": options("One", "Two", "Three")},
        "order",
        options=["b", "a", "c"],
        key=["a", "b", "c"],
    )

    text, _ = write_moodle_xml([order], "en")

    for line in (
        '<question type="ordering">',
        "<selecttype>ALL</selecttype>",
        "<gradingtype>RELATIVE_ALL_PREVIOUS_AND_NEXT</gradingtype>",
        '<answer format="plain_text" fraction="1.0">',
    ):
        assert text.count(line) == 1
    assert text.index("One") < text.index("Two") < text.index("Three")
