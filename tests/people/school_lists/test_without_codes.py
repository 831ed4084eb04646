"""Schools whose list has no code are told by their names and places."""

import random
from datetime import timedelta
from itertools import chain, product
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.people.school_lists.list_files import FORMULA
from cissapp.people.school_lists.rules import RowOutcome, RowReader, UndoOutcome
from cissapp.people.school_lists.rules.likeness import TownIndex, telling_parts
from cissapp.people.school_lists.rules.sounds import is_own_code, own_code
from cissapp.people.school_lists.services.applying import apply_rows
from cissapp.people.school_lists.services.checking import check_rows, contradicts, remember_seen
from cissapp.people.school_lists.services.deciding import NO_CODE_YET, SAME_NAME_BEFORE, read_rows
from cissapp.people.school_lists.services.merging import merge_schools
from cissapp.people.school_lists.services.recognising import ImportTask
from cissapp.people.school_lists.services.undoing import undo_rows
from cissapp.people.schools import services as school_services
from cissapp.people.schools.models import School
from tests.factories import NOW
from tests.people.school_lists.test_applying import COLUMNS, bring, rows_of

EARLIER = NOW - timedelta(days=1)
OWN = "own"
C, CH, D, F, R, U = (
    RowOutcome.CREATED,
    RowOutcome.CHANGED,
    RowOutcome.DUPLICATE,
    RowOutcome.DIFFERS,
    RowOutcome.REFUSED,
    RowOutcome.UNCHANGED,
)


@pytest.fixture
def group(context, make):
    return make.group("MD")


def send(group, *rows, at=NOW, a_part=100, **how):
    """Check a list and import it part by part, as the page does."""
    countries = {"MD": content().countries["MD"]}
    task = ImportTask({"MD": group}, countries, at, **how)

    def parts():
        cells = rows_of(*({"code": "", **row} for row in rows))
        read = read_rows(cells, RowReader(COLUMNS, countries))
        return [read[first : first + a_part] for first in range(0, len(read), a_part)]

    seen, checked, done = {}, [], []
    for part in parts():
        results = check_rows(part, task, seen)
        checked.append(results)
        known = {}
        remember_seen([one.stored() for one in chain(*checked)], known)
        assert known == seen  # another process may check the next part
    for part, results in zip(parts(), checked, strict=True):
        for row, result in zip(part, results, strict=True):
            row.contradicts = contradicts(result.stored())
        done += apply_rows(part, task, by=SYSTEM, at=at + timedelta(minutes=1))
    checked = list(chain(*checked))
    for was, now in zip(checked, done, strict=True):
        # An earlier row may have changed how the name is written.
        pair = (was.outcome, now.outcome)
        is_left = pair == (U, F) and now.problems == was.problems
        assert now.outcome is was.outcome or pair == (F, U) or is_left
    return done


def outcomes(results):
    return [result.outcome for result in results]


def schools():
    query = select(School.code, School.name, School.pupils).where(School.only_for_id.is_(None))
    return [tuple(row) for row in session.execute(query.order_by(School.name_key, School.code))]


def entered(make, group, name, **facts):
    facts = {"locality": "Orhei", "region_code": "MD-OR", "language": "ro", **facts}
    return make.school(group_id=group.id, name=name, registered_at=EARLIER, **facts)


@pytest.mark.one_database("sqlite")
def test_a_new_school_gets_a_code_and_the_same_list_again_changes_nothing(group):
    rows = [{"name": "Liceul nr. 1"}, {"name": "Gimnaziul nr. 2", "code": "–"}]

    first = send(group, *rows)
    before = schools()
    again = send(group, *rows, at=NOW + timedelta(days=1), changes_schools=True)

    assert (outcomes(first), outcomes(again)) == ([C, C], [U, U])
    assert [is_own_code(code) for code, *_facts in before] == [True, True]
    assert schools() == before


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("there", "row"),
    [
        ({}, {}),
        ({}, {"name": "LICEUL  „EMINESCU”"}),
        ({"locality": "or. Orhei"}, {}),
        ({}, {"name": "Лицей Эминеску", "locality": "Орхей"}),
        ({"name": "Liceul nr. 3"}, {"name": "Liceul № 3"}),
    ],
)
def test_a_school_of_that_name_and_place_is_the_one_and_keeps_its_code(group, make, there, row):
    school = entered(make, group, **{"name": "Liceul Eminescu", "pupils": 300, **there})
    code, name = school.code, school.name

    (left,) = send(group, row)
    (changed,) = send(group, row, changes_schools=True)

    assert (left.outcome, left.school_id) == (RowOutcome.DIFFERS, school.id)
    assert left.problems[0].values == {"columns": "pupils"}
    assert (changed.outcome, changed.school_id) == (CH, school.id)
    assert schools() == [(code, name, 412)]


NEAR = [
    ("Liceul nr. 3", "Gimnaziul nr. 3"),
    ("Liceul nr. 3", "Liceul nr. 3 Mihai Eminescu"),
    ("Liceul Mihai Eminescu", "Liceul Eminescu"),
    ("Primary School No. 3", "Secondary School No. 3"),
    ("Якушинецька школа", "Якушинецький ліцей"),
    ("Gimnaziul", "Școala Orhei"),
]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(("there", "name"), [*NEAR, *((one, other) for other, one in NEAR)])
def test_a_school_whose_name_has_changed_a_little_is_a_possible_duplicate(group, make, there, name):
    school = entered(make, group, there)

    (result,) = send(group, {"name": name})
    (kept,) = send(group, {"name": name}, keeps_duplicates=True)

    assert (result.outcome, result.school_id) == (D, school.id)
    assert result.problems[0].values == {"name": there, "code": school.code}
    assert kept.outcome is C


OTHER_KINDS = [
    ("Primary School No. 3", "Средняя школа № 3"),
    ("Școala nr. 3", "Средняя школа № 3"),
    ("Primary School", "Средняя школа"),
]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("code", ["", "0412"])
@pytest.mark.parametrize(("there", "name"), OTHER_KINDS)
def test_in_two_scripts_a_number_alone_does_not_make_a_school_the_one(
    group, make, there, name, code
):
    school = entered(make, group, there, code=own_code(read_facts({"name": there})), pupils=300)

    (result,) = send(group, {"name": name, "locality": "Орхей", "code": code}, changes_schools=True)

    assert (result.outcome, result.school_id) == (D, school.id)


@pytest.mark.one_database("sqlite")
def test_a_lyceum_is_told_by_its_number_in_two_scripts(group, make):
    school = entered(make, group, "Liceul nr. 3")

    (result,) = send(group, {"name": "Лицей № 3", "locality": "Орхей"}, changes_schools=True)

    assert (result.outcome, result.school_id) == (CH, school.id)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("there", "row"),
    [
        ({"name": "Liceul nr. 3"}, {"name": "Liceul nr. 4"}),
        ({"name": "Liceul nr. 3 Eminescu"}, {"name": "Liceul nr. 4 Eminescu"}),
        ({"name": "Gimnaziul Creangă"}, {"name": "Gimnaziul Coșbuc"}),
        ({"name": "Liceul nr. 3"}, {"name": "Gimnaziul Coșbuc"}),
        ({"locality": "Peresecina"}, {}),
        ({"region_code": "MD-CA"}, {}),
    ],
)
def test_another_name_or_place_is_another_school(group, make, there, row):
    entered(make, group, **{"name": "Liceul Eminescu", **there})

    assert outcomes(send(group, row)) == [C]


@pytest.mark.one_database("sqlite")
def test_of_rows_with_one_name_and_place_the_first_counts_and_the_others_say_so(group):
    rows = [{}, {}, {"pupils": "9"}, {"region": "MD-CA", "pupils": "9"}]

    for changes in (False, True):
        results = send(group, *rows, changes_schools=changes)

        assert outcomes(results) == [
            U if changes else C,
            U,
            RowOutcome.DIFFERS,
            U if changes else C,
        ]
        assert [len(one.problems) for one in results] == [0, 1, 1, 0]
        assert "same name and place" in results[1].problems[0].message
        assert results[2].problems == results[1].problems
    assert [pupils for *_school, pupils in schools()] in ([412, 9], [9, 412])


@pytest.mark.one_database("sqlite")
def test_schools_of_one_name_in_towns_that_sound_alike_are_not_taken_for_one(group, make):
    village = entered(make, group, "Іванівська гімназія", locality="с. Іванівка")
    name = "Іванівська гімназія"

    same, other = send(
        group, {"name": name, "locality": "Іванівка"}, {"name": name, "locality": "Іванівці"}
    )

    assert (same.outcome, same.school_id) == (RowOutcome.DIFFERS, village.id)
    assert (other.outcome, other.school_id) == (D, village.id)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("has_code", [True, False])
def test_a_merged_school_stands_for_the_one_that_it_is_now(group, make, has_code):
    kept = entered(make, group, "Gimnaziul Coșbuc")
    if has_code:
        other = entered(make, group, "Liceul Eminescu")
    else:
        (result,) = send(group, {}, at=EARLIER)
        other = session.get(School, result.school_id)
    merge_schools(kept, other, by=SYSTEM, at=NOW)

    (result,) = send(group, {}, changes_schools=True)

    assert (result.outcome, result.school_id) == (U, kept.id)
    assert [problem.values["code"] for problem in result.problems] == [kept.code]


@pytest.mark.one_database("sqlite")
def test_a_code_that_a_later_list_has_is_taken_over_and_given_back(group):
    (first,) = send(group, {}, at=EARLIER)
    own = schools()
    coded = {"code": "0412"}

    assert outcomes(send(group, coded)) == [RowOutcome.DIFFERS]
    (taken,) = send(group, coded, changes_schools=True)
    assert (taken.outcome, taken.school_id) == (CH, first.school_id)
    assert schools() == [("0412", "Liceul Eminescu", 412)]
    assert outcomes(send(group, {}, {**coded, "code": "0413"})) == [U, D]

    undo_rows([(taken, read_row(coded))], by=SYSTEM, at=NOW)
    assert (taken.undo, schools()) == (UndoOutcome.UNDONE, own)


IN_PARTS = pytest.mark.parametrize("a_part", [100, 1])


@pytest.mark.one_database("sqlite")
@IN_PARTS
@pytest.mark.parametrize("pupils", ["412", "", "9"])
def test_of_two_codes_on_one_name_the_first_one_is_taken_over(group, pupils, a_part):
    send(group, {"pupils": pupils.replace("9", "412")}, at=EARLIER)
    rows = [{"code": "0412", "pupils": "412" if pupils else ""}, {"code": "0413", "pupils": pupils}]

    results = send(group, *rows, changes_schools=True, a_part=a_part)
    left = send(group, *rows, changes_schools=True)

    assert (outcomes(results), outcomes(left)) == ([CH, D], [U, D])
    assert results[1].problems == left[1].problems
    assert [code for code, *_facts in schools()] == ["0412"]


@pytest.mark.one_database("sqlite")
@IN_PARTS
def test_two_codes_on_one_name_are_two_schools_if_duplicates_are_kept(group, a_part):
    send(group, {}, at=EARLIER)
    rows = [{"code": "0412"}, {"code": "0413", "pupils": "9"}, {"code": "0412"}]
    how = {"changes_schools": True, "keeps_duplicates": True, "a_part": a_part}

    results, again = send(group, *rows, **how), send(group, *rows, **how)

    assert (outcomes(results), outcomes(again)) == ([CH, C, U], [U, U, U])
    assert [code for code, *_facts in schools()] == ["0412", "0413"]


@pytest.mark.one_database("sqlite")
@IN_PARTS
def test_a_code_that_an_earlier_row_without_one_contradicts_is_not_taken_over(group, a_part):
    send(group, {}, at=EARLIER)
    rows = [{}, {"code": "0412", "pupils": "9"}, {"code": "0413"}, {"code": "0414"}]

    results = send(group, *rows, changes_schools=True, a_part=a_part)

    assert outcomes(results) == [U, RowOutcome.DIFFERS, CH, D]
    assert "same name and place" in results[1].problems[0].message
    assert [code for code, *_facts in schools()] == ["0413"]


CODED = {"code": "0412"}


@pytest.mark.one_database("sqlite")
@IN_PARTS
@pytest.mark.parametrize("changes", [True, False])
@pytest.mark.parametrize(
    ("rows", "found", "changed", "kept"),
    [
        ([{}, CODED], [C, F], [C, CH], ["0412"]),
        ([CODED, {}], [C, F], [C, F], ["0412"]),
        ([CODED, {"pupils": "9"}], [C, F], [C, F], ["0412"]),
        ([{}, {**CODED, "pupils": "9"}], [C, F], [C, F], [OWN]),
        ([{}, CODED, {"code": "0413"}], [C, F, F], [C, CH, C], ["0412", "0413"]),
        ([{"code": "0411"}, CODED, {}], [C, C, F], [C, C, F], ["0411", "0412"]),
    ],
)
def test_rows_with_and_without_a_code_of_one_list_do_not_make_two_schools(
    group, rows, found, changed, kept, changes, a_part
):
    results = send(group, *rows, changes_schools=changes, a_part=a_part)

    assert outcomes(results) == (changed if changes else found)
    assert all(one.problems for one in results if one.outcome is not C)
    codes = kept if changes or not is_own(rows[0]) else [OWN]
    assert [OWN if is_own_code(code) else code for code, *_facts in schools()] == codes
    before = schools()
    again = send(group, *rows, changes_schools=changes, at=NOW + timedelta(days=1))
    assert {C, CH}.isdisjoint(outcomes(again))
    assert schools() == before
    words = [read_row(row) for row in rows]
    undo_rows(list(zip(results, words, strict=True)), by=SYSTEM, at=NOW)
    assert (schools(), {one.undo for one in results} - {None}) == ([], {UndoOutcome.UNDONE})


def is_own(row):
    return "code" not in row


@pytest.mark.one_database("sqlite")
@IN_PARTS
def test_a_row_without_a_code_after_one_that_gave_it_says_so_and_adds_nothing(group, a_part):
    results = send(group, {}, CODED, {}, changes_schools=True, a_part=a_part)

    assert outcomes(results)[:2] == [C, CH]
    assert [problem.message for problem in results[2].problems] == [SAME_NAME_BEFORE]
    assert schools() == [("0412", "Liceul Eminescu", 412)]


@IN_PARTS
def test_rows_that_change_one_school_one_after_the_other_are_undone(group, a_part):
    send(group, {"pupils": "100"}, at=EARLIER)
    before, rows = schools(), [{}, CODED]
    results = send(group, *rows, changes_schools=True, a_part=a_part)
    assert schools() == [("0412", "Liceul Eminescu", 412)]

    undo_rows(list(zip(results, map(read_row, rows), strict=True)), by=SYSTEM, at=NOW)

    assert outcomes(results) == [CH, CH]
    assert [one.undo for one in results] == [UndoOutcome.UNDONE] * 2
    assert schools() == before


@pytest.mark.one_database("sqlite")
def test_a_code_for_a_school_without_one_is_offered_and_not_called_a_difference(group):
    send(group, {}, at=EARLIER)

    (result,) = send(group, CODED)

    assert [problem.message for problem in result.problems] == [NO_CODE_YET]


def read_row(row):
    reader = RowReader(COLUMNS, {"MD": content().countries["MD"]})
    return reader.read(rows_of({"code": "", **row})[0][1], FORMULA)


def read_facts(row):
    return read_row(row).facts


def test_what_a_row_with_the_own_code_of_a_school_changed_can_be_undone(group):
    send(group, {}, at=EARLIER)
    before = schools()
    renamed = {"code": before[0][0], "name": "Liceul Mihai Eminescu", "pupils": "9"}
    (result,) = send(group, renamed, changes_schools=True)

    undo_rows([(result, read_row(renamed))], by=SYSTEM, at=NOW)

    assert (result.outcome, result.undo) == (CH, UndoOutcome.UNDONE)
    assert schools() == before


@pytest.mark.one_database("sqlite")
def test_what_a_list_without_codes_did_can_be_undone(group, make):
    school = entered(make, group, "Лицей Эминеску", pupils=300)
    rows = [{}, {"name": "Liceul nr. 7"}]
    before = schools()
    results = send(group, *rows, changes_schools=True)

    undo_rows(list(zip(results, map(read_row, rows), strict=True)), by=SYSTEM, at=NOW)

    assert outcomes(results) == [CH, C]
    assert [one.undo for one in results] == [UndoOutcome.UNDONE] * 2
    assert (schools(), results[0].school_id) == (before, school.id)
    assert outcomes(send(group, rows[1])) == [C]


def test_what_somebody_changed_since_is_not_undone(group, make):
    school = entered(make, group, "Liceul Eminescu", pupils=300)
    (result,) = send(group, {}, changes_schools=True)
    session.execute(update(School).where(School.id == school.id).values(pupils=7))
    session.refresh(school)

    undo_rows([(result, read_row({}))], by=SYSTEM, at=NOW)

    assert result.undo is UndoOutcome.LEFT


@pytest.mark.one_database("sqlite")
def test_a_school_of_that_name_in_another_group_is_not_taken(group, make):
    other = make.group("MD")
    entered(make, other, "Liceul Eminescu", pupils=300)

    assert outcomes(send(group, {}, changes_schools=True)) == [D]


@pytest.mark.one_database("sqlite")
def test_a_school_without_a_code_of_another_group_keeps_nobody_out(group, make):
    (there,) = send(make.group("MD"), {}, at=EARLIER)

    (result,) = send(group, CODED, changes_schools=True)
    (kept,) = send(group, CODED, keeps_duplicates=True)

    assert (result.outcome, result.school_id) == (D, there.school_id)
    assert kept.outcome is C
    assert [OWN if is_own_code(code) else code for code, *_facts in schools()] == ["0412", OWN]


@pytest.mark.one_database("sqlite")
def test_people_of_a_school_without_a_code_are_invited_once(group):
    row = {"head_email": "head@school.example", "head_name": "Ana"}

    first, again = send(group, row), send(group, row, row, at=NOW + timedelta(days=1))

    assert [len(one.invitation_ids) for one in (*first, *again)] == [1, 0, 0]


NAMES = ["Liceul {}", "Gimnaziul {}", "Liceul {} Eminescu", "Școala {}", "LICEUL „{}”"]
TOLD = ["nr. 1", "nr. 2", "№ 1", "Creangă", "Coșbuc", ""]


def any_row(chance, share_of_codes):
    row = {
        "name": chance.choice(NAMES).format(chance.choice(TOLD)).strip(),
        "locality": chance.choice(["Orhei", "or. Orhei", "Peresecina"]),
        "region": chance.choice(["MD-OR", "MD-CA"]),
        "pupils": chance.choice(["100", "200"]),
    }
    if not share_of_codes:
        return row
    # With codes among them, rows of one name agree: the code of one that an earlier row contradicts is not taken over.
    code = own_code(read_facts(row))[5:]
    row["pupils"] = f"{crc32(code.encode()) % 1000}"
    code += chance.choice(["", "", "-B"])
    return row | ({"code": code} if chance.random() < share_of_codes else {})


@pytest.mark.one_database("postgresql")
@pytest.mark.parametrize("seed", range(40))
def test_any_list_sent_twice_changes_nothing(group, seed):
    chance, codes = random.Random(seed), 0.3 * (seed % 2)
    send(group, *(any_row(chance, codes) for _ in range(4)), at=EARLIER, keeps_duplicates=True)
    rows = [any_row(chance, codes) for _ in range(12)]
    how = {
        "changes_schools": chance.random() < 0.5,
        "keeps_duplicates": chance.random() < 0.5,
    }
    send(group, *rows, **how)
    before = schools()

    again = send(group, *rows, at=NOW + timedelta(days=1), **how)

    assert {C, CH}.isdisjoint(outcomes(again))
    assert schools() == before


def test_the_statements_of_a_part_do_not_grow_with_its_rows(group):
    def statements(*rows):
        asked = []
        engine = session.get_bind()
        count = lambda *values: asked.append(values[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", count)
        bring(group, *({**row, "code": ""} for row in rows), keeps_duplicates=True)
        event.remove(engine, "before_cursor_execute", count)
        return len([one for one in asked if not one.startswith(("SAVEPOINT", "RELEASE"))])

    few = statements(*({"name": f"Liceul nr. {number}"} for number in range(3)))
    many = statements(
        *({"name": f"Liceul {number}", "locality": f"Town {number}"} for number in range(60))
    )

    assert many <= few
    assert session.scalar(select(func.count(School.id))) == 63


WORDS = st.sampled_from(["1", "2", "iminiscu", "iministu", "crianga", "mihai", "iminisc", "ana"])
SOUNDS = st.lists(WORDS, max_size=4).map(lambda words: f"rh, s {' '.join(sorted(words))}")


@given(st.lists(SOUNDS, unique=True), SOUNDS)
def test_a_name_is_compared_with_few_others_and_none_is_missed(there, sound):
    parts = telling_parts(sound)

    found = set(TownIndex(there).near(sound))

    assert found == {other for other in there if telling_parts(other).is_near(parts)}


def test_names_of_one_town_that_share_a_word_are_not_compared_with_each_other(monkeypatch):
    words = map("".join, product("abcdefghijklmno", repeat=3))
    index = TownIndex(f"kv, s kiiv {word}word" for word in words)
    compared = []
    monkeypatch.setattr(
        "cissapp.people.school_lists.rules.likeness.TellingParts.is_near",
        lambda *both: compared.append(both),
    )

    assert list(index.near("kv, s another kiiv")) == []
    assert len(compared) < 10


@pytest.mark.one_database("sqlite")
def test_a_school_that_was_renamed_by_hand_is_still_the_one(group):
    (first,) = send(group, {}, at=EARLIER)
    school = session.get(School, first.school_id)
    renamed = read_facts({"name": "Liceul Eliade"})
    school_services.change_facts(
        school, type(renamed)(**{**{name: getattr(renamed, name) for name in renamed.__struct_fields__}, "code": school.code}), by=SYSTEM, at=NOW,
    )  # fmt: skip

    (result,) = send(group, {}, changes_schools=True)

    assert (result.outcome, result.school_id) == (U, school.id)
    assert schools()[0][1] == "Liceul Eliade"


@pytest.mark.one_database("sqlite")
def test_a_total_is_no_school_and_is_counted(group):
    total = dict.fromkeys(("country", "region", "locality", "language", "code"), "")

    results = send(group, {}, {**total, "name": "Total", "pupils": "412"})

    assert outcomes(results) == [C, RowOutcome.SKIPPED]
    assert len(schools()) == 1
