"""Names of facts and papers on pages."""

from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.prepare.facts.rules import PaperKind

PAPER_NAMES = {
    PaperKind.POLICY: N_("Safety policy"),
    PaperKind.PRODUCT: N_("File from the toolkit"),
    PaperKind.POSTER: N_("Poster or card"),
    PaperKind.PAGE: N_("Copy of your page on how to report"),
}
# By the first and the last part of a key; the id between them does not matter.
FACT_NAMES = {
    ("school", "name"): N_("Name of the school"),
    ("school", "locality"): N_("Location of the school"),
    ("staff", "head"): N_("Head"),
    ("staff", "designated"): N_("Designated person for child protection"),
    ("staff", "deputy"): N_("Deputy head"),
    ("person", "office"): N_("Job title of a person who takes reports"),
    ("person", "contact"): N_("Contact of a person who takes reports"),
    ("person", "hours"): N_("Hours of a person who takes reports"),
    ("channel", "description"): N_("Way to report"),
    ("channel", "contact"): N_("Where or how to use a way to report"),
    ("channel", "hours"): N_("Hours of a way to report"),
    ("step", "body"): N_("Organisation outside the school"),
    ("step", "when"): N_("When an outside organisation is called"),
    ("step", "contact"): N_("Number or address of an outside organisation"),
    ("told", "office"): N_("Job title of a person who is told"),
    ("told", "learns"): N_("What a person is told"),
    ("limits", "crime_hours"): N_("Hours until a suspected crime is passed on"),
    ("limits", "answer_days"): N_("Working days until the child gets an answer"),
    ("limits", "plan_days"): N_("Working days until there is a plan"),
    ("rules", "confidentiality"): N_("Who learns of a report"),
    ("rules", "no_retaliation"): N_("Nobody is punished for reporting"),
    ("rules", "about_staff"): N_("Reports about staff or about the head"),
    ("rules", "evidence_rule"): N_("Evidence, and sexual images of children"),
    ("cover", "out_of_hours"): N_("A child is in danger and the school is closed"),
    ("cover", "holiday_cover"): N_("In the holidays"),
    ("cover", "parents_contact"): N_("Parents and neighbours"),
    ("cover", "languages"): N_("Languages that pupils read"),
    ("about", "head"): N_("A report about the head goes to"),
    ("about", "person"): N_("A report about one of the people who take reports goes to"),
    ("page", "address"): N_("Address of your page on how to report"),
}


def fact_name(key: str) -> str:
    """Return the name of the fact with this key."""
    parts = key.split(".")
    if parts[0] == "helpline":
        return str(_("Helpline in your country"))
    known = FACT_NAMES.get((parts[0], parts[-1]))
    return str(_(known)) if known else key
