"""Lists of schools: a result for each row, good rows unaffected, safe to repeat."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailRank
from cissapp.people.school_lists.list_files import FORMULA
from cissapp.people.school_lists.rules import ListColumn, RowOutcome, RowReader, UndoOutcome
from cissapp.people.school_lists.services.applying import apply_rows
from cissapp.people.school_lists.services.checking import check_rows, contradicts, remember_seen
from cissapp.people.school_lists.services.deciding import HAS_LEFT, read_rows
from cissapp.people.school_lists.services.recognising import ImportTask
from cissapp.people.school_lists.services.undoing import undo_rows
from cissapp.people.schools import services as school_services
from cissapp.people.schools.models import School
from cissapp.people.schools.queries.tallies import tallies_of
from cissapp.people.schools.rules import Figure
from cissapp.people.schools.services import history, tallies
from tests.factories import NOW
from tests.statements import statements_sent

ROW = {
    "country": "MD",
    "region": "MD-OR",
    "code": "0001",
    "name": "Liceul Eminescu",
    "locality": "Orhei",
    "language": "ro",
    "pupils": "412",
}


COLUMNS = [ListColumn(name) for name in [*ROW, "head_email", "head_name"]]


def rows_of(*rows):
    return [
        (number, [{**ROW, **row}.get(column.value, "") for column in COLUMNS])
        for number, row in enumerate(rows, start=2)
    ]


@pytest.fixture
def group(context, make):
    return make.group("MD")


def task_of(groups, **how):
    countries = {code: content().countries[code] for code in groups or ["MD"]}
    return ImportTask(groups, countries, NOW, **how)


def bring(group, *rows, by=SYSTEM, **how):
    task = task_of(dict.fromkeys(group.country_codes, group), **how)
    read = read_rows(rows_of(*rows), RowReader(COLUMNS, task.countries))
    return apply_rows(read, task, by=by, at=NOW)


def told(results):
    return [
        (number, result.outcome, [problem.code for problem in result.problems])
        for number, result in enumerate(results, start=2)
    ]


def invitations():
    rows = session.scalars(select(Invitation).order_by(Invitation.email))
    return [(one.email, one.duty, one.school.code, one.revoked_at) for one in rows]


def test_good_rows_come_in_whatever_the_others_are(group):
    brought = bring(
        group,
        {},
        {"code": "0002", "region": "Nowhere", "language": "fr", "pupils": "many"},
        {"code": "0003", "country": "", "region": "chişinău".title(), "pupils": ""},
        {"code": "", "name": "x" * 301},
        {"code": "0005", "country": "UA", "region": "UA-30"},
        {"code": "0006", "region": "Orhei"},
    )

    assert told(brought) == [
        (2, RowOutcome.CREATED, []),
        (3, RowOutcome.REFUSED, ["pupils", "region_code", "language"]),
        (4, RowOutcome.CREATED, []),
        (5, RowOutcome.REFUSED, ["name"]),
        (6, RowOutcome.REFUSED, ["country_code"]),
        (7, RowOutcome.CREATED, []),
    ]
    rows = session.execute(
        select(School.code, School.region_code, School.pupils).order_by(School.code)
    )
    assert [tuple(row) for row in rows] == [
        ("0001", "MD-OR", 412),
        ("0003", "MD-CU", None),
        ("0006", "MD-OR", 412),
    ]
    assert tallies_of("MD")["MD-OR"][Figure.SCHOOLS] == 2


@pytest.mark.one_database("sqlite")
def test_the_same_list_again_changes_nothing(group):
    rows = [{"head_email": "Head@School.example", "head_name": "Ana"}, {"code": "0002"}]
    bring(group, *rows)
    before = invitations()

    brought = bring(group, *rows)

    assert told(brought) == [(2, RowOutcome.UNCHANGED, []), (3, RowOutcome.UNCHANGED, [])]
    assert len(before) == 1
    assert invitations() == before
    assert session.scalar(select(func.count(Mail.id))) == 1
    assert session.scalar(select(func.count(School.id))) == 2


def test_a_school_that_differs_is_left_as_it_is(group):
    bring(group, {})

    brought = bring(
        group, {"name": "Another name", "pupils": "", "head_email": "new@school.example"}
    )

    assert told(brought) == [(2, RowOutcome.DIFFERS, ["row"])]
    assert brought[0].problems[0].values == {"columns": "name, pupils"}
    assert session.scalars(select(School.name)).all() == ["Liceul Eminescu"]
    assert invitations() == []


def test_a_code_twice_in_a_list_is_one_school(group):
    brought = bring(group, {}, {}, {"locality": "Peresecina"})

    assert told(brought) == [
        (2, RowOutcome.CREATED, []),
        (3, RowOutcome.UNCHANGED, []),
        (4, RowOutcome.DIFFERS, ["row"]),
    ]


def test_heads_are_invited_once(group, make):
    made = make.user(Role.SECRETARIAT, email="taken@ciss.example")
    brought = bring(
        group,
        {"head_email": "a@school.example", "head_name": "Ana"},
        {"code": "0002", "head_email": "A@SCHOOL.example"},
        {"code": "0003", "head_email": made.email},
        {"code": "0004", "head_email": "no address"},
        {"code": "0005", "head_name": "Nobody"},
    )

    assert told(brought) == [
        (2, RowOutcome.CREATED, ["email"]),
        (3, RowOutcome.CREATED, ["email"]),
        (4, RowOutcome.CREATED, ["email"]),
        (5, RowOutcome.REFUSED, ["email"]),
        (6, RowOutcome.CREATED, ["email"]),
    ]
    assert [(email, school) for email, _duty, school, _withdrawn in invitations()] == [
        ("a@school.example", "0001")
    ]


def test_invitations_of_a_list_leave_after_other_mails(group):
    bring(group, {"head_email": "a@school.example"})

    assert session.scalars(select(Mail.rank)).all() == [MailRank.LIST]


@pytest.mark.one_database("sqlite")
def test_a_head_who_joined_or_was_refused_is_not_invited_again(group):
    rows = [{"head_email": "a@school.example"}, {"code": "0002", "head_email": "b@school.example"}]
    bring(group, *rows)
    for one in session.scalars(select(Invitation)):
        one.revoked_at = NOW
    session.flush()

    bring(group, *rows)

    assert len(invitations()) == 2


def test_whose_account_was_closed_is_not_invited_again_and_the_row_says_why(group, make):
    row = {"head_email": "a@school.example", "head_name": "Ana"}
    bring(group, row)
    school = session.scalars(select(School)).one()
    head = make.manager(school, email="a@school.example")
    person = session.get_one(User, head.id)
    accounts.deactivate(person, by=make.user(Role.SECRETARIAT), at=NOW)
    session.execute(update(Invitation).values(accepted_at=NOW))

    again = bring(group, row)
    elsewhere = bring(group, {**row, "code": "0002", "name": "Liceul Creangă"})

    messages = [one.message for brought in (again, elsewhere) for one in brought[0].problems]
    assert messages == [HAS_LEFT] * 2
    assert len(invitations()) == 1


@pytest.mark.one_database("sqlite")
def test_whose_account_was_closed_while_a_list_is_imported_invites_nobody(group, make):
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    row = {"head_email": "head@school.example", "head_name": "Ana"}
    before = bring(group, {**row, "head_email": "first@school.example"}, by=coordinator)
    accounts.deactivate(coordinator, by=make.user(Role.SECRETARIAT), at=NOW)

    session.refresh(coordinator)
    brought = bring(group, {**row, "code": "0002", "name": "Liceul Creangă"}, by=coordinator)

    assert told(before) == [(2, RowOutcome.CREATED, ["email"])]
    assert told(brought) == [(2, RowOutcome.CREATED, ["duty"])]
    assert invitations() == [("first@school.example", Duty.HEAD, "0001", NOW)]


@pytest.mark.one_database("sqlite")
def test_a_name_has_no_character_that_turns_the_text_after_it(group):
    bring(
        group, {"name": "Liceul \u202eucsenimE\u202c nr.\u200b 1", "locality": "\u2067Orhei\ufeff"}
    )

    school = session.scalars(select(School)).one()
    assert (school.name, school.locality) == ("Liceul ucsenimE nr. 1", "Orhei")


def test_a_school_of_another_group_stays_there(group, make):
    other = make.group("MD")
    make.school(group_id=other.id, **{**_columns(), "code": "0001"})

    assert told(bring(group, {})) == [(2, RowOutcome.REFUSED, ["code"])]


def _columns():
    return {"name": "Liceul Eminescu", "locality": "Orhei", "language": "ro", "pupils": 412}


def test_without_one_group_for_the_country_a_row_is_refused(context, make):
    make.country("MD")

    task = task_of({})
    read = read_rows(rows_of({}), RowReader(COLUMNS, task.countries))
    brought = apply_rows(read, task, by=SYSTEM, at=NOW)

    assert told(brought) == [(2, RowOutcome.REFUSED, ["country"])]


def test_a_row_that_the_database_does_not_take_harms_no_other(group, monkeypatch):
    enter = school_services.enter_schools

    def failing(facts_by_id, **values):
        made = enter(facts_by_id, **values)
        if any(facts.code == "0002" for facts in facts_by_id.values()):
            raise IntegrityError("INSERT", {}, ValueError())
        return made

    monkeypatch.setattr(school_services, "enter_schools", failing)

    brought = bring(group, {}, {"code": "0002"}, {"code": "0003"})

    assert told(brought) == [
        (2, RowOutcome.CREATED, []),
        (3, RowOutcome.REFUSED, ["row"]),
        (4, RowOutcome.CREATED, []),
    ]
    assert sorted(session.scalars(select(School.code))) == ["0001", "0003"]
    assert tallies_of("MD")["MD-OR"][Figure.REGISTERED] == 2
    assert tallies.repair_tallies(NOW) == 0


@pytest.mark.one_database("sqlite")
def test_a_check_writes_nothing_and_counts_a_code_once(group):
    task = task_of(dict.fromkeys(group.country_codes, group))
    reader, seen = RowReader(COLUMNS, task.countries), {}
    parts = [
        rows_of({}, {"head_email": "a@school.example", "code": "2"}),
        rows_of({}, {"name": "X"}),
    ]

    results = [check_rows(read_rows(part, reader), task, seen) for part in parts]

    assert [[(one.outcome, one.invited) for one in part] for part in results] == [
        [(RowOutcome.CREATED, 0), (RowOutcome.CREATED, 1)],
        [(RowOutcome.UNCHANGED, 0), (RowOutcome.DIFFERS, 0)],
    ]
    assert session.scalar(select(func.count(School.id))) == 0
    # What another process knows of them, which has a hash seed of its own.
    known = {}
    remember_seen([one.stored() for part in results for one in part], known)
    assert known == seen
    assert 42828735878154279 in known


@pytest.mark.parametrize(
    ("outcome", "code", "is_so"),
    [("differs", "code", True), ("differs", "row", False), ("refused", "code", False)],
)
def test_an_earlier_row_contradicts_in_whatever_words(outcome, code, is_so):
    stored = {"o": outcome, "p": [[code, "As another release put it.", {}]]}

    assert contradicts(stored) is is_so


@pytest.mark.one_database("sqlite")
def test_a_row_is_stored_as_one_that_an_earlier_row_contradicts(group):
    task = task_of(dict.fromkeys(group.country_codes, group))
    second = {"code": "2", "name": "Liceul Doi"}
    bring(group, second)
    rows = rows_of({}, {"name": "X"}, {**second, "name": "X"}, second)

    results = check_rows(read_rows(rows, RowReader(COLUMNS, task.countries)), task, {})

    assert [(one.outcome, contradicts(one.stored())) for one in results] == [
        (RowOutcome.CREATED, False),
        (RowOutcome.DIFFERS, True),
        (RowOutcome.DIFFERS, False),
        (RowOutcome.UNCHANGED, False),
    ]


def test_a_school_that_differs_is_changed_where_that_is_wanted(group):
    bring(group, {})

    (result,) = bring(group, {"region": "MD-CU", "pupils": "9"}, changes_schools=True)

    assert (result.outcome, result.before.region_code) == (RowOutcome.CHANGED, "MD-OR")
    assert session.scalars(select(School.region_code)).all() == ["MD-CU"]
    assert tallies.repair_tallies(NOW) == 0


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("changes", "outcome", "code"),
    [(True, RowOutcome.CHANGED, "00412"), (False, RowOutcome.DIFFERS, '="00412"')],
)
def test_a_school_that_has_the_signs_of_a_file_in_its_code_is_found_and_corrected(
    group, changes, outcome, code
):
    bring(group, {"code": '="00412"'})
    row = {"code": "00412", "name": "Liceul Mihai Eminescu", "locality": "Cahul"}

    (result,) = bring(group, row, changes_schools=changes)

    assert (result.outcome, [one.values for one in result.problems]) == (
        outcome,
        [{"columns": "code, name, locality"}],
    )
    assert session.scalars(select(School.code)).all() == [code]


@pytest.mark.one_database("sqlite")
def test_a_school_in_other_letters_is_a_possible_duplicate(group, make):
    there = make.school(group_id=group.id, name="Лицей № 12 им. Эминеску", locality="Orhei")

    twice = {"name": "Liceul nr. 12 Eminescu"}
    (result,) = bring(group, twice)
    (kept,) = bring(group, twice, keeps_duplicates=True)

    assert (result.outcome, result.school_id) == (RowOutcome.DUPLICATE, there.id)
    assert result.problems[0].values == {"name": there.name, "code": there.code}
    assert kept.outcome is RowOutcome.CREATED


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("in_register", "on_list"),
    [
        ("or. Orhei", "Orhei"),
        ("or. Orhei", "or. Orhei"),
        ("Orhei", "or. Orhei"),
        ("м. Орхей", "mun. Orhei"),
        ("s. Peresecina", "com. Peresecina"),
    ],
)
def test_a_school_whose_town_has_its_kind_is_a_possible_duplicate(
    in_register, on_list, group, make
):
    there = make.school(group_id=group.id, name=ROW["name"], locality=in_register)

    (result,) = bring(group, {"locality": on_list})

    assert (result.outcome, result.school_id) == (RowOutcome.DUPLICATE, there.id)


@pytest.mark.one_database("sqlite")
def test_a_school_of_another_town_is_no_duplicate(group, make):
    make.school(group_id=group.id, name=ROW["name"], locality="m. Orheiul Vechi")

    assert bring(group, {})[0].outcome is RowOutcome.CREATED


def test_the_statements_of_a_part_do_not_grow_with_its_rows(group):
    def statements(*rows):
        with statements_sent() as asked:
            bring(group, *rows, keeps_duplicates=True)
        return len([one for one in asked if not one.startswith(("SAVEPOINT", "RELEASE"))])

    few = statements(*({"code": f"A{number}"} for number in range(3)))
    many = statements(*({"code": f"B{number}"} for number in range(60)))

    assert many <= few


@pytest.mark.parametrize(
    ("is_now", "outcome"), [("or. Orhei", UndoOutcome.UNDONE), ("or. Cahul", UndoOutcome.LEFT)]
)
def test_an_import_that_entered_the_kind_of_the_town_can_be_undone(group, is_now, outcome):
    results = bring(group, {})
    row = RowReader(COLUMNS, {"MD": content().countries["MD"]}).read(rows_of({})[0][1], FORMULA)
    session.scalars(select(School)).one().locality = is_now

    undo_rows(list(zip(results, [row], strict=True)), by=SYSTEM, at=NOW)

    assert results[0].undo is outcome


def test_the_statements_of_an_undo_do_not_grow_with_its_rows(group):
    def statements(*rows):
        results = bring(group, *rows, keeps_duplicates=True)
        reader = RowReader(COLUMNS, {"MD": content().countries["MD"]})
        wanted = [
            (result, reader.read(cells, FORMULA))
            for result, (_number, cells) in zip(results, rows_of(*rows), strict=True)
        ]
        with statements_sent() as asked:
            undo_rows(wanted, by=SYSTEM, at=NOW)
        assert {result.undo for result in results} == {UndoOutcome.UNDONE}
        assert tallies.repair_tallies(NOW) == 0
        assert history.repair_history(NOW) == 0
        # Each change of a school asks for the version that it has seen, and its applications follow it.
        each = ("UPDATE school SET", "UPDATE application SET only_for_id")
        return len([one for one in asked if not one.startswith(each)])

    few = statements(*({"code": f"A{number}"} for number in range(3)))
    many = statements(*({"code": f"B{number}"} for number in range(60)))

    assert many <= few
