"""The outlook of a brief: regions to help, renewals, workload of the reviewers, weak criteria."""

from itertools import accumulate

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.oversee.figures.rules import INDICATORS, Brief, RegionToHelp
from cissapp.oversee.figures.rules.definitions import SMALL
from cissapp.oversee.oversight import phrases
from cissapp.oversee.oversight.phrases import month_name, number, written
from cissapp.oversee.oversight.views.addresses import region_address
from cissapp.oversee.oversight.views.reading import Reading


class HelpRow(Struct, frozen=True):
    """A region that needs help: its name and place, why, what helps, and how far it is."""

    name: str
    href: str
    why: str
    helps: str
    how_far: str


class MonthAhead(Struct, frozen=True):
    """How many certificates end in a month and up to its end, and this as a percentage of the busiest month."""

    month: str
    count: str
    part: float
    by_then: str

    @property
    def cells(self) -> tuple[str, str, str]:
        """The row of a table."""
        return self.month, self.count, self.by_then


class WeakRow(Struct, frozen=True):
    """A criterion that many schools do not meet yet."""

    id: str
    title: str
    percent: int
    of: str


def help_rows(reading: Reading) -> list[HelpRow]:
    """Write the regions to help, why, and what helps."""
    return [
        HelpRow(
            reading.region_name(one.region_code),
            region_address(reading.pack.code, one.region_code),
            phrases.why(one),
            _(phrases.HELPS[one.need]),
            _how_far(one),
        )
        for one in reading.brief.to_help
    ]


def _how_far(region: RegionToHelp) -> str:
    if not region.schools:
        return ""
    certified, total = number(region.certified), written(region.schools)
    return str(_("%(certified)s of %(total)s certified", certified=certified, total=total))


def months_ahead(brief: Brief) -> list[MonthAhead]:
    """List the months ahead in which certificates end, with how many."""
    months = [(month, count) for month, count in brief.renewals.by_month if count]
    most = max((count for _month, count in months), default=0)
    totals = accumulate(count for _month, count in months)
    return [
        MonthAhead(month_name(month), written(count), round(count * 100 / most, 1), written(total))
        for (month, count), total in zip(months, totals, strict=True)
    ]


def head_ahead() -> tuple[str, str, str]:
    """Return the headings of the table of certificates that end."""
    return _("Month"), _("How many"), _("Total by then")


def load_lines(brief: Brief) -> list[tuple[str, str]]:
    """List the workload of the reviewers as labels and numbers."""
    load = brief.load
    ahead = [
        (_("Due in 30 days"), load.due_in_30_days),
        (_("Expected in 90 days"), load.expected_in_90_days),
    ]
    lines = [(_("Open cases"), number(load.open_cases))]
    if brief.is_measured:
        lines.append((_("Reviewers"), written(load.reviewers)))
        lines += [(label, number(cell)) for label, cell in ahead if cell is not None]
    return lines


def no_help(brief: Brief) -> str:
    """Explain why no region to help is named."""
    none = N_("By the rule on this page, no region needs help.")
    return str(_(none if brief.is_measured else phrases.NOT_YET))


def no_months(brief: Brief) -> str:
    """Explain why no months in which certificates end are shown."""
    none = N_("No certificates expire in the next three years.")
    return str(_(none if brief.is_measured else phrases.NOT_YET))


def no_weak(reading: Reading) -> str:
    """Explain why no weak criteria are shown."""
    if reading.area.region_code:
        definition = INDICATORS["weak"]
        return str(_(definition.leaves_out))
    if not reading.brief.is_measured:
        return str(_(phrases.NOT_YET))
    if reading.brief.is_weak_withheld:
        return str(
            _(
                "Not shown: these shares were kept before scores were added for ten schools at once, and could tell about a single school."
            )
        )
    few = _(
        "No share can be shown: fewer than ten schools have been reviewed, or too few of them are below level 2."
    )
    return f"{few} {_(SMALL)}"


def weak_rows(reading: Reading) -> list[WeakRow]:
    """List the weak criteria with their titles; a criterion that no longer exists is left out."""
    known = reading.content.standard.by_id
    return [
        WeakRow(
            one.criterion_id,
            known[one.criterion_id].text(reading.language).title,
            one.percent,
            phrases.of_reviewed(one),
        )
        for one in reading.brief.weak
        if one.criterion_id in known
    ]
