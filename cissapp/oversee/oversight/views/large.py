"""The beginning of a brief: its first sentence, and four large figures with their change."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.content.schema import FactState
from cissapp.oversee.figures.rules import Brief, Cell, Column, Share, Step
from cissapp.oversee.oversight import phrases
from cissapp.oversee.oversight.phrases import number, written
from cissapp.oversee.oversight.views.reading import Reading


class Change(Struct, frozen=True):
    """The change of a figure since the month compared with: a sign, and words."""

    sign: str
    words: str


class LargeFigure(Struct, frozen=True):
    """A large figure: its label, the number, what it is out of, its change and its list if there are any."""

    label: str
    number: str
    of: str
    change: Change | None = None
    href: str = ""


def all_of(share: Share) -> int | None:
    """Return the total by the state's statistics; None unless it is confirmed."""
    denominator = share.denominator
    checked = denominator is not None and denominator.state is FactState.CHECKED
    return share.whole if checked else None


def change_of(now: Cell, before: Cell | None) -> Change | None:
    """Return the change of a figure; None if either value is hidden or missing."""
    if before is None or now.reason or before.reason:
        return None
    return Change(*phrases.difference(now.count - before.count))


def first_sentences(reading: Reading) -> str:
    """Write how far the area is, and which step takes longest."""
    brief, row = reading.brief, reading.row
    whole = all_of(brief.schools_share)
    schools = whole or row[Column.SCHOOLS].count
    said = [phrases.how_far(row[Column.CERTIFIED].count, schools, of_all=bool(whole))]
    longest = next((one for one in brief.funnel if one.step is brief.longest), None)
    if longest is not None and longest.median_days is not None:
        said.append(phrases.longest_step(longest.step, longest.median_days))
    return " ".join(said)


def large(reading: Reading) -> list[LargeFigure]:
    """Choose the four large figures of an area."""
    brief, row = reading.brief, reading.row
    begun = brief.renewals.begun if brief.is_measured else None
    return [
        _with_change(
            reading,
            Column.CERTIFIED,
            _("Certified schools"),
            _of_schools(brief.schools_share, row[Column.SCHOOLS].count),
            _register_address(reading),
        ),
        _pupils(brief),
        _with_change(reading, Column.IN_REVIEW, _("In review"), _time_of_review(brief)),
        _with_change(
            reading,
            Column.EXPIRING,
            _("Expiring in 90 days"),
            _("renewals begun: %(count)s", count=number(begun)) if begun else "",
        ),
    ]


def _register_address(reading: Reading) -> str:
    """Return where the certified schools of an area are listed, as they are today; empty for a past month."""
    if reading.brief.on:
        return ""
    if reading.area.region_code:
        return "#schools"
    return url_for("directory.register", country=reading.area.country_code)


def _with_change(
    reading: Reading, column: Column, label: str, of: str, href: str = ""
) -> LargeFigure:
    cell, before = reading.row[column], reading.before
    change = change_of(cell, before[column] if before else None)
    return LargeFigure(label, number(cell), of, change, href)


def _of_schools(share: Share, in_programme: int) -> str:
    whole = all_of(share)
    if whole:
        return str(
            ngettext("of %(count)s school", "of %(count)s schools", whole, count=written(whole))
        )
    return str(
        ngettext(
            "of %(count)s school in the programme",
            "of %(count)s schools in the programme",
            in_programme,
            count=written(in_programme),
        )
    )


def _pupils(brief: Brief) -> LargeFigure:
    label, share = _("Pupils in these schools"), brief.pupils_share
    if not brief.is_measured:
        return LargeFigure(label, "–", _(phrases.NOT_YET))
    return LargeFigure(label, written(share.part), _of_pupils(share))


def _of_pupils(share: Share) -> str:
    whole = all_of(share)
    if whole:
        return str(
            ngettext("of %(count)s pupil", "of %(count)s pupils", whole, count=written(whole))
        )
    return str(_("as reported by these schools"))


def _time_of_review(brief: Brief) -> str:
    days = next((one.median_days for one in brief.funnel if one.step is Step.CERTIFIED), None)
    if days is None:
        return str(_("review time not known yet"))
    return str(
        ngettext(
            "half are certified within %(num)d day", "half are certified within %(num)d days", days
        )
    )
