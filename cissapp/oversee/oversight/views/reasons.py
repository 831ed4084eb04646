"""Why the number of certified schools changed, in words."""

from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.oversee.figures.rules import Why
from cissapp.oversee.oversight.phrases import signed
from cissapp.oversee.oversight.views.reading import Reading

WORDS = {
    Why.CERTIFIED: N_("Certified, or certified again"),
    Why.EXPIRED: N_("Certificate expired"),
    Why.ENDED: N_("Certificate suspended or withdrawn"),
    Why.LEFT: N_("Left the programme"),
    Why.LOST: N_("No longer certified"),
    Why.MOVED: N_("Moved from or to another region"),
    Why.OTHER: N_("Not explained yet: since last night, or a correction"),
}


def reason_lines(reading: Reading) -> list[tuple[str, str]]:
    """List the reasons with their numbers, which add up to the change."""
    return [(_(WORDS[one.why]), signed(one.number)) for one in reading.brief.reasons]


def reason_rows(reading: Reading, since: str) -> list[list[str | int]]:
    """List the reasons for a file, below their heading and the month compared with; empty if none is known."""
    reasons = reading.brief.reasons
    if not reasons:
        return []
    together = why_together(reading)
    return [
        [_("Why the number of certified schools changed"), since],
        *([_(WORDS[one.why]), one.number] for one in reasons),
        *([[together]] if together else []),
    ]


def why_together(reading: Reading) -> str:
    """Explain why it is not said which certificates expired; empty if it is."""
    if all(one.why is not Why.LOST for one in reading.brief.reasons):
        return ""
    return str(
        _(
            "How many expired, and how many were suspended or withdrawn, is hidden as a small number."
        )
    )
