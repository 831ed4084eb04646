"""Why a person may not suspend a certificate, or end its suspension: what they have had to do with the school."""

from datetime import date

from blinker import Signal

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import Problem

# Asks why a person may not judge a certificate of a school; the independence room answers.
involvement_asked = Signal()


def reasons_not_to_judge(certificate: Certificate, person: Actor, *, today: date) -> list[Problem]:
    """List why a person may neither suspend a certificate nor end its suspension; empty if they may."""
    if person.id is None:
        return []
    answers = involvement_asked.send(certificate, person_id=person.id, today=today)
    return [problem for _receiver, found in answers for problem in found]
