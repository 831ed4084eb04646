"""The words of a brief: its first sentence, the steps, why a region needs help and what helps."""

from datetime import date, timedelta

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.oversee.figures.rules import Cell, Need, RegionToHelp, Step, WeakCriterion

STEPS = {
    Step.REGISTERED: N_("Registered"),
    Step.IN_TRAINING: N_("In training"),
    Step.SUBMITTED: N_("Submitted"),
    Step.IN_REVIEW: N_("In review"),
    # Many of them may not be certified any more: the page says "Certified" of those that are.
    Step.CERTIFIED: N_("Ever certified"),
}
HELPS = {
    Need.NO_SCHOOL: N_("Invite the heads of schools to an information day."),
    Need.LONG_TRAINING: N_("A trainer or mentor who speaks the language of these schools."),
    Need.WAITING_FOR_REVIEW: N_("One more reviewer in the national group."),
    Need.NOT_SUBMITTED: N_("A certified school nearby as a partner."),
    Need.EXPIRING: N_("Remind the heads of schools to begin the renewal."),
    Need.OPEN_QUESTIONS: N_("A call from the district office."),
}
REACHED = N_(
    "Schools that have ever reached each step. Between two steps: the days that half of them took."
)
# What `ciss daily` counts is not known before the first night.
NOT_YET = N_("These figures will appear here tomorrow.")
# "One school in three" is used up to this number, and only if it is nearly true.
MOST_IN = 10
NEARLY = 0.06


def written(count: int) -> str:
    """Format a number with the thousands separators of the language."""
    return str(format_decimal(count))


def signed(count: int) -> str:
    """Format a number with its sign."""
    return f"+{written(count)}" if count > 0 else written(count)


def number(cell: Cell) -> str:
    """Format a figure, or the mark that replaces it."""
    return cell.text if cell.reason else written(cell.count)


def month_name(month: date, shape: str = "LLLL y") -> str:
    """Format a month with its year, or with another pattern."""
    return str(format_date(month, shape))


def month_heads() -> tuple[str, ...]:
    """Return the headings of the table of months."""
    return _("Month"), _("Certified"), _("Level 1"), _("Level 2"), _("Level 3")


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def how_far(certified: int, schools: int, *, of_all: bool) -> str:
    """Write a sentence about the share of certified schools: of all, or of those in the programme."""
    one_in = round(schools / certified) if certified else 0
    is_near = 1 < one_in <= MOST_IN and abs(one_in * certified / schools - 1) <= NEARLY
    if not certified:
        said = _("No school is certified.")
    elif certified == schools:
        said = _("Every school in the programme is certified.")
        said = _("Every school is certified.") if of_all else said
    elif is_near and of_all:
        said = _("One in %(number)s schools is certified.", number=one_in)
    elif is_near:
        said = _("One in %(number)s schools in the programme is certified.", number=one_in)
    elif of_all:
        percent = _percent(certified, schools)
        said = _("%(percent)s %% of all schools are certified.", percent=percent)
    else:
        percent = _percent(certified, schools)
        said = _("%(percent)s %% of the schools in the programme are certified.", percent=percent)
    return str(said)


def _percent(part: int, whole: int) -> str:
    """Write whole per cent, rounded down, and one decimal where that would be none: some are not nobody."""
    return str(part * 100 // whole or format_decimal(part * 1000 // whole / 10, "0.#"))


def longest_step(step: Step, days: int) -> str:
    """Write which step takes longest."""
    said = {
        Step.IN_TRAINING: lambda: ngettext(
            "The longest step is from registration to training: %(num)d day.",
            "The longest step is from registration to training: %(num)d days.",
            days,
        ),
        Step.SUBMITTED: lambda: ngettext(
            "The longest step is from training to application: %(num)d day.",
            "The longest step is from training to application: %(num)d days.",
            days,
        ),
        Step.IN_REVIEW: lambda: ngettext(
            "The longest step is from application to review: %(num)d day.",
            "The longest step is from application to review: %(num)d days.",
            days,
        ),
        Step.CERTIFIED: lambda: ngettext(
            "The longest step is from review to certificate: %(num)d day.",
            "The longest step is from review to certificate: %(num)d days.",
            days,
        ),
    }
    return str(said[step]()) if step in said else ""


def difference(change: int) -> tuple[str, str]:
    """Return a sign and words for a change."""
    if not change:
        return "=", str(_("no change"))
    if change > 0:
        return "▲", str(ngettext("%(count)s more", "%(count)s more", change, count=written(change)))
    fewer = -change
    return "▼", str(ngettext("%(count)s fewer", "%(count)s fewer", fewer, count=written(fewer)))


def days_between(days: int | None, *, longest: bool) -> str:
    """Write the days between two steps."""
    if days is None:
        return str(_("days not known yet"))
    if longest:
        return str(
            ngettext("%(num)d day, the longest step", "%(num)d days, the longest step", days)
        )
    return str(ngettext("%(num)d day", "%(num)d days", days))


def why(region: RegionToHelp) -> str:
    """Write why a region needs help: how many schools it concerns, and for how long."""
    if region.need is Need.NO_SCHOOL:
        return str(_("No school in the programme is here yet."))
    number, days = region.number or 0, region.days or 0
    said = {
        Need.LONG_TRAINING: lambda: ngettext(
            "%(num)d school has been in training for over %(days)s days.",
            "%(num)d schools have been in training for over %(days)s days.",
            number,
            days=days,
        ),
        Need.WAITING_FOR_REVIEW: lambda: ngettext(
            "%(num)d school has waited for the review for over %(days)s days.",
            "%(num)d schools have waited for the review for over %(days)s days.",
            number,
            days=days,
        ),
        Need.NOT_SUBMITTED: lambda: ngettext(
            "%(num)d school finished the training over %(days)s days ago but has not submitted.",
            "%(num)d schools finished the training over %(days)s days ago but have not submitted.",
            number,
            days=days,
        ),
        Need.EXPIRING: lambda: ngettext(
            "%(num)d certificate expires within 90 days.",
            "%(num)d certificates expire within 90 days.",
            number,
        ),
        Need.OPEN_QUESTIONS: lambda: ngettext(
            "%(num)d school has not answered the review for over %(days)s days.",
            "%(num)d schools have not answered the review for over %(days)s days.",
            number,
            days=days,
        ),
    }
    return str(said[region.need]())


def of_reviewed(weak: WeakCriterion) -> str:
    """Write the number of schools that the share of a criterion is based on."""
    return str(
        ngettext(
            "of %(count)s school", "of %(count)s schools", weak.schools, count=written(weak.schools)
        )
    )
