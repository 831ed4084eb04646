"""The invented school of the specimens: its values, in the language of the specimen.

Nobody here is real. Numbers are zeros, so that nobody calls them.
"""

from datetime import date

from babel import Locale
from babel.dates import format_date
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.office.filling import Value, bullets, plain, table
from cissapp.prepare.facts.phrases import words_in
from cissapp.prepare.toolkit.phrases.actions import action_heads

INVENTED_DAY = date(2026, 10, 5)
NO_NUMBER = "000 00 00"
Rows = list[tuple[str, ...]]


def values_of_invented_school(language: str) -> dict[str, Value]:
    """Return the values of the invented school."""
    with force_locale(language):
        lines = {**_names(), **_agreed(), **_rules(), **_dates(language)}
        helplines, blocks = _helplines(), {**_inside(), **_outside(language)}
    found = {name: Value(plain(text)) for name, text in lines.items()}
    found["helplines"] = Value(bullets(helplines))
    heads = {**words_in(language, INVENTED_DAY).heads, "actions": action_heads(language)}
    for name, rows in blocks.items():
        found[name] = Value(table(heads[name], [[plain(cell) for cell in row] for row in rows]))
    return found


def _dates(language: str) -> dict[str, str]:
    known = Locale(language).languages
    return {
        "today": format_date(INVENTED_DAY, format="d MMMM y", locale=language),
        "school_year": "2026/2027",
        "languages": ", ".join(known.get(one, one) for one in ("ro", "uk")),
    }


def _names() -> dict[str, str]:
    return {
        "school": _("School No. 4 (invented)"),
        "locality": _("Invented Town"),
        "region": _("Invented Region"),
        "country": _("Invented Country"),
        "head": _("A. Invented (head)"),
        "designated": _("B. Invented (designated person)"),
        "deputy": _("C. Invented (deputy head)"),
        "page": "ciss.example/s/invented",
    }


def _agreed() -> dict[str, str]:
    return {
        "crime_hours": "24",
        "answer_days": "1",
        "plan_days": "3",
        "about_head": _("the founder of the school"),
        "about_person": _("the deputy head"),
        "out_of_hours": _("the school’s duty phone, %(number)s", number=NO_NUMBER),
        "holiday_cover": _("the deputy head, every working day"),
        "parents_contact": _("the designated person, %(number)s", number=NO_NUMBER),
    }


def _rules() -> dict[str, str]:
    return {
        "confidentiality": _(
            "Only those who must act are told what was said, and the child is told before it is passed on."
        ),
        "no_retaliation": _("Nobody is punished for a report in good faith."),
        "about_staff": _(
            "A report about a member of staff bypasses that person and goes to the head, and a report about the head goes to the founder."
        ),
        "evidence_rule": _(
            "Nobody searches for, views, copies, photographs, forwards, prints or stores sexual images of children. The device is put aside, the time, address and job title are noted, and the designated person calls the police or the hotline."
        ),
    }


def _helplines() -> list[str]:
    number = plain(NO_NUMBER)
    return [
        f"**{plain(_('Invented helpline for children'))}**: {number}",
        f"**{plain(_('Invented police'))}**: {number}",
    ]


def _inside() -> dict[str, Rows]:
    return {
        "people": [
            (_("Designated person"), _("room 12, %(number)s", number=NO_NUMBER), "9:00-15:00"),
            (_("Deputy head"), _("room 4, %(number)s", number=NO_NUMBER), "8:00-16:00"),
        ],
        "channels": [
            (_("Talk to one of the two people"), _("rooms 12 and 4"), "8:00-16:00"),
            (
                _("Letter box"),
                _("next to the library, with no camera near it"),
                _("emptied every school day"),
            ),
        ],
        "told": [
            (_("Designated person"), _("everything, from the person who took the report")),
            (_("Head"), _("that there is a report and what was decided")),
        ],
    }


def _outside(language: str) -> dict[str, Rows]:
    due = format_date(date(2026, 11, 15), format="d MMMM y", locale=language)
    at_any_time = _("at any time")
    return {
        "outside": [(_("Invented helpline for children"), NO_NUMBER, at_any_time)],
        "escalation": [
            (_("Invented police"), _("at once, if a child is in danger"), NO_NUMBER),
            (_("Invented child protection service"), _("the same day"), NO_NUMBER),
        ],
        "actions": [
            (_("A version of the rules for younger pupils"), _("Deputy head"), due),
        ],
    }
