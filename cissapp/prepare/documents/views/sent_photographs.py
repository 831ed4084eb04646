"""What the photographs' page does with what is sent: each photograph is kept, or refused, on its own."""

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct, field
from werkzeug.datastructures import FileStorage

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Busy, Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import shown
from cissapp.people.schools.models import School
from cissapp.prepare.documents.forms.photographs import PhotographsForm
from cissapp.prepare.documents.photographs import services
from cissapp.prepare.documents.photographs.rules import MOST_AT_ONCE, PhotographSet


class Outcome(Struct):
    """What became of the photographs of a request: how many were kept, and why others were not."""

    kept: int = 0
    refused: list[str] = field(default_factory=list)
    busy: bool = False


def reading_languages(school_id: object) -> list[str]:
    """List the languages in which a school's pages are read: of the page, the school and its country."""
    school = session.get_one(School, school_id)
    country = content().countries.get(school.country_code)
    spoken = country.file.languages if country else []
    return list(dict.fromkeys([languages.current(), school.language, *spoken]))


def keep_photographs(gathered: PhotographSet, form: PhotographsForm) -> Outcome:
    """Store what can be stored of a form's photographs, each committed at once and safe from later errors."""
    outcome = Outcome()
    spoken = reading_languages(gathered.school_id)
    chosen = form.chosen()
    for file in chosen[:MOST_AT_ONCE]:
        try:
            _keep(gathered, form, file, spoken)
        except Refused as refused:
            outcome.busy = outcome.busy or isinstance(refused, Busy)
            why = " ".join(shown(problem).text for problem in refused.problems)
            outcome.refused.append(_("“%(name)s”: %(why)s", name=file.filename, why=why))
        else:
            outcome.kept += 1
    if len(chosen) > MOST_AT_ONCE:
        outcome.refused.append(_left_out(len(chosen) - MOST_AT_ONCE))
    return outcome


def _keep(
    gathered: PhotographSet, form: PhotographsForm, file: FileStorage, spoken: list[str]
) -> None:
    with unit_of_work():
        services.add_photograph(
            gathered,
            form.read(file),
            languages=spoken,
            by_hand=bool(form.by_hand.data),
            store=files(),
            at=clock.now(),
        )


def _left_out(count: int) -> str:
    said: str = ngettext(
        "%(num)d more photo was not checked, because only %(most)d can be checked at a time. Send it again.",
        "%(num)d more photos were not checked, because only %(most)d can be checked at a time. Send them again.",
        count,
        most=MOST_AT_ONCE,
    )
    return said
