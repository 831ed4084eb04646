"""`ciss schools import`: result per row, exit codes, dry run, report."""

from types import SimpleNamespace

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import Invitation
from cissapp.people.notices.models import Mail
from cissapp.people.school_lists import commands
from cissapp.people.school_lists.commands import schools_group
from cissapp.people.school_lists.services import storing
from cissapp.people.schools.models import School
from cissapp.people.schools.services import tallies
from tests.factories import NOW

LIST = """country,region,code,name,locality,language,pupils,head_email,extra
MD,MD-OR,0001,Liceul Eminescu,Orhei,ro,412,head@school.example,
MD,MD-OR,0002,=SUM(A1);=B2,Orhei,ro,,,
UA,UA-30,0003,Гімназія,Київ,uk,,,
MD,MD-XX,0004,Wrong,Orhei,ro,,,
"""


@pytest.fixture
def run(app, make, tmp_path):
    make.group("MD", name="La Strada")
    make.country("UA")
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    runner = app.test_cli_runner()

    def invoke(*arguments):
        return runner.invoke(schools_group, ["import", str(path), *arguments])

    invoke.path = path
    return invoke


def kept(app):
    with app.app_context():
        codes = sorted(session.scalars(select(School.code)))
        counts = [session.scalar(select(func.count(kind.id))) for kind in (Invitation, Mail)]
        assert tallies.repair_tallies(NOW) == 0
        session.rollback()
        return codes, *counts


@pytest.mark.one_database("sqlite")
def test_each_row_has_its_result_and_refused_rows_make_the_exit(app, run):
    result = run()

    assert result.stdout.splitlines() == [
        "2  0001  Liceul Eminescu  created  “head@school.example” has been invited.",
        "3  0002  =SUM(A1);=B2  created",
        "4  0003  Гімназія  refused  UA does not have exactly one national group. Say which one to use.",
        "5  0004  Wrong  refused  “MD-XX” is not a region of this country.",
        "2 created, 0 changed, 0 unchanged, 0 differs, 0 duplicate, 2 refused.",
    ]
    assert result.stderr == "Columns that were ignored: extra\n"
    assert result.exit_code == 1
    assert kept(app) == (["0001", "0002"], 1, 1)


@pytest.mark.one_database("sqlite")
def test_sheets_that_are_not_read_are_named(app, run):
    book = Workbook()
    book.active.title = "Orhei"
    for line in LIST.splitlines()[:2]:
        book.active.append(line.split(","))
    book.create_sheet("Cahul").append(["MD-CA"])
    book.save(run.path)

    assert run().stderr == "Sheets that were not read: Cahul\nColumns that were ignored: extra\n"
    assert kept(app) == (["0001"], 1, 1)


@pytest.mark.one_database("sqlite")
def test_the_same_list_again_changes_nothing(app, run):
    run()

    result = run("--country", "md")

    assert (
        result.stdout.splitlines()[-1]
        == "0 created, 0 changed, 2 unchanged, 0 differs, 0 duplicate, 2 refused."
    )
    assert kept(app) == (["0001", "0002"], 1, 1)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("rows", [1, 50])
def test_of_rows_with_one_code_the_first_counts(app, run, monkeypatch, rows):
    one = SimpleNamespace(rows=rows, begin=lambda _rows: None, end=lambda: None)
    monkeypatch.setattr(commands, "StepSize", lambda _limits: one)
    head, row = LIST.splitlines()[:2]
    lines = [head, row, row.replace("Orhei", "Peresecina")]
    run.path.write_text("\n".join(lines), encoding="utf-8")

    result = run("--change")

    assert result.stdout.splitlines()[-1].startswith("1 created, 0 changed, 0 unchanged, 1 differs")
    assert kept(app)[0] == ["0001"]


@pytest.mark.one_database("sqlite")
def test_a_dry_run_keeps_and_sends_nothing(app, run):
    result = run("--dry-run")

    assert result.stdout.splitlines()[-1] == (
        "2 created, 0 changed, 0 unchanged, 0 differs, 0 duplicate, 2 refused. This was a dry run; nothing was saved."
    )
    assert result.exit_code == 1
    assert kept(app) == ([], 0, 0)


@pytest.mark.one_database("sqlite")
def test_a_list_without_a_refused_row_ends_well(app, run):
    run.path.write_text("\n".join(LIST.splitlines()[:3]), encoding="utf-8")

    assert run().exit_code == 0


def test_a_long_list_is_kept_in_parts_timed_once_the_register_is_locked(app, run, monkeypatch):
    done = []
    one = SimpleNamespace(rows=1, begin=lambda _rows: done.append("begin"), end=lambda: None)
    monkeypatch.setattr(commands, "StepSize", lambda _limits: one)
    monkeypatch.setattr(storing, "lock_register", lambda: done.append("lock"))

    result = run()

    assert (
        result.stdout.splitlines()[-1]
        == "2 created, 0 changed, 0 unchanged, 0 differs, 0 duplicate, 2 refused."
    )
    assert kept(app) == (["0001", "0002"], 1, 1)
    assert done == ["lock", "begin"] * 4


@pytest.mark.one_database("sqlite")
def test_the_report_runs_nothing_in_a_spreadsheet(run, tmp_path):
    report = tmp_path / "report.csv"

    run("--report", str(report))

    assert report.read_text(encoding="utf-8-sig").splitlines() == [
        "row,code,name,result,reason",
        "2,0001,Liceul Eminescu,created,“head@school.example” has been invited.",
        "3,0002,'=SUM(A1);'=B2,created,",
        "4,0003,Гімназія,refused,UA does not have exactly one national group. Say which one to use.",
        "5,0004,Wrong,refused,“MD-XX” is not a region of this country.",
    ]


def test_the_group_is_named_where_several_cover_a_country(app, run, make):
    make.group("MD", "UA", name="Wide")

    assert (
        run().stdout.splitlines()[-1]
        == "1 created, 0 changed, 0 unchanged, 0 differs, 0 duplicate, 3 refused."
    )
    result = run("--group", "WIDE")

    assert (
        result.stdout.splitlines()[-1]
        == "2 created, 0 changed, 1 unchanged, 0 differs, 0 duplicate, 1 refused."
    )


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--country", "BY"], "The programme does not work in BY yet.\n"),
        (["--country", "xx"], "The programme does not work in XX yet.\n"),
    ],
)
def test_a_country_that_is_not_open_is_refused(app, run, arguments, sentence):
    result = run(*arguments)

    assert (result.exit_code, result.stderr, result.stdout) == (2, sentence, "")


@pytest.mark.one_database("sqlite")
def test_a_file_that_cannot_be_read_is_refused(run, monkeypatch):
    run.path.write_bytes(b"\xd0\xcf\x11\xe0")
    assert run().exit_code == 2

    monkeypatch.setattr(commands, "MOST_BYTES", 3)
    result = run()
    assert (result.exit_code, result.stderr) == (2, "The file is larger than 500 MB.\n")
