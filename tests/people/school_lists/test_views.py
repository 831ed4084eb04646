"""A list from the file to the register and back, through the client; files of the register; merged schools."""

import csv
import re
from datetime import datetime, time, timedelta
from io import BytesIO
from itertools import count
from types import SimpleNamespace
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select, update

from cissapp.foundation.background.models import Task
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import long_tables
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.accounts.rules import Duty
from cissapp.people.notices import services as notices
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailText
from cissapp.people.notices.services import hold_mails
from cissapp.people.school_lists import services
from cissapp.people.school_lists.models import SchoolList, SchoolListPart
from cissapp.people.school_lists.rules import ListState
from cissapp.people.school_lists.services import storing, turns, work
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress, Standing
from cissapp.people.schools.services import tallies
from tests.factories import NOW
from tests.pages import text_of, tree
from tests.people.school_lists.steps import take_small_steps
from tests.reading_lists import transactions_while_reading

LIST = """Raionul;Cod;Denumirea;Localitatea;Limba;Elevi;E-mail director;Note
Orhei;0001;Gimnaziul Mic;Orhei;ro;400;;
MD-OR;0002;=HYPERLINK("x");Orhei;ro;;head@school.example;
Orheiul Mare;0003;Wrong;Orhei;ro;;;
MD-OR;0001;Gimnaziul Mare;Orhei;ro;400;;
MD-OR;0004;Гимназия Мик;Orhei;ro;;;
"""


@pytest.fixture
def group(make):
    return make.group("MD")


@pytest.fixture
def coordinator(make, group):
    return make.user(Role.COORDINATOR, group_id=group.id)


@pytest.fixture
def there(make, group):
    return make.school(
        group_id=group.id, code="0001", name="Gimnaziul Mic", locality="Orhei", pupils=400
    )


@pytest.fixture
def desk(sign_in, coordinator):
    return sign_in(coordinator)


def table_rows(response):
    table = tree(response).find(".//main//table")
    rows = table.find("tbody").iter("tr") if table is not None else []
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]


def figures(response):
    cards = [one for one in tree(response).iter("div") if "figure" in one.get("class", "").split()]
    return [" ".join("".join(card.itertext()).split()) for card in cards]


def upload(browser, content=LIST, name="list.csv"):
    sent = content if isinstance(content, bytes) else content.encode()
    return browser.post(
        "/schools/import",
        data={"file": (BytesIO(sent), name)},
        content_type="multipart/form-data",
    )


def chosen(browser, address):
    """What the selects of a page say."""
    found = {}
    for select_ in tree(browser.get(address)).iter("select"):
        if select_.get("name", "").startswith(("column_", "meaning_")):
            options = [one for one in select_.iter("option") if one.get("selected") is not None]
            found[select_.get("name")] = options[0].get("value") if options else ""
    return found


def checked(browser, content=LIST, **ticks):
    """Upload a list and let it be checked as it is understood; its address."""
    address = upload(browser, content).location
    assert address.endswith("/columns")
    answer = browser.post(address, data={**chosen(browser, address), **ticks})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return address.removesuffix("/columns")


def rows_of(app, query):
    with app.app_context():
        return [tuple(row) for row in session.execute(query)]


def in_register(app):
    query = select(School.code, School.name).where(School.only_for_id.is_(None))
    with app.app_context():
        assert tallies.repair_tallies(NOW) == 0
        session.rollback()
    return sorted(rows_of(app, query))


@pytest.mark.both_databases
def test_a_list_is_mapped_checked_imported_and_undone(app, desk, there):
    address = upload(desk).location
    assert chosen(desk, address) == {
        "column_0": "region",
        "column_1": "code",
        "column_2": "name",
        "column_3": "locality",
        "column_4": "language",
        "column_5": "pupils",
        "column_6": "head_email",
        "column_7": "",
    }
    assert "For example: Orhei · MD-OR · Orheiul Mare" in text_of(desk.get(address))
    desk.post(address, data=chosen(desk, address))
    page = address.removesuffix("/columns")

    before = desk.get(page)
    assert figures(before) == [
        "New 1",
        "Unchanged 1",
        "Different, left as it is 1",
        "Possible duplicate 1",
        "Refused 1",
        "People to invite 1",
    ]
    assert [row[:4] for row in table_rows(before)] == [
        ["Row 4", "0003", "Wrong", "✕ Refused"],
        ["Row 5", "0001", "Gimnaziul Mare", "! Different, left as it is"],
        ["Row 6", "0004", "Гимназия Мик", "! Possible duplicate"],
    ]
    assert in_register(app) == [("0001", "Gimnaziul Mic")]

    desk.post(f"{page}/meanings", data={"meaning_0": "MD-OR"})
    desk.post(f"{page}/start")

    assert "Imported" in text_of(desk.get(page))
    assert [code for code, _name in in_register(app)] == ["0001", "0002", "0003"]
    assert rows_of(app, select(Invitation.email)) == [("head@school.example",)]
    assert desk.post(f"{page}/start").status_code == 302
    assert len(in_register(app)) == 3

    desk.post(f"{page}/undo")

    after = desk.get(page)
    assert {"Rows undone 2", "People invited 1"} <= set(figures(after))
    assert "Undo the import" not in text_of(after)
    assert in_register(app) == [("0001", "Gimnaziul Mic")]
    assert rows_of(app, select(Invitation.revoked_at.is_(None))) == [(False,)]


def test_the_same_file_again_adds_nothing_and_is_read_as_before(app, desk):
    first = checked(desk)
    desk.post(f"{first}/meanings", data={"meaning_0": "MD-OR"})
    desk.post(f"{first}/start")
    registered = in_register(app)

    again = checked(desk)
    desk.post(f"{again}/start")

    assert in_register(app) == registered
    assert figures(desk.get(again)) == ["New 0", "Unchanged 4", "Different, left as it is 1"]


def test_what_somebody_touched_is_not_undone_and_said(app, desk, make, there):
    page = checked(desk, changes_schools="y", keeps_duplicates="y")
    desk.post(f"{page}/start")
    with app.app_context(), unit_of_work():
        used = session.scalars(select(School).where(School.code == "0002")).one()
        make.manager(used)

    desk.post(f"{page}/undo")
    lines = desk.get(f"{page}/result.csv").get_data(as_text=True).splitlines()

    assert "Undo the import" in text_of(desk.get(page))
    assert in_register(app) == [("0001", "Gimnaziul Mic"), ("0002", '=HYPERLINK("x")')]
    assert lines[0].split(",")[-3:] == ["Result", "Reason", "Row in the file"]
    assert [line[-3] for line in csv.reader(lines[1:])] == [
        "Could not be undone",
        "Refused",
        "Different, left as it is",
    ]


@pytest.mark.parametrize("rows", [1, 2, 50])
def test_of_rows_with_one_code_the_first_counts_whatever_is_ticked(
    app, desk, there, monkeypatch, rows
):
    take_small_steps(monkeypatch, rows)
    named = [("0001", "Liceul Unu"), ("0009", "Liceul Nou"), ("0001", "Liceul Doi"),
             ("0009", "Liceul Alt"), ("0009", "Liceul Nou"), ("0001", "Liceul Unu")]  # fmt: skip
    lines = [f"MD-OR;{code};{name};Orhei;ro;400" for code, name in named]
    page = checked(
        desk,
        "\n".join(["Raionul;Cod;Denumirea;Localitatea;Limba;Elevi", *lines]),
        changes_schools="y",
    )
    expected = ["New 1", "Changed 1", "Unchanged 2", "Different, left as it is 2"]

    assert figures(desk.get(page)) == expected
    desk.post(f"{page}/start")
    assert figures(desk.get(page)) == expected
    assert in_register(app) == [("0001", "Liceul Unu"), ("0009", "Liceul Nou")]
    assert [row[4] for row in table_rows(desk.get(page))] == [
        "An earlier row of the list has the same code and says something else."
    ] * 2
    desk.post(f"{page}/undo")
    assert in_register(app) == [("0001", "Gimnaziul Mic")]


def test_the_result_can_be_mended_and_sent_again(app, desk, there):
    content = LIST.replace("Denumirea", "Cum se cheamă")
    address = upload(desk, content).location
    desk.post(address, data={**chosen(desk, address), "column_2": "name"})
    page = address.removesuffix("/columns")
    desk.post(f"{page}/start")
    book = load_workbook(BytesIO(desk.get(f"{page}/result.xlsx").data))
    rows = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert rows[0][-3:] == ["Result", "Reason", "Row in the file"]
    assert [row[-3] for row in rows[1:]] == [
        "Refused",
        "Different, left as it is",
        "Possible duplicate",
    ]
    mended = "\n".join("|".join(["MD-OR", *row[1:]]) for row in rows[1:2])

    again = checked(desk, "|".join(rows[0]) + "\n" + mended)
    desk.post(f"{again}/start")

    assert ("0003", "Wrong") in in_register(app)


WITHOUT_CODES = """Raionul;Denumirea;Localitatea;Limba;Elevi
MD-OR;Gimnaziul Mic;or. Orhei;ro;400
MD-OR;Liceul Nou;Orhei;ro;500
MD-OR;Liceul Mic;Orhei;ro;
Total;;;;900
"""


@pytest.mark.both_databases
def test_a_list_without_codes_says_so_and_is_imported_by_name(app, desk, there, monkeypatch):
    take_small_steps(monkeypatch, 1)
    page = checked(desk, WITHOUT_CODES)
    expected = ["New 1", "Unchanged 1", "Possible duplicate 1", "Nothing to import, skipped 1"]

    assert figures(desk.get(page)) == expected
    assert "3 rows without a code are matched by name and place." in text_of(desk.get(page))
    desk.post(f"{page}/start")
    assert figures(desk.get(page)) == expected
    assert "without a code" not in text_of(desk.get(page))
    (mic, gymnasium), (own, lyceum) = in_register(app)
    assert ((mic, gymnasium), lyceum) == (("0001", "Gimnaziul Mic"), "Liceul Nou")
    assert own.startswith("NAME-")

    mended = desk.get(f"{page}/result.csv").get_data(as_text=True)
    again = checked(
        desk, mended.replace("Raionul,", "Cod,Raionul,").replace("MD-OR,", "0001,MD-OR,")
    )
    assert figures(desk.get(again)) == ["New 0", "Different, left as it is 1"]
    desk.post(f"{page}/undo")
    assert in_register(app) == [("0001", "Gimnaziul Mic")]


def test_people_come_in_a_list_of_their_own(app, desk, there):
    content = "Cod;Funcția;E-mail;Numele și prenumele\n0001;director adjunct;ion@school.example;Ion\n9;director;a@b.example;A"
    page = checked(desk, content)
    desk.post(f"{page}/start")

    assert figures(desk.get(page)) == ["New 0", "Unchanged 1", "Refused 1", "People invited 1"]
    assert rows_of(app, select(Invitation.email, Invitation.duty)) == [
        ("ion@school.example", Duty.DEPUTY)
    ]


def test_a_wrong_choice_of_columns_loses_nothing(desk):
    address = upload(desk).location
    data = {**chosen(desk, address), "column_7": "code", "column_3": ""}

    answer = desk.post(address, data=data)

    assert answer.status_code == 422
    said = text_of(answer)
    assert "Two columns cannot both be “School code in the ministry’s register”." in said
    assert "The list needs a column for: Town or village." in said
    kept = [one for one in tree(answer).iter("option") if one.get("selected") is not None]
    assert [one.get("value") for one in kept][1:5] == ["region", "code", "name", ""]


def test_a_list_of_one_town_names_it_once_and_the_next_list_is_asked_again(app, desk, there):
    content = "№ у системі;Код ЄДРПОУ;Повна назва;Тип ЗЗСО;Кількість учнів\n7;0007;Liceul Șapte;ліцей;70\n"
    address = upload(desk, content).location
    given = {"all_region": "MD-OR", "all_locality": " Or\x00hei ", "all_language": "ro"}

    refused = desk.post(address, data=chosen(desk, address) | {"all_locality": "Orhei"})
    assert refused.status_code == 422
    assert "The list needs a column for: Region." in text_of(refused)
    kept = tree(refused).find(".//input[@name='all_locality']")
    assert kept.get("value") == "Orhei"
    speechless = desk.post(address, data=chosen(desk, address) | given | {"all_language": ""})
    assert speechless.status_code == 422
    assert "No column gives the language of the schools. Choose it." in text_of(speechless)
    assert desk.post(address, data=chosen(desk, address) | given).status_code == 302
    desk.post(f"{address.removesuffix('/columns')}/start")

    made = select(School.name, School.region_code, School.locality, School.language, School.pupils)
    assert rows_of(app, made.where(School.code == "0007")) == [
        ("Liceul Șapte", "MD-OR", "Orhei", "ro", 70)
    ]
    again = desk.get(upload(desk, content).location)
    assert tree(again).find(".//input[@name='all_locality']").get("value") == ""
    assert tree(again).find(".//select[@name='all_region']/option[@selected]").get("value") == ""


def test_what_is_so_for_all_schools_is_no_longer_than_a_cell(app, desk, there):
    content = "№ у системі;Код ЄДРПОУ;Повна назва\n7;0007;Liceul Șapte\n"
    address = upload(desk, content).location
    given = {"all_region": "MD-OR", "all_locality": "x" * 15_000, "all_language": "ro"}

    assert desk.post(address, data=chosen(desk, address) | given).status_code == 302
    ((meanings,),) = rows_of(app, select(SchoolList.meanings))
    assert meanings["locality"][""] == "x" * 2_000


@pytest.mark.both_databases
def test_others_can_save_while_a_short_list_is_read(desk, monkeypatch):
    in_transaction = transactions_while_reading(monkeypatch)

    assert upload(desk).status_code == 302
    assert set(in_transaction) == {False}


def test_a_small_workbook_that_unpacks_to_much_is_read_in_the_background(desk, monkeypatch):
    later = []
    monkeypatch.setattr(turns, "work_behind", lambda found: later.append(found.file_name))
    book, file = Workbook(), BytesIO()
    for row in csv.reader(LIST.splitlines(), delimiter=";"):
        book.active.append(row)
    book.save(file)
    upload(desk, file.getvalue(), "list.xlsx")
    with ZipFile(file, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", " " * turns.UNPACKED_AT_ONCE)
    upload(desk, file.getvalue(), "more.xlsx")

    assert len(file.getvalue()) < turns.READ_AT_ONCE
    assert later == ["more.xlsx"]


def test_a_file_in_another_encoding_is_read_again(desk):
    content = "Cod;Nume\n1;école".encode("cp1252")
    address = upload(desk, content).location

    desk.post(address.replace("/columns", "/charset"), data={"charset": "cp1252"})

    assert "For example: école" in text_of(desk.get(address))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b" ", "The file is empty."),
        (b"x" * 2_001, "The file is larger than 0 MB."),
        (b"PK\x03\x04", "The file is damaged, or it is not an XLSX file."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(
    app, desk, monkeypatch, content, message
):
    monkeypatch.setattr(storing, "MOST_BYTES", 2_000)

    answer = upload(desk, content)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert rows_of(app, select(SchoolList.id)) == []


def test_sheets_that_are_not_read_are_named(desk):
    book = Workbook()
    book.active.title = "Orhei"
    for name in ("Orhei", "Cahul"):
        sheet = book[name] if name in book else book.create_sheet(name)
        sheet.append(["region", "code", "name", "locality", "language"])
        sheet.append([name, "0001", "Liceul", name, "ro"])
    file = BytesIO()
    book.save(file)
    page = text_of(desk.get(upload(desk, file.getvalue(), "list.xlsx").location))

    assert "Only the sheet “Orhei” is read" in page
    assert "Other sheets in the file are not empty: Cahul." in page


def test_of_a_list_that_is_too_long_the_limit_of_this_page_is_named(desk):
    answer = desk.post(
        "/schools/import",
        data={"file": (BytesIO(b"x"), "list.csv")},
        content_type="multipart/form-data",
        environ_overrides={"CONTENT_LENGTH": "260000000"},
    )

    assert answer.status_code == 413
    assert "files of up to 250 MB in total" in text_of(answer)


def test_a_long_list_of_somebody_whose_session_has_ended_asks_to_sign_in(app, client, monkeypatch):
    """Its form is read no further than that of anybody else: what was typed was looked for, and that failed."""
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)

    answer = upload(client, b"x" * 2_000)

    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/schools/import")


@pytest.mark.both_databases
def test_a_long_list_goes_on_where_it_was_interrupted(app, desk, monkeypatch):
    take_small_steps(monkeypatch, 2, parts=2)
    monkeypatch.setattr(turns, "READ_AT_ONCE", 0)
    content = "region;code;name;locality\n" + "".join(
        f"{'MD-OR' if number % 5 else 'XX'};{number};Liceul nr. {number};Orhei\n"
        for number in range(11)
    )
    page = upload(
        desk, content.replace("locality", "locality;language").replace("Orhei\n", "Orhei;ro\n")
    ).location.partition("?")[0]
    desk.post(f"{page}/columns", data=chosen(desk, f"{page}/columns"))
    calls = []

    def dies(*_arguments, **_values):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*_arguments, **_values)

    real = work.apply_rows
    monkeypatch.setattr(work, "apply_rows", dies)
    with pytest.raises(KeyboardInterrupt):
        desk.post(f"{page}/start")
    half = len(in_register(app))
    assert desk.post(f"{page}/continue").status_code == 302
    assert len(in_register(app)) == half
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert "The work was interrupted" in text_of(desk.get(page))
        desk.post(f"{page}/continue")

    assert rows_of(app, select(Task.id)) == []  # the task of the process that died went on
    assert (half, len(in_register(app))) == (3, 8)
    assert figures(desk.get(page)) == ["New 8", "Refused 3"]
    how_far = select(func.count(SchoolListPart.id), SchoolList.next_place, SchoolList.rows_done)
    assert rows_of(app, how_far.join_from(SchoolList, SchoolListPart).group_by(SchoolList.id)) == [
        (6, 6, 11)
    ]

    desk.post(f"{page}/undo")
    assert figures(desk.get(page)) == ["New 8", "Refused 3", "Rows undone 8"]
    assert in_register(app) == []


@pytest.mark.both_databases
def test_an_undone_import_sends_no_invitation_that_still_waits(app, desk):
    rows = "".join(f"MD-OR;{n};Liceul {n};Orhei;ro;head{n}@school.example\n" for n in (1, 2, 3))
    page = checked(desk, f"Raionul;Cod;Denumirea;Localitatea;Limba;E-mail director\n{rows}")
    with hold_mails():
        desk.post(f"{page}/start")
    with app.app_context(), unit_of_work():
        session.execute(update(Mail).where(Mail.to.like("head1@%")).values(sent_at=NOW, body=None))
        on_its_way = {"claimed_until": clock.now() + timedelta(minutes=5)}
        session.execute(update(Mail).where(Mail.to.like("head2@%")).values(on_its_way))

    desk.post(f"{page}/undo")

    assert "Invitation emails not sent 1" in figures(desk.get(page))
    assert sorted(rows_of(app, select(Mail.to))) == [
        ("head1@school.example",),
        ("head2@school.example",),
    ]


@pytest.mark.both_databases
def test_no_invitation_leaves_once_an_undo_has_begun(app, desk, monkeypatch):
    """An undo begins at the last row, emails leave from the first: 23,000 of 69,000 left meanwhile."""
    take_small_steps(monkeypatch, 1)
    rows = "".join(f"MD-OR;{n};Liceul {n};Orhei;ro;head{n}@school.example\n" for n in (1, 2, 3))
    page = checked(desk, f"Raionul;Cod;Denumirea;Localitatea;Limba;E-mail director\n{rows}")
    with hold_mails():
        desk.post(f"{page}/start")
    with app.app_context(), unit_of_work():
        on_its_way = {"claimed_until": clock.now() + timedelta(minutes=5)}
        session.execute(update(Mail).where(Mail.to.like("head2@%")).values(on_its_way))
        another = MailText("Invited by hand to another school", "/invitations/x")
        with hold_mails():
            notices.queue("invitation", another, to="head1@school.example", at=clock.now())
    monkeypatch.setattr(work, "undo_rows", dies)

    with pytest.raises(KeyboardInterrupt):
        desk.post(f"{page}/undo")

    assert "The import is being undone" in text_of(desk.get(page))
    an_hour, two_days = clock.now() + timedelta(hours=1), clock.now() + timedelta(days=2)
    assert waiting_at(app, an_hour) == ["head1@school.example"]
    assert len(waiting_at(app, two_days)) == 4  # should nobody ever continue the undo

    monkeypatch.undo()
    with clock.at(clock.now() + timedelta(minutes=10)):
        desk.post(f"{page}/continue")
        assert "Invitation emails not sent 3" in figures(desk.get(page))
    assert waiting_at(app, two_days) == ["head1@school.example"]


def dies(*_arguments, **_values):
    raise KeyboardInterrupt


def waiting_at(app, at):
    return sorted(to for (to,) in rows_of(app, select(Mail.to).where(Mail.next_try_at <= at)))


def test_a_page_says_how_long_the_work_will_take_once_that_is_known(app, desk):
    page = checked(desk)
    at = clock.now()
    halves = {"state": ListState.IMPORTING, "rows": 9000, "moved_at": at, "paced_from": at}
    with app.app_context(), unit_of_work():
        session.execute(update(SchoolList).values(**halves, rows_done=5000, paced_rows=1000))

    with clock.at(at + timedelta(seconds=29)):
        early = text_of(desk.get(page))
    with clock.at(at + timedelta(seconds=59)):
        almost = text_of(desk.get(page))
    with app.app_context(), unit_of_work():
        session.execute(update(SchoolList).values(moved_at=at + timedelta(minutes=12)))
    with clock.at(at + timedelta(minutes=12)):
        later = text_of(desk.get(page))

    assert "At this speed" not in early
    assert "At this speed, less than a minute is left." in almost
    assert "Time left at this speed: about 15 minutes." in later


SIX = "region;code;name;locality;language\n" + "".join(
    f"MD-OR;{number};Școala nr. {number};Orhei;ro\n" for number in range(6)
)


def kept_rows(app):
    with app.app_context():
        parts = session.scalars(select(SchoolListPart).order_by(SchoolListPart.place))
        return [(part.place, [number for number, _cells in part.rows]) for part in parts]


@pytest.mark.both_databases
def test_a_file_is_read_on_where_that_was_interrupted(app, desk, monkeypatch):
    take_small_steps(monkeypatch, 2)
    monkeypatch.setattr(turns, "READ_AT_ONCE", 0)
    real, calls = storing.keep_part, []

    def dies(*values):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*values)

    monkeypatch.setattr(storing, "keep_part", dies)
    with pytest.raises(KeyboardInterrupt):
        upload(desk, SIX)
    half = kept_rows(app)
    with app.app_context(), clock.at(clock.now() + timedelta(minutes=5)), unit_of_work():
        services.finish_interrupted(at=clock.now(), store=files())

    assert half == [(0, [2, 3])]
    assert kept_rows(app) == [(0, [2, 3]), (1, [4, 5]), (2, [6, 7])]
    assert rows_of(app, select(SchoolList.state, SchoolList.rows, SchoolList.rows_done)) == [
        (ListState.READ, 6, 6)
    ]


def test_while_a_file_is_read_no_transaction_is_open(app, desk, monkeypatch):
    """A part of an XLSX file takes its time: on SQLite nobody could save meanwhile."""
    take_small_steps(monkeypatch, 2)
    monkeypatch.setattr(turns, "READ_AT_ONCE", 0)
    real, open_at = storing.parts_in, []

    def watched(*values):
        for part in real(*values):
            open_at.append(session().in_transaction())
            yield part

    monkeypatch.setattr(storing, "parts_in", watched)
    upload(desk, SIX)

    assert open_at == [False, False, False]


@pytest.mark.parametrize("at_once", [0, 400_000])
@pytest.mark.parametrize(
    ("charset", "state", "rows"),
    [("cp1252", ListState.READ, 40), ("utf-8-sig", ListState.FAILED, 0)],
)
def test_a_list_is_read_anew_in_another_encoding(
    app, desk, monkeypatch, at_once, charset, state, rows
):
    take_small_steps(monkeypatch, 2)
    monkeypatch.setattr(turns, "READ_AT_ONCE", at_once)
    # What tells the encodings apart comes long after the first rows.
    some = "".join(f"MD-OR;{number};Liceul {'x' * 900};Orhei;ro\n" for number in range(2, 41))
    far = f"region;code;name;locality;language\n{some}MD-OR;1;Ţepeş;Orhei;ro\n"
    page = upload(desk, far.encode("cp1250")).location.partition("?")[0].removesuffix("/columns")

    desk.post(f"{page}/charset", data={"charset": charset})

    assert rows_of(app, select(SchoolList.charset, SchoolList.state, SchoolList.rows)) == [
        (charset, state, rows)
    ]
    assert len(kept_rows(app)) == rows // 2


def test_what_a_process_remembers_of_a_list_counts_until_another_one_goes_on_with_it(
    app, desk, monkeypatch
):
    """Two processes take turns; then columns are chosen anew, and the first one is asked again: nothing is there twice."""
    take_small_steps(monkeypatch, 2)
    mine, others = {}, {}
    content = "region;code;name;locality;language\n" + "".join(
        f"MD-OR;{number};Liceul nr. {number};Orhei;ro\n" for number in (0, 1, 2, 3, 4, 5, 6, 1)
    )
    page = upload(desk, content).location
    # A part a turn.
    monkeypatch.setattr(turns, "time", SimpleNamespace(monotonic=count(step=25).__next__))

    def check(*memories):
        """Let these processes take a turn each, and the last of them go on to the end."""
        with monkeypatch.context() as patched:
            patched.setattr(turns, "do_soon", lambda *_sent, **_named: None)
            desk.post(page, data=chosen(desk, page))
        with app.app_context():
            list_id = session.scalar(select(SchoolList.id))
            for memory in memories:
                monkeypatch.setattr(turns, "_memories", memory)
                assert turns.go_on_in_background(list_id, NOW) is not None
            while turns.go_on_in_background(list_id, NOW):
                continue
        return figures(desk.get(page.removesuffix("/columns")))

    once = check(mine, others)
    assert mine  # it still remembers its turn
    assert once == ["New 7", "Unchanged 1"]
    assert check(mine) == once


def test_what_is_not_imported_can_be_deleted_and_old_rows_are_forgotten(app, desk):
    page = checked(desk)
    desk.post(f"{page}/discard")
    assert rows_of(app, select(SchoolList.id)) == []

    kept, waiting = checked(desk), checked(desk)
    desk.post(f"{kept}/start")
    for days, page, status in ((8, waiting, 404), (31, kept, 200)):
        with app.app_context(), unit_of_work():
            services.finish_interrupted(at=clock.now() + timedelta(days=days), store=files())
        assert desk.get(page).status_code == status
    assert rows_of(app, select(func.count(SchoolListPart.id))) == [(0,)]


@pytest.mark.both_databases
def test_of_a_column_that_is_not_read_nothing_is_kept_with_the_import(app, desk, there):
    content = LIST.replace("Note\n", "Elev\n").replace(";\n", ";Vasile Secretul\n")
    page = checked(desk, content)
    assert "Secretul" in desk.get(f"{page}/result.csv?rows=all").get_data(as_text=True)

    desk.post(f"{page}/start")

    columns = (SchoolList.first_rows, SchoolList.to_look_at, SchoolListPart.rows)
    kept = f"{rows_of(app, select(*columns).join(SchoolListPart, SchoolListPart.list_id == SchoolList.id))}"
    assert "Gimnaziul Mare" in kept
    assert "Secretul" not in kept
    head = desk.get(f"{page}/result.csv").get_data(as_text=True).splitlines()[0]
    assert head.split(",")[-4:] == ["E-mail director", "Result", "Reason", "Row in the file"]


def test_a_list_of_another_group_is_not_there(desk, make, sign_in):
    page = checked(desk)
    stranger = sign_in(make.user(Role.COORDINATOR, group_id=make.group("MD").id))

    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}/start").status_code == 404


def test_the_empty_list_can_be_downloaded(desk):
    assert desk.get("/schools/import/template.csv").data.decode("utf-8-sig") == (
        "country;region;code;name;locality;language;pupils;head_email;head_name\r\n"
    )


# --- the register as a file ------------------------------------------------------------------


@pytest.mark.both_databases
def test_the_file_holds_what_the_page_lists(desk, make, group, there):
    make.school(group_id=group.id, name="=A1", code="0002", region_code="MD-CU", pupils=None)
    make.school(name="Another group’s")

    lines = desk.get("/schools.csv").get_data(as_text=True).splitlines()
    book = load_workbook(BytesIO(desk.get("/schools.xlsx?region=MD-OR").data))
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]

    assert [line.split(",")[:2] for line in lines[1:3]] == [
        ["0002", "'=A1"],
        ["0001", "Gimnaziul Mic"],
    ]
    assert lines[3] == ""
    assert lines[4].startswith("As of,")
    assert [row[:2] for row in rows[1:]] == [["0001", "Gimnaziul Mic"]]
    assert rows[1][7] == 400
    assert rows[1][11:] == [None, datetime.combine(NOW, time())]
    assert book.worksheets[1]["A1"].value == "As of"


# --- schools that stand twice ----------------------------------------------------------------


@pytest.fixture
def twin(make, group):
    return make.school(group_id=group.id, code="0009", name="Гимназия Мик", locality="Орхей")


@pytest.mark.both_databases
def test_two_entries_of_one_school_become_one(app, desk, make, there, twin):
    make.manager(twin, email="head@school.example")
    page = desk.get("/schools/duplicates")
    address = f"/schools/{there.id}/merge/{twin.id}"
    assert address in page.get_data(as_text=True)

    assert desk.post(address).status_code == 302

    assert in_register(app) == [("0001", "Gimnaziul Mic")]
    assert rows_of(app, select(User.school_id).where(User.email == "head@school.example")) == [
        (there.id,)
    ]
    assert "School merged" in desk.get(f"/schools/{there.id}").get_data(as_text=True)
    assert desk.get(f"/schools/{twin.id}").status_code == 404
    again = checked(desk, "region;code;name;locality;language\nMD-OR;0009;Other;Orhei;ro")
    assert figures(desk.get(again)) == ["New 0", "Unchanged 1"]


def test_a_town_with_its_kind_is_the_town_without_it(desk, make, group):
    pair = [
        make.school(group_id=group.id, name="Ліцей № 7", locality=town)
        for town in ("Вінниця", "м. Вінниця")
    ]
    make.school(group_id=group.id, name="Ліцей № 7", locality="м. Київ")

    page = desk.get("/schools/duplicates").get_data(as_text=True)

    found = re.findall(r"/schools/([0-9a-f-]+)/merge/([0-9a-f-]+)", page)
    assert {frozenset(both) for both in found} == {frozenset(str(one.id) for one in pair)}


def test_what_would_be_lost_is_not_merged(app, desk, make, there, twin):
    with app.app_context(), unit_of_work():
        for school in (there, twin):
            session.get(School, school.id).progress = Progress.IN_TRAINING
    make.certified(there)
    make.certified(twin)

    answer = desk.post(f"/schools/{there.id}/merge/{twin.id}")

    assert answer.status_code == 422
    assert "Both schools have had a certificate" in text_of(answer)
    with app.app_context():
        assert session.get(School, twin.id).only_for_id is None
        assert session.get(School, twin.id).standing is not Standing.NONE


def test_the_one_with_work_is_kept(desk, make, there, twin):
    make.certified(twin)

    refused = desk.get(f"/schools/{there.id}/merge/{twin.id}")
    other_way = desk.post(f"/schools/{twin.id}/merge/{there.id}")

    assert "has work of its own that would be lost" in text_of(refused)
    assert other_way.status_code == 302


def test_schools_of_others_cannot_be_merged(desk, make, there):
    assert desk.get(f"/schools/{there.id}/merge/{make.school().id}").status_code == 404


def test_a_table_that_no_spreadsheet_can_open_leads_to_its_csv_file(desk, make, group, monkeypatch):
    page = checked(desk)
    make.school(group_id=group.id, code="0001", region_code="MD-OR", name="Школа")
    make.school(group_id=group.id, code="0002", region_code="MD-CU")
    desk.post(f"{page}/start")
    addresses = ("/schools", "/group/schools", "/audit")

    monkeypatch.setattr(long_tables, "XLSX_ROWS", 5)
    whole = desk.get(f"{page}/result.xlsx?rows=all&x=%22")
    to_mend = desk.get(f"{page}/result.xlsx")
    monkeypatch.setattr(long_tables, "XLSX_ROWS", 2)
    found = desk.get("/schools.xlsx?search=%D1%88")
    too_long = [desk.get(f"{one}.xlsx") for one in addresses]
    as_csv = [desk.get(f"{one}.csv") for one in addresses]

    assert [one.status_code for one in (whole, to_mend, found)] == [409, 200, 200]
    csv = f'href="/{page.split("/", 1)[1]}/result.csv?rows=all&amp;x=%22"'
    assert csv in whole.get_data(as_text=True)
    assert [one.status_code for one in too_long] == [409] * 3
    assert "Spreadsheets can open up to 2 rows, and this table has more." in text_of(too_long[0])
    assert [one.status_code for one in as_csv] == [200] * 3
