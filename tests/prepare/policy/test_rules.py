"""What is printed, what it covers, and what contradicts; pure."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.foundation.content.schema.toolkit import ClauseWords
from cissapp.foundation.content.toolkit import Clause
from cissapp.foundation.office.filling import BLANK, Value
from cissapp.prepare.mechanism.rules import MechanismRecord, check_mechanism
from cissapp.prepare.mechanism.rules.checks import Severity
from cissapp.prepare.policy.rules.answers import answer_problem, answer_values
from cissapp.prepare.policy.rules.clauses import (
    Audience,
    ClauseChoice,
    ClauseDecision,
    ClauseStanding,
    OwnParagraph,
    SchoolWords,
    paragraphs_of,
    place_clauses,
    words_for,
)
from cissapp.prepare.policy.rules.contradictions import (
    CONTRADICTIONS,
    KnownOfSchool,
    contradictions,
    without_contradicted,
)
from cissapp.prepare.policy.rules.coverage import (
    CoverageState,
    cover,
    covers_element,
    missing_pieces,
    remedies,
)
from cissapp.prepare.policy.rules.existing import clauses_for, look_through
from cissapp.prepare.policy.rules.pages import pages_by_criterion, pages_of, written_pages
from cissapp.prepare.policy.rules.shortfalls import missing_bodies, short_elements, shortfalls
from cissapp.prepare.policy.rules.signs import holds_sign, sentence_with, words_of
from cissapp.prepare.policy.rules.updates import UpdateKind, digest_of, library_updates
from cissapp.prepare.policy.rules.writing import write_policy, write_sources
from tests.prepare.policy.library import (
    ANSWERS,
    CLAUSES,
    LIBRARY,
    QUESTIONS,
    SAID,
    VALUES,
    clause,
    library,
)
from tests.shipped import SHIPPED

TODAY = date(2026, 11, 25)
CRITERIA = SHIPPED.standard.criteria
CLAUSE = {one.id: one for one in CLAUSES}


def known(**values):
    return KnownOfSchool(TODAY, {**VALUES, **values.pop("values", {})}, **values)


def placed_of(said=SAID, toolkit=LIBRARY, values=VALUES, language="en"):
    filled = {**values, **answer_values(toolkit, said.answers, language)}
    return place_clauses(toolkit, said, filled, language)


def standings(said=SAID, toolkit=LIBRARY, values=VALUES):
    return {one.id: one.standing for one in placed_of(said, toolkit, values)}


def decided(clause_id, choice, **values):
    held = values.pop("held", CLAUSE[clause_id])
    return replace(SAID, decisions={clause_id: ClauseDecision(choice, held, **values)})


def changed(clause_id, text, language="en"):
    return decided(clause_id, ClauseChoice.CHANGED, own={"adults": text}, language=language)


def coverage_of(said=SAID, toolkit=LIBRARY, values=VALUES, **more):
    return cover(toolkit, CRITERIA, placed_of(said, toolkit, values), **more)


def states(coverage):
    return {one.id: one.state.value for one in coverage.criteria}


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer", "is_wrong"),
    [
        ("adopted_by", ["council"], False),
        ("adopted_by", ["council", "board"], True),
        ("adopted_by", ["king"], True),
        ("devices", ["own_phones", "school_computers"], False),
        ("devices", ["own_phones", "watch"], True),
        ("volunteers", ["yes"], False),
        ("volunteers", ["maybe"], True),
        ("adults_total", ["1"], False),
        ("adults_total", ["0"], True),
        ("adults_total", ["901"], True),
        ("adults_total", ["many"], True),
        ("adults_total", ["²"], True),
        ("adopted_on", ["2026-02-30"], True),
        ("adopted_on", ["9999-12-31"], True),
        ("founder", ["x" * 40], False),
        ("founder", ["x" * 41], True),
        ("founder", [], False),
    ],
)
def test_an_answer_is_checked_by_the_kind_of_its_question(name, answer, is_wrong):
    asked = next(one for one in QUESTIONS if one.id == name)

    assert (answer_problem(asked, answer) is not None) is is_wrong


def test_answers_stand_in_sentences_of_the_language():
    values = answer_values(LIBRARY, {**ANSWERS, "founder": ["*Board* [x](y) {school}"]}, "en")

    assert {name: value.text for name, value in values.items()} == {
        "adopted_by": "council",
        "adopted_on": "20 November 2026",
        "next_review": "1 November 2027",
        "devices": "school computers and own phones",
        "adults_total": "40",
        "adults_signed": "40",
        "volunteers": "no",
        "founder": r"\*Board\* \[x\]\(y\) \{school\}",
    }
    romanian = answer_values(LIBRARY, ANSWERS, "ro")
    assert romanian["adopted_on"].text == "20 noiembrie 2026"
    assert romanian["devices"].text == "school computers și own phones"


# --- which clauses are printed -------------------------------------------------------------------


def test_each_clause_stands_where_answers_and_choices_put_it():
    assert standings() == {
        "who": "as_it_is",
        "devices": "as_it_is",
        "adoption": "as_it_is",
        "unsure": "unconfirmed",
        "with-volunteers": "not_offered",
        "without-volunteers": "as_it_is",
        "signed": "as_it_is",
        "ways": "as_it_is",
    }
    assert "of-ukraine" in standings(replace(SAID, country_code="UA"))


@pytest.mark.parametrize("clause_id", [one.id for one in CLAUSES if one.key.needs])
def test_without_any_of_its_needs_a_clause_is_not_printed_and_covers_nothing(clause_id):
    for need in CLAUSE[clause_id].key.needs:
        answers = {key: said for key, said in ANSWERS.items() if key != need}
        values = {key: value for key, value in VALUES.items() if key != need}
        placed = {one.id: one for one in placed_of(replace(SAID, answers=answers), values=values)}[
            clause_id
        ]

        assert (placed.standing, placed.text) == (ClauseStanding.INCOMPLETE, "")
        assert need in placed.missing
        for element_id in CLAUSE[clause_id].key.elements:
            assert not covers_element(LIBRARY, element_id, placed)


def test_a_clause_that_hangs_on_a_question_waits_for_its_answer():
    answers = {key: said for key, said in ANSWERS.items() if key != "volunteers"}
    placed = {one.id: one for one in placed_of(replace(SAID, answers=answers))}

    assert placed["with-volunteers"].missing == ("volunteers",)
    assert placed["without-volunteers"].missing == ("volunteers",)


@given(st.sets(st.sampled_from([*ANSWERS, *VALUES])))
def test_nothing_is_ever_printed_with_a_hole(gone):
    answers = {key: said for key, said in ANSWERS.items() if key not in gone}
    values = {key: value for key, value in VALUES.items() if key not in gone}
    said = replace(SAID, answers=answers)
    placed = placed_of(said, values=values)
    for audience in Audience:
        filled = {**values, **answer_values(LIBRARY, answers, "en")}
        text = write_policy(LIBRARY, placed, (), filled, audience=audience, language="en").text
        assert BLANK not in text
        assert "{" not in text


def test_what_nobody_checked_is_printed_in_own_words_alone_and_never_as_law():
    source = {"title": "Law 1", "url": "https://law.example"}
    toolkit = library(clause("unsure", "A law may say so.", state="confirm", source=source))
    taken = decided("unsure", ClauseChoice.TAKEN, held=toolkit.clause_by_id["unsure"])
    assert standings(taken, toolkit)["unsure"] is ClauseStanding.UNCONFIRMED
    own = decided(
        "unsure",
        ClauseChoice.CHANGED,
        held=toolkit.clause_by_id["unsure"],
        own={"adults": "We do so."},
    )
    placed = placed_of(own, toolkit)
    assert {one.id: one.text for one in placed}["unsure"] == "We do so."
    assert write_sources(placed) == ""
    checked = library(clause("unsure", "A law says so.", state="checked", source=source))
    assert (
        write_sources(placed_of(SAID, checked)) == "- Title of unsure: https\\:\\/\\/law\\.example"
    )


def test_own_words_stay_as_they_were_typed_and_are_no_links_or_headings():
    own = "# Big\nSee [here](https://x.example) <b>now</b>\n- {school}"
    placed = {one.id: one for one in placed_of(changed("who", own))}["who"]

    assert placed.text == (
        "\\# Big\nSee \\[here\\](https://x.example) \\<b\\>now\\</b\\>\n- Lyceum"
    )
    assert paragraphs_of("One\nTwo\n- a\n- b\nThree") == "One\n\nTwo\n\n- a\n- b\n\nThree"


def test_the_policy_is_written_for_three_audiences():
    said = replace(SAID, paragraphs=(OwnParagraph("1", "people", "Guards are staff too."),))
    values = {**VALUES, **answer_values(LIBRARY, ANSWERS, "en")}
    placed = placed_of(said)

    def text(audience, language="en"):
        return write_policy(
            LIBRARY, placed, said.paragraphs, values, audience=audience, language=language
        )

    adults = text(Audience.ADULTS)
    assert adults.text.startswith(
        "## 1. What it covers\n\n**Title of who.** This covers all pupils and all staff of Lyceum."
    )
    assert "Guards are staff too." in adults.text
    assert adults.facts == {"school.name": "Lyceum", "channel.1.contact": "room 7"}
    assert text(Audience.YOUNGER).text == "This is for you."
    assert text(Audience.OLDER).text == "## 1. What it covers\n\nThis is for all of you."


def test_a_country_has_its_own_words_in_a_language_of_several_but_not_in_the_words_of_its_schools():
    russian = ClauseWords(title="Кто", text="Полиция. {school}", older="Скажи полиции.")
    held = Clause(CLAUSE["who"].key, {**CLAUSE["who"].texts, "ru": russian})
    values = {"school": Value("Полиция 5")}

    def written(country, said=SAID, toolkit=library(held)):
        placed = placed_of(replace(said, country_code=country), toolkit, values, "ru")
        who = next(one for one in placed if one.id == "who")
        return who.text, words_for(who, Audience.OLDER, values, "ru")[0]

    assert written("MD") == ("Полиция. Полиция 5", "Скажи полиции.")
    assert written("BY") == ("Милиция. Полиция 5", "Скажи милиции.")


def test_in_another_language_own_words_stay_and_the_rest_follows():
    said = changed("devices", "Our phone rule.")
    placed = {one.id: one for one in placed_of(said, language="ro")}

    assert placed["who"].text == "Aceasta îi acoperă pe toți elevii."
    assert (placed["devices"].text, placed["devices"].language) == ("Our phone rule.", "en")
    assert (placed["ways"].language, placed["who"].language) == ("en", "ro")


# --- what it covers ------------------------------------------------------------------------------


def test_the_whole_draft_covers():
    coverage = coverage_of()

    assert states(coverage) == dict.fromkeys(["A1", "A2", "A6", "A7", "B2"], "covered")
    assert coverage.covers
    sentence = coverage.criteria[0].elements[1].sentence
    assert sentence == "It covers these devices: school computers and own phones."


@pytest.mark.parametrize(
    "clause_id", ["who", "devices", "adoption", "without-volunteers", "signed", "ways"]
)
def test_dropping_a_clause_that_alone_covers_an_element_uncovers_it(clause_id):
    coverage = coverage_of(decided(clause_id, ClauseChoice.LEFT_OUT, reason="We do not need it."))
    uncovered = {
        element.id
        for criterion in coverage.criteria
        for element in criterion.elements
        if not element.is_covered
    }

    assert uncovered == set(CLAUSE[clause_id].key.elements)
    assert not coverage.covers
    assert list(remedies(coverage)) == [clause_id]


@given(
    st.dictionaries(
        st.sampled_from([one.id for one in CLAUSES]), st.sampled_from(list(ClauseChoice))
    )
)
def test_an_element_is_covered_exactly_if_a_printed_clause_says_it(choices):
    decisions = {
        key: ClauseDecision(choice, CLAUSE[key], {"adults": "Nothing is here."}, "en", "no")
        for key, choice in choices.items()
    }
    placed = placed_of(replace(SAID, decisions=decisions))
    coverage = cover(LIBRARY, CRITERIA, placed)
    said = {
        element
        for one in placed
        for element in one.clause.key.elements
        if one.standing is ClauseStanding.AS_IT_IS
    }
    found = {
        element.id: element.is_covered
        for criterion in coverage.criteria
        for element in criterion.elements
    }

    assert found == {name: name in said for name in LIBRARY.elements}
    critical = all(one.state is CoverageState.COVERED for one in coverage.criteria if one.critical)
    none_empty = all(one.state is not CoverageState.NOT for one in coverage.criteria)
    assert coverage.covers == (critical and none_empty)


def test_own_words_cover_only_what_they_still_say_in_their_language():
    assert coverage_of(changed("devices", "Each PHONE stays away.")).covers
    assert states(coverage_of(changed("devices", "Nothing is said.")))["A1"] == "partly"


def test_a_criterion_that_does_not_apply_keeps_nothing_back_unless_it_is_critical():
    without = decided("without-volunteers", ClauseChoice.LEFT_OUT, reason="None come here.")
    assert not coverage_of(without).covers
    assert coverage_of(without, not_applicable={"A6"}).covers
    no_ways = decided("ways", ClauseChoice.LEFT_OUT, reason="None are here.")
    assert not coverage_of(no_ways, not_applicable={"B2"}).covers


def test_an_answer_below_level_two_covers_nothing_though_it_is_printed():
    short = shortfalls({**ANSWERS, "adults_signed": ["39"]})
    coverage = coverage_of(short={one.element for one in short})

    assert [(one.element, one.question) for one in short] == [("A7.signed", "adults_signed")]
    assert states(coverage)["A7"] == "not"
    assert remedies(coverage) == {}
    assert shortfalls(ANSWERS) == []


def test_a_tool_without_an_age_covers_no_age_limits():
    assert [one.element for one in shortfalls({"tools": ["video lessons"]})] == ["A12.ages"]
    assert shortfalls({"tools": ["video lessons (from 6)"]}) == []


SIX = [
    "Поліція",
    "Служба у справах дітей",
    "Telefonul Copilului",
    "Hotline",
    "Spital",
    "Отдел образования",
]


@pytest.mark.parametrize(
    ("named", "kinds", "missing"),
    [
        (SIX, set(), []),
        (SIX[:1], {"helpline", "hotline"}, ["child_protection", "health", "education"]),
        (SIX[1:], {"police"}, []),
        # A name that says nothing to us may be any of them.
        ([*SIX[:5], "Raion 4"], set(), []),
        ([*SIX[:4], "Raion 4"], set(), ["health", "education"]),
    ],
)
def test_each_of_the_six_bodies_has_a_number_in_whatever_language_it_is_named(
    named, kinds, missing
):
    found = missing_bodies(SHIPPED.toolkit, named, kinds)

    assert [one.element for one in found] == [f"B8.{one}" for one in missing]
    assert {one.question for one in found} <= {"escalation"}
    for one in found:
        assert one.values == {"some": 6 - len(missing), "every": 6}


def test_every_check_that_stops_the_mechanism_keeps_an_element_of_its_criterion_uncovered():
    head = SimpleNamespace(id=uuid4(), office="head", contact="x", is_head=True, trained=True)
    head.alternate = True
    agreed = SimpleNamespace(
        crime_hours=48,
        answer_days=2,
        plan_days=9,
        confidentiality="",
        no_retaliation="",
        about_staff="",
        evidence_rule="",
        never_handles_images=False,
        pupil_languages=[],
        out_of_hours=None,
        holiday_cover=None,
        parents_contact=None,
        about_head_id=head.id,
        about_person_id=uuid4(),
    )
    wrong = MechanismRecord(agreed, [head], [], [], [], "en")
    nothing = MechanismRecord(None, [], [], [], [], "en")
    for record in (wrong, nothing):
        for check in check_mechanism(record):
            short = short_elements([check])
            assert {one.partition(".")[0] for one in short} == (
                {check.criterion} if check.severity is Severity.STOPS else set()
            )
            assert short <= set(SHIPPED.toolkit.elements)


def test_what_is_missing_is_named_once_with_all_that_waits_for_it():
    answers = {"volunteers": ["no"]}
    missing = missing_pieces(coverage_of(replace(SAID, answers=answers)))

    assert [(one.name, one.criteria) for one in missing] == [
        ("devices", ("A1",)),
        ("adopted_by", ("A2",)),
        ("adopted_on", ("A2",)),
        ("next_review", ("A2",)),
        ("adults_signed", ("A7",)),
        ("adults_total", ("A7",)),
    ]


# --- signs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sign", "is_there"),
    [
        ("The Deputies stand in.", "deputi", True),
        ("A redeputed clerk.", "deput", False),
        ("She stands  in for him.", "stand in", True),
        ("Copiii şi părinţii", "părinții", True),
        ("кожен зв’язок", "зв'яз", True),
        ("выявы сэксуальнага гвалту", "сексуальн гвалт", True),
        ("in the **policy**:\n\n| a | b |\n|---|---|\n| police | 102 |", "police", True),
    ],
)
def test_a_sign_is_found_at_the_beginning_of_a_word(text, sign, is_there):
    assert holds_sign(text, [sign]) is is_there


def test_the_sentence_with_most_of_the_signs_is_shown():
    text = "First comes this. A **deputy** stands in\\. Last."

    assert words_of(text) == "First comes this. A deputy stands in. Last."
    assert sentence_with(text, ["deputy", "stands in"]) == "A deputy stands in."
    assert sentence_with(text, ["nothing"]) == "First comes this."
    assert sentence_with("", ["nothing"]) == ""


# --- contradictions ------------------------------------------------------------------------------

WRONG = [
    ("adopted_on", {"adopted_on": ["2026-11-26"]}, {}),
    ("trained_on", {"trained_on": ["2026-11-26"]}, {}),
    ("trained_on", {"trained_on": ["2026-11-20"]}, {"gone": "designated"}),
    ("trained_on", {"trained_on": ["2026-11-20"]}, {"designated_trained": False}),
    ("trained_on", {"trained_on": ["2026-11-20"]}, {"deputy_trained": False}),
    ("next_review", {"next_review": ["2026-11-20"]}, {}),
    ("next_review", {"next_review": ["2027-12-24"]}, {}),
    ("next_review", {"adopted_on": ["2026-01-01"], "next_review": ["2026-11-24"]}, {}),
    ("adults_signed", {"adults_signed": ["41"]}, {}),
    ("adults_checked", {"adults_checked": ["41"]}, {}),
    ("phones", {"phones": ["at_home"]}, {}),
    ("watched", {"network": ["no"], "watched": ["filter"]}, {}),
    ("tools", {"online_tools": ["no"], "tools": ["x"]}, {}),
    ("deputy", {}, {"values": {"deputy": VALUES["designated"]}}),
    ("channels", {}, {"gone": "people"}),
    ("people", {}, {"two_trained": False}),
]


@pytest.mark.parametrize(("name", "answers", "school"), WRONG)
def test_what_contradicts_is_named_at_its_question_and_counts_as_not_said(name, answers, school):
    school = dict(school)
    gone = school.pop("gone", None)
    of_school = known(**school)
    of_school = replace(
        of_school, values={key: one for key, one in of_school.values.items() if key != gone}
    )
    found = contradictions({**ANSWERS, **answers}, of_school)

    assert [one.name for one in found] == [name]
    assert name not in without_contradicted({name: Value("x"), "school": Value("y")}, found)


def test_what_agrees_is_left_alone_and_every_row_of_the_table_is_tried():
    assert contradictions(ANSWERS, known()) == []
    assert contradictions({}, KnownOfSchool(TODAY, {})) == []
    assert len(WRONG) == len(CONTRADICTIONS)


# --- updates -------------------------------------------------------------------------------------

TAKEN = replace(
    SAID,
    decisions={one.id: ClauseDecision(ClauseChoice.TAKEN, one) for one in CLAUSES},
    known=frozenset(CLAUSE),
)
NEWER = clause(
    "who",
    "This covers all pupils, all staff and guests of {school}.",
    elements=("A1.groups",),
    version=2,
    younger="This is for you.",
    older="This is for all of you.",
)


def updates(said, toolkit):
    return [
        (one.kind, one.clause.id)
        for one in library_updates(toolkit, said, placed_of(said, toolkit), "en")
    ]


def test_nothing_is_asked_while_the_library_stays():
    assert updates(TAKEN, LIBRARY) == []
    assert updates(SAID, library(NEWER)) == []


def test_a_newer_a_new_and_a_gone_clause_are_asked_about_and_the_old_words_stay_meanwhile():
    toolkit = library(NEWER, clause("fresh", "New law.", elements=("A2.adopted",)))
    toolkit = replace(toolkit, clauses=tuple(one for one in toolkit.clauses if one.id != "signed"))

    assert updates(TAKEN, toolkit) == [
        (UpdateKind.CHANGED, "who"),
        (UpdateKind.NEW, "fresh"),
        (UpdateKind.GONE, "signed"),
    ]
    placed = {one.id: one for one in placed_of(TAKEN, toolkit)}
    assert placed["who"].text == "This covers all pupils and all staff of Lyceum."
    assert (placed["fresh"].standing, placed["signed"].standing) == ("new", "as_it_is")


def test_the_difference_marks_the_old_and_the_new_words():
    toolkit = library(NEWER)
    found = library_updates(toolkit, TAKEN, placed_of(TAKEN, toolkit), "en")[0]
    words = [(piece.mark.value, piece.text) for one in found.passages for piece in one.pieces]

    assert words == [
        ("same", "This covers all"),
        ("removed", "pupils and"),
        ("added", "pupils,"),
        ("same", "all staff"),
        ("added", "and guests"),
        ("same", "of {school}."),
    ]


def test_what_was_declined_or_left_out_is_not_asked_again_until_it_changes_once_more():
    declined = ClauseDecision(ClauseChoice.TAKEN, CLAUSE["who"], declined=digest_of(NEWER))
    left_out = ClauseDecision(ClauseChoice.LEFT_OUT, CLAUSE["who"], reason="No.")
    for one in (declined, left_out):
        said = replace(TAKEN, decisions={**TAKEN.decisions, "who": one})
        assert updates(said, library(NEWER)) == []
    third = clause("who", "This covers each and all.", elements=("A1.groups",), version=3)
    said = replace(TAKEN, decisions={**TAKEN.decisions, "who": declined})
    assert updates(said, library(third)) == [(UpdateKind.CHANGED, "who")]


# --- a policy that is there already --------------------------------------------------------------


def test_words_are_found_with_their_page_and_only_clauses_for_the_rest_are_offered():
    pages = ["Nothing here.", "All  staff and every phone. The council adopted it. No volunteers."]
    found = look_through(LIBRARY, CRITERIA, pages, ["en"])
    rows = {element.id: element.page for one in found for element in one.elements}

    assert rows == {
        "A1.groups": 2,
        "A1.devices": 2,
        "A2.adopted": 2,
        "A6.volunteers": 2,
        "A7.signed": None,
        "B2.ways": None,
    }
    assert found[0].elements[0].words.startswith("All staff and every phone")
    assert [one.id for one in clauses_for(found, placed_of())] == ["signed", "ways"]


# --- pages ---------------------------------------------------------------------------------------


def test_clauses_are_found_on_their_pages():
    passages = {
        "a": "The designated person receives **reports** and passes them on in time.",
        "b": "Pupils put it right, talk it over, and are heard first of all.",
        "c": "This stands on no page of the file at all.",
    }
    pages = [
        "Title. The designated person receives reports and passes",
        "them on in time. Pupils put it right, talk it over, and are heard first of all.",
    ]

    found = pages_of(passages, pages)
    assert found == {"a": [1, 2], "b": [2]} or found == {"a": [1], "b": [2]}
    assert pages_by_criterion({"a": [1, 2], "b": [2, 4]}, {"A1": ["a", "b"], "A2": ["c"]}) == {
        "A1": "1-2, 4"
    }
    assert written_pages([3, 1, 2, 7, 7]) == "1-3, 7"


def test_a_school_without_anything_said_covers_only_what_needs_nothing():
    coverage = coverage_of(SchoolWords("MD"), values={"school": VALUES["school"]})

    assert states(coverage) == {
        "A1": "partly",
        "A2": "not",
        "A6": "not",
        "A7": "not",
        "B2": "not",
    }
