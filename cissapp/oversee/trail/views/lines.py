"""The trail on a page, and as a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.bulk.json_texts import canonical_text
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.roles import ROLE_NAMES, Role
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.foundation.web.long_tables import most_rows, too_long
from cissapp.foundation.web.sheet_streams import SheetFormat, StreamedSheet, sheet_response
from cissapp.oversee.trail import services
from cissapp.oversee.trail.forms import TrailFilterForm
from cissapp.oversee.trail.phrases.facts import facts_in_words
from cissapp.oversee.trail.queries import lines as queries
from cissapp.oversee.trail.queries.lines import FileLine
from cissapp.oversee.trail.views.blueprint import bp
from cissapp.people.enrolment.phrases import EVENT_NAMES


@bp.get("/audit")
@permit(Permission.TRAIL_READ)
def trail() -> ResponseReturnValue:
    """Show who did what, newest first."""
    form = TrailFilterForm(request.args)
    wanted = form.given(clock.today())
    place = place_asked()
    search = form.search_values()
    found, is_partial = queries.lines_page(actor(), wanted, place)
    return render_template(
        "trail/trail.html",
        form=form,
        wanted=wanted,
        found=found,
        is_partial=is_partial,
        search=search,
        href=lambda **place: url_for("trail.trail", **place, **search),
        event_names=EVENT_NAMES,
        role_names=ROLE_NAMES,
        facts_in_words=facts_in_words,
        of_group=actor().role is Role.COORDINATOR,
    )


@bp.get("/audit.csv")
@permit(Permission.TRAIL_READ)
@limit("20 per hour")
def trail_csv() -> ResponseReturnValue:
    """Return the filtered lines as a CSV file, and record the export."""
    return _file("csv")


@bp.get("/audit.xlsx")
@permit(Permission.TRAIL_READ)
@limit("20 per hour")
def trail_xlsx() -> ResponseReturnValue:
    """Return the filtered lines as an XLSX file, and record the export."""
    return _file("xlsx")


def _file(form: SheetFormat) -> ResponseReturnValue:
    wanted, at, person = TrailFilterForm(request.args).given(clock.today()), clock.now(), actor()
    if form == "xlsx" and queries.are_more_lines(person, wanted, most_rows()):
        return too_long()
    about = [
        [_("Lines from %(since)s to %(until)s", since=wanted.since_on, until=wanted.until_on)],
        [_("Written at %(moment)s (UTC)", moment=f"{at:%Y-%m-%d %H:%M}")],
    ]
    head = [_("Number"), _("When (UTC)"), _("Event"), _("What"), _("Who"), _("Role")]
    head += [_("School"), _("Kind"), _("Reference"), _("Information")]
    rows = _rows(queries.lines_for_file(person, wanted))
    sheet = StreamedSheet(
        _("Activity log"),
        head,
        rows,
        about,
        numbers=frozenset({0}),
        moments=frozenset({1}),
        wide=frozenset({2, 3, 9}),
    )
    response = sheet_response(sheet, form, f"ciss-trail-{at:%Y-%m-%d}")
    with unit_of_work():
        services.record_export(wanted, by=person, at=at)
    return response


NO_FACTS = (None, "{}")


def _rows(batches: Iterable[Iterable[FileLine]]) -> Iterator[list[list[Any]]]:
    """Yield the rows; names are translated now, as the file is written after the request has ended."""
    events = {event.value: _(name) for event, name in EVENT_NAMES.items()}
    roles = {role.value: _(name) for role, name in ROLE_NAMES.items()}

    def written(lines: Iterable[FileLine]) -> list[list[Any]]:
        return [
            [
                number, at, event, events.get(event, ""), person, roles[role] if role else "",
                school, kind, key, canonical_text(facts) if facts not in NO_FACTS else "",
            ]
            for number, at, event, person, role, school, kind, key, facts in lines
        ]  # fmt: skip

    return (written(lines) for lines in batches)
