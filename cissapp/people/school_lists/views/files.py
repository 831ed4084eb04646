"""Downloads: the register as the page lists it, and the results of a list."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import get_domain
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.long_tables import most_rows, too_long
from cissapp.foundation.web.sheet_streams import (
    Rows,
    SheetFormat,
    StreamedSheet,
    sheet_response,
)
from cissapp.people.enrolment.forms import SchoolSearchForm
from cissapp.people.enrolment.views import names
from cissapp.people.school_lists import phrases, queries
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.queries import school_list
from cissapp.people.school_lists.rules import TO_MEND, to_mend
from cissapp.people.school_lists.rules.outcomes import UndoOutcome, restored_words
from cissapp.people.school_lists.views.blueprint import bp
from cissapp.people.schools.queries import are_more_schools, own_group, schools_for_file
from cissapp.people.schools.rules import PROGRESS_NAMES, STANDING_NAMES

PUPILS, LEVEL, UNTIL, SINCE = 7, 10, 11, 12


@bp.get("/schools.csv")
@permit(Permission.SCHOOL_READ)
@limit("60 per hour")
def schools_csv() -> ResponseReturnValue:
    """Return the schools that the page of the register lists as a CSV file."""
    return _register("csv")


@bp.get("/schools.xlsx")
@permit(Permission.SCHOOL_READ)
@limit("60 per hour")
def schools_xlsx() -> ResponseReturnValue:
    """Return the schools that the page of the register lists as an XLSX file."""
    return _register("xlsx")


def _register(form: SheetFormat) -> ResponseReturnValue:
    own = own_group(actor())
    countries = names.packs_of(own.group) if own else names.open_packs()
    regions = names.region_filter_choices(countries, request.args.get("region"))
    search = SchoolSearchForm(request.args, regions=regions).given()
    if form == "xlsx" and are_more_schools(actor(), search, most_rows()):
        return too_long()
    batches = schools_for_file(actor(), search)
    sheet = StreamedSheet(
        _("Schools"),
        _head(),
        _lines(batches, countries),
        _about(clock.now()),
        frozenset({PUPILS, LEVEL}),
        days=frozenset({UNTIL, SINCE}),
        wide=frozenset({1}),
    )
    return sheet_response(sheet, form, f"ciss-register-{clock.today():%Y-%m-%d}")


def _head() -> list[str]:
    return [
        _("Code"),
        _("School"),
        _("Town or village"),
        _("Country"),
        _("Region"),
        _("Code of the region"),
        _("Language"),
        _("Number of pupils"),
        _("Progress"),
        _("Certificate"),
        _("Level"),
        _("Valid until"),
        _("Registered on"),
    ]


def _lines(
    batches: Iterator[Sequence[Any]], countries: dict[str, CountryPack]
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows; labels are translated now, as the file is written after the request has ended."""
    progress = {one.value: _(name) for one, name in PROGRESS_NAMES.items()}
    standing = {one.value: _(name) for one, name in STANDING_NAMES.items()}
    language = languages.current()
    regions = {
        code: pack.region_name(code, language)
        for pack in countries.values()
        for code in pack.regions
    }

    def written(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [
            (
                code, name, locality, country, regions.get(region, region), region, spoken, pupils,
                progress[at], standing[has], level, until, since,
            )
            for code, name, locality, country, region, spoken, pupils, at, has, level, until, since in rows
        ]  # fmt: skip

    return (written(rows) for rows in batches)


def _about(at: datetime) -> list[list[str]]:
    """Return the notes of the file: its date, and what its columns mean."""
    return [
        [_("As of"), filters.moment(at)],
        [_("Progress"), _("How far the school has got in the programme, regardless of its certificate.")],
        [_("Certificate"), _("What the school’s newest certificate counts as today.")],
        [
            _("Level"),
            _("The level of a certificate that is or was in force. It says which criteria were met on a given day, never that a school is safe."),
        ],
    ]  # fmt: skip


# --- the results of a list --------------------------------------------------------------------


@bp.get("/schools/import/<uuid:list_id>/result.csv")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def result_csv(found: SchoolList) -> ResponseReturnValue:
    """Return the results of the rows as a CSV file, to be corrected and sent again."""
    return _result(found, "csv")


@bp.get("/schools/import/<uuid:list_id>/result.xlsx")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def result_xlsx(found: SchoolList) -> ResponseReturnValue:
    """Return the results of the rows as an XLSX file, to be corrected and sent again."""
    return _result(found, "xlsx")


def _result(found: SchoolList, form: SheetFormat) -> ResponseReturnValue:
    if not found.rows:  # those of an old list are being deleted
        raise Missing
    # Once a list is imported, the cells of unread columns are gone.
    places = [
        place
        for place, heading in enumerate(found.head)
        if not found.imported_at or heading in found.columns
    ]
    names = [found.head[place] for place in places]
    head = [*names, _("Result"), _("Reason"), _("Row in the file")]
    whole = request.args.get("rows") == "all"
    if form == "xlsx" and (found.rows if whole else to_mend(found.counts)) > most_rows():
        return too_long()
    batches = _results(found.id, places, whole=whole)
    # The reason is a sentence.
    sheet = StreamedSheet(_("Result"), head, batches, wide=frozenset({len(names) + 1}))
    return sheet_response(sheet, form, f"ciss-result-{clock.today():%Y-%m-%d}")


def _results(list_id: UUID, places: Sequence[int], *, whole: bool) -> Iterator[Rows]:
    """Yield the rows of the file with their results; only those to correct, unless all are wanted."""
    say = get_domain().get_translations().gettext
    for rows, results in queries.parts_of(list_id):
        yield [
            [*_cells(cells, places), phrases.outcome_of(result, say), phrases.reason_of(result, say), f"{number}"]
            for (number, cells), kept in zip(rows, results or (), strict=False)
            if whole or kept["o"] in TO_MEND or kept.get("u") == UndoOutcome.LEFT
            for result in (restored_words(kept),)
        ]  # fmt: skip


def _cells(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    """Return the cells of some columns; an unread formula becomes empty."""
    there = len(cells)
    texts = [cells[place] if place < there else "" for place in places]
    return ["" if "\0" in text else text for text in texts] if "\0" in "".join(texts) else texts
