"""The pages of the evaluation: what they show, what they hold back, the files, and removing a question."""

import csv
import io

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning.models import Attempt, VoidedQuestion
from tests import factories as make
from tests.oversee.evaluation.cohorts import (
    MODULE,
    OTHER,
    QUESTION,
    RIGHT,
    SINGLE,
    WRONG,
    answered,
    attempt,
    both_tests,
    people,
    version,
)
from tests.pages import main_of, text_of, words
from tests.shipped import MODULE as FIRST
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

PAGE = f"/admin/evaluation/{MODULE}"
PLACE = FIRST.questions.index(QUESTION)  # in the table of all questions
FEW = "Fewer than 10 people: nothing is shown until there are at least 10."
HELD = "Held back: it could be used to work out a figure for fewer than 10 people."


@pytest.fixture
def secretariat(app, sign_in):
    return sign_in(make.user(Role.SECRETARIAT))


def rows_of(answer, number):
    table = main_of(answer).findall(".//table")[number]
    return [[words(cell) for cell in row] for row in table.findall(".//tbody/tr")]


def file_of(answer):
    """The table of a file; the lines after it say when it was counted and what it means."""
    assert answer.mimetype == "text/csv"
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    table = lines[: lines.index([])]
    (as_of, moment), (_figure, meaning) = lines[len(table) + 1 :]
    assert as_of == "As of"
    assert moment.startswith("26 November 2026")
    assert len(meaning) > 100
    return table


def cohort(app, sizes, *, before=(40, 60), after=(70, 90)):
    """People by region and language, half of them with each of two results."""
    with app.app_context(), unit_of_work():
        for (region, language), number in sizes.items():
            for place, person in enumerate(people(number, region)):
                both_tests(person, before[place % 2], after[place % 2], language=language)


def quizzes(app, number, *, language="en", wrong_every=2):
    """Quizzes of two questions: of the first every second person chooses a wrong answer."""
    with app.app_context(), unit_of_work():
        asked = [version(QUESTION), version(OTHER)]
        for place, person in enumerate(people(number)):
            good = place % wrong_every != 0
            chosen = [[RIGHT] if good else [WRONG], OTHER.key.key]
            rest = 100 if place % 4 else 0
            answered(attempt(person, language=language), asked, [100 * good, rest], chosen)


# --- gains -----------------------------------------------------------------------------------


def test_before_anybody_took_both_tests_the_pages_say_so(secretariat):
    everything = secretariat.get("/admin/evaluation")
    one = secretariat.get(PAGE)

    assert "Fewer than 10 people have taken both tests of a module" in text_of(everything)
    assert {tuple(row[1:]) for row in rows_of(everything, 0)} == {("< 10", "–", "–", "–", "–", FEW)}
    assert "Fewer than 10 people have taken both tests. Nothing is shown until 10 have." in text_of(
        one
    )
    assert main_of(one).findall(".//svg") == []


def test_nine_people_show_nothing_and_ten_do(app, secretariat):
    cohort(app, {("MD-OR", "en"): 9})
    assert "Fewer than 10 people have taken both tests. Nothing" in text_of(secretariat.get(PAGE))

    cohort(app, {("MD-OR", "en"): 1})
    # Before 5 x 40 and 4 x 60 and 40 again: 480 / 10; after 6 x 70 and 4 x 90: 780 / 10.
    # Gain (78 - 48) / (100 - 48) = 0.577.
    row = rows_of(secretariat.get(PAGE), 0)[0]

    assert row[:5] == ["Everyone", "10", "48.0", "78.0", "0.58"]
    assert row[6] == "Medium gain"


def test_a_small_language_and_what_tells_of_it_are_held_back(app, secretariat):
    cohort(app, {("MD-OR", "en"): 24, ("MD-OR", "ro"): 12, ("MD-BA", "en"): 20, ("MD-BA", "uk"): 4})
    answer = secretariat.get(PAGE)

    languages, regions = rows_of(answer, 0), rows_of(answer, 1)

    assert [row[:2] for row in languages] == [
        ["Everyone", "60"],
        ["English", "44"],
        ["Română", "–"],
        ["Українська", "< 10"],
    ]
    assert [row[-1] for row in languages[2:]] == [HELD, FEW]
    assert sorted(row[1] for row in regions) == ["24", "36"]


def test_regions_without_a_figure_are_named_together_below_those_with_one(app, secretariat):
    cohort(app, {("MD-OR", "en"): 40, ("MD-BA", "en"): 4, ("MD-CU", "en"): 24})

    answer = secretariat.get(PAGE)

    assert [row[1] for row in rows_of(answer, 1)] == ["40"]
    few, held = main_of(answer).findall(".//dl/div")
    assert (words(few), words(held)) == (f"{FEW} Bălți", f"{HELD} Chișinău")


def test_the_file_holds_the_lines_of_the_page(app, secretariat):
    cohort(app, {("MD-OR", "en"): 24, ("MD-BA", "ro"): 12})

    answer = secretariat.get(f"{PAGE}.csv")
    head, *rows = file_of(answer)

    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="ciss-{MODULE}-gain-2026-11-26.csv"'
    )
    assert head[1:8] == [
        "Kind",
        "Code",
        "Group",
        "People",
        "Before, of 100",
        "After, of 100",
        "Gain",
    ]
    assert [row[1:8] for row in rows] == [
        ["all", "", "Everyone", "36", "50.000", "80.000", "0.600"],
        ["language", "en", "English", "24", "50.000", "80.000", "0.600"],
        ["language", "ro", "Română", "12", "50.000", "80.000", "0.600"],
        ["region", "MD-BA", rows[3][3], "12", "50.000", "80.000", "0.600"],
        ["region", "MD-OR", rows[4][3], "24", "50.000", "80.000", "0.600"],
    ]


def test_a_file_shows_nothing_that_the_page_holds_back(app, secretariat):
    cohort(app, {("MD-OR", "en"): 30, ("MD-OR", "uk"): 3})

    _head, whole, english, ukrainian, region = file_of(secretariat.get(f"{PAGE}.csv"))

    assert (whole[4], region[4]) == ("33", "33")
    assert english[4:] == ["", "", "", "", "", "", HELD]
    assert ukrainian[4:] == ["", "", "", "", "", "", FEW]


def test_no_page_and_no_file_names_a_person_or_a_school(app, secretariat):
    cohort(app, {("MD-OR", "en"): 30})
    quizzes(app, 30)

    for address in (
        PAGE,
        f"{PAGE}.csv",
        f"{PAGE}/questions.csv",
        f"{PAGE}/questions/{SINGLE}",
        "/admin/evaluation",
    ):
        text = secretariat.get(address).get_data(as_text=True)
        assert "Learner" not in text
        assert "school.example" not in text
        assert "Lyceum" not in text


def test_a_module_that_is_not_there(secretariat):
    for address in ("/admin/evaluation/nothing", "/admin/evaluation/nothing.csv"):
        assert secretariat.get(address).status_code == 404
    assert secretariat.get(f"{PAGE}/questions/nothing").status_code == 404


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.COORDINATOR, Role.SCHOOL_MANAGER], ids=str)
def test_only_the_secretariat_sees_them(sign_in, role):
    browser = sign_in(make.user(role))

    for address in ("/admin/evaluation", PAGE, f"{PAGE}.csv", f"{PAGE}/questions.csv"):
        assert browser.get(address).status_code == 403


def test_the_page_of_the_programme_leads_here(secretariat):
    links = [one.get("href") for one in main_of(secretariat.get("/admin")).iter("a")]

    assert "/admin/evaluation" in links


# --- questions -------------------------------------------------------------------------------


def test_a_question_with_its_options_and_remarks(app, secretariat):
    quizzes(app, 60)
    answer = secretariat.get(f"{PAGE}/questions/{SINGLE}")

    # Every second of 60 is right; the rest is 0 for every fourth, who is wrong: of the 30 right ones
    # all have 1, of the 30 wrong ones 15. r = (60 x 30 - 30 x 45) / sqrt(900) / sqrt(45 x 15) = 0.577.
    assert rows_of(answer, 0)[0][:4] == ["All languages", "60", "0.50", "0.58"]
    options = {row[1]: row[2:] for row in rows_of(answer, 1) if row[2] != "0.00"}
    assert options == {"right": ["0.50", "0.67", "1.00"], "wrong": ["0.50", "0.33", "0.50"]}
    # Of the wrong options one was chosen.
    assert text_of(answer).count("it distracts no one.") == len(QUESTION.key.options) - 2 > 0


def test_the_table_of_questions_and_its_file(app, secretariat):
    quizzes(app, 60)

    page = secretariat.get(PAGE)
    remarked, others = rows_of(page, -2), rows_of(page, -1)
    head, *rows = file_of(secretariat.get(f"{PAGE}/questions.csv"))

    # What looks wrong stands first, below the question itself; what nobody was asked is folded away.
    asked = [f"{PLACE + 1}. ", f"{FIRST.questions.index(OTHER) + 1}. "]
    assert [row[0][: len(number)] for row, number in zip(remarked, asked, strict=True)] == asked
    assert remarked[0][1:4] == ["60", "0.50", "0.58"]
    assert "it distracts no one." in remarked[0][0]
    assert len(others) == len(FIRST.questions) - 2
    assert {tuple(row[1:5]) for row in others} == {("< 10", "–", "–", "–")}
    assert [one.get("open") for one in main_of(page).iter("details")] == [None]
    assert head[1:6] == ["Question", "Language", "People", "Difficulty", "Discrimination"]
    rows = [row for row in rows if row[1] == SINGLE]
    assert [row[1:6] for row in rows] == [
        [SINGLE, "all", "60", "0.500", "0.577"],
        [SINGLE, "en", "60", "0.500", "0.577"],
    ]
    assert f"{RIGHT} *, 0.500, 0.667, 1.000" in rows[0][9]


def test_a_page_takes_as_many_statements_for_many_people_as_for_few(app, secretariat):
    def counted() -> int:
        with statements_sent(app) as seen:
            assert secretariat.get(PAGE).status_code == 200
        return len(seen)

    few = counted()
    cohort(app, {("MD-OR", "en"): 12, ("MD-BA", "ro"): 12})
    quizzes(app, 24)

    assert counted() == few


# --- removing a question ---------------------------------------------------------------------


def test_the_page_says_how_many_attempts_are_graded_again(app, secretariat):
    quizzes(app, 12)

    text = text_of(secretariat.get(f"{PAGE}/questions/{SINGLE}/void"))

    assert "12 submitted attempts included this question and will be marked again." in text


@pytest.mark.parametrize("reason", ["", "too short", " " * 40])
def test_without_a_reason_nothing_happens(app, secretariat, reason):
    answer = secretariat.post(f"{PAGE}/questions/{SINGLE}/void", data={"reason": reason})

    assert answer.status_code == 422
    with app.app_context():
        assert session.query(VoidedQuestion).count() == 0


def test_a_question_is_removed_with_a_reason(app, secretariat):
    quizzes(app, 12)
    reason = "The key named the wrong answer."

    answer = secretariat.post(f"{PAGE}/questions/{SINGLE}/void", data={"reason": reason})

    assert (answer.status_code, answer.location) == (302, PAGE)
    page = secretariat.get(PAGE)
    assert "The question has been removed." in text_of(page)
    row = rows_of(page, -1)[PLACE]
    assert row[1:] == ["–", "–", "–", "–", ""]
    assert row[0].endswith(f"Removed on 26 November 2026: {reason}")
    with app.app_context():
        assert session.get(VoidedQuestion, (MODULE, SINGLE)).reason == reason
        assert {one.total for one in session.query(Attempt)} == {1}
    assert SINGLE not in secretariat.get(f"{PAGE}/questions.csv").get_data(as_text=True)
    again = secretariat.get(f"{PAGE}/questions/{SINGLE}")
    assert reason in text_of(again)
    assert main_of(again).findall(".//table") == []


def test_a_second_time_is_refused_and_what_was_written_stays(app, secretariat):
    address = f"{PAGE}/questions/{SINGLE}/void"
    secretariat.post(address, data={"reason": "The key named the wrong answer."})

    answer = secretariat.post(address, data={"reason": "It is still wrong, I think."})

    assert answer.status_code == 422
    assert "This question has already been removed." in text_of(answer)
    assert "It is still wrong, I think." in text_of(answer)
