"""The words of the year plan."""

from datetime import date

from flask_babel import gettext as _

from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.prepare.plan.rules import (
    TARGET_LEVEL,
    ActionFacts,
    Office,
    PlanDate,
    suggested_day,
    suggested_office,
)
from cissapp.prepare.plan.rules.actions import WHAT_MOST

OFFICES: dict[Office, str] = {
    Office.HEAD: N_("Head"),
    Office.DEPUTY_HEAD: N_("Deputy head"),
    Office.DESIGNATED_PERSON: N_("Designated person"),
    Office.PSYCHOLOGIST: N_("School psychologist"),
    Office.IT_PERSON: N_("IT person"),
    Office.CLASS_TEACHERS: N_("Class teachers"),
}


def office_name(office: Office) -> str:
    """Return the name of a job title in the language of the page."""
    return str(_(OFFICES[office]))


def what_of(asked: PlanDate) -> str:
    """Return what is done on a date, in the language of the page."""
    values = {
        name: day(value) if isinstance(value, date) else value
        for name, value in asked.values.items()
    }
    return str(_(asked.what, **values))


def suggested_words(criterion: Criterion) -> str:
    """Return a suggested action in the words of level 2; cut between words if it is too long."""
    asked = criterion.text(languages.current()).levels[str(TARGET_LEVEL)]
    said = str(_("Reach level %(level)s: %(asked)s", level=TARGET_LEVEL, asked=asked))
    return said if len(said) <= WHAT_MOST else f"{said[: WHAT_MOST - 1].rsplit(' ', 1)[0]}…"


def suggested_action(criterion: Criterion, today: date) -> ActionFacts:
    """Return what is suggested for a criterion below the target: what, by whom, by when."""
    office = office_name(suggested_office(criterion))
    return ActionFacts(suggested_words(criterion), office, suggested_day(criterion, today))
