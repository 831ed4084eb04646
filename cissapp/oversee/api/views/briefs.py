"""The brief of a country or region and the kept months, for programs: the same as on the page."""

from datetime import date

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.replica import from_replica, read_at
from cissapp.oversee.api.queries import places as queries
from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.shapes import briefs as shapes
from cissapp.oversee.api.rules.shapes.figures import FigureCell
from cissapp.oversee.api.views.asking import Call, answers
from cissapp.oversee.api.views.places import area_of, cell_of, month_of, row_of
from cissapp.oversee.figures import queries as figures
from cissapp.oversee.figures.rules import Brief, Cell, FigureTable, FrozenMonth, Share
from cissapp.oversee.oversight import queries as oversight
from cissapp.oversee.oversight.queries import Area


@answers(o.MONTHS, o.REGION_MONTHS, of=area_of)
@from_replica
def list_months(call: Call, area: Area) -> shapes.MonthList:
    """List the kept months of a country, or every version of one month; a region has those of its country."""
    values: shapes.MonthValues = call.values
    found = queries.months(area.country_code, month_of(values.month))
    sees_country = oversight.sees_country(call.person, area)
    return shapes.MonthList(items=[_frozen(one, sees_country=sees_country) for one in found])


@answers(o.COUNTRY_BRIEF, o.REGION_BRIEF, of=area_of)
@from_replica
def read_brief(call: Call, area: Area) -> shapes.BriefAnswer:
    """Return the brief of a country or region."""
    values: shapes.BriefValues = call.values
    found = figures.brief(
        content().countries[area.country_code],
        area.region_code,
        month=month_of(values.month),
        against=month_of(values.against),
        at=read_at(),
    )
    if values.against and found.before is None:
        raise Missing
    return _written(found, area, sees_country=oversight.sees_country(call.person, area))


def _written(found: Brief, area: Area, *, sees_country: bool) -> shapes.BriefAnswer:
    of_country = found.country_schools_share
    return shapes.BriefAnswer(
        country=area.country_code,
        region=area.region_code,
        month=_month(found.on) if found.on else None,
        counted_at=found.counted_at,
        measured_at=found.measured_at,
        against=_frozen(found.against, sees_country=sees_country) if found.against else None,
        figures=_row(found.table, area),
        before=_row(found.before, area) if found.before else None,
        months=_months(found),
        funnel=_funnel(found),
        longest=found.longest.value if found.longest else None,
        schools_share=_share(found.schools_share),
        pupils_share=_share(found.pupils_share),
        country_schools_share=_share(of_country) if of_country else None,
        renewals=_renewals(found),
        load=_load(found),
        reasons=[shapes.BriefReason(why=one.why.value, number=one.number) for one in found.reasons],
        to_help=_regions(found),
        weak=_weak(found),
    )


def _months(found: Brief) -> list[shapes.CertifiedMonth]:
    return [
        shapes.CertifiedMonth(
            month=_month(one.month), certified=one.certified, levels=list(one.levels)
        )
        for one in found.months
    ]


def _weak(found: Brief) -> list[shapes.WeakCriterion]:
    return [
        shapes.WeakCriterion(criterion=one.criterion_id, percent=one.percent, schools=one.schools)
        for one in found.weak
    ]


def _row(table: FigureTable, area: Area) -> object:
    row = table.regions.get(area.region_code) if area.region_code else table.whole
    return row_of(row) if row else None


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _frozen(month: FrozenMonth, *, sees_country: bool) -> shapes.FrozenMonth:
    """Render a month; a reason is written about the whole country, and may name another region."""
    return shapes.FrozenMonth(
        month=_month(month.month),
        frozen_at=month.frozen_at,
        version=month.version,
        reason=month.reason if sees_country or not month.reason else None,
    )


def _funnel(found: Brief) -> list[shapes.FunnelStep]:
    return [
        shapes.FunnelStep(
            step=one.step.value,
            reached=cell_of(one.reached),
            median_days=one.median_days,
            waiting=cell_of(one.waiting),
        )
        for one in found.funnel
    ]


def _share(share: Share) -> shapes.BriefShare:
    known = share.denominator
    return shapes.BriefShare(
        part=share.part,
        whole=share.whole,
        counted_on=known.counted_on if known else None,
        source=known.source if known else None,
        state=known.state.value if known else None,
    )


def _renewals(found: Brief) -> shapes.BriefRenewals:
    return shapes.BriefRenewals(
        expiring=cell_of(found.renewals.expiring),
        begun=_told(found.renewals.begun),
        by_month=[
            shapes.EndingMonth(month=_month(month), ending=number)
            for month, number in found.renewals.by_month
        ],
    )


def _told(cell: Cell | None) -> FigureCell | None:
    return cell_of(cell) if cell else None


def _load(found: Brief) -> shapes.BriefLoad:
    load = found.load
    return shapes.BriefLoad(
        open_cases=cell_of(load.open_cases),
        reviewers=load.reviewers,
        due_in_30_days=_told(load.due_in_30_days),
        expected_in_90_days=_told(load.expected_in_90_days),
    )


def _regions(found: Brief) -> list[shapes.BriefRegion]:
    return [
        shapes.BriefRegion(
            region=one.region_code,
            need=one.need.value,
            number=one.number,
            days=one.days,
            certified=cell_of(one.certified),
            schools=one.schools,
        )
        for one in found.to_help
    ]
