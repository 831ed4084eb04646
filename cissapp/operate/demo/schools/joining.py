"""Requests to join in the demonstration: a school in Moldova that waits for an answer."""

from datetime import timedelta

from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.operate.demo.schools.people import StoryContext
from cissapp.people.joining import services
from cissapp.people.joining.models import JoinRequest
from cissapp.people.joining.rules import JoinFacts

WISH = JoinFacts(
    country_code="MD",
    school_name="Gimnaziul demonstrativ „Zori de zi”",
    locality="Orhei",
    code="",
    email="cancelaria@gimnaziu.example",
    person_name="Maria Botnaru",
    office="Directoare",
    reason="Vrem ca elevii noștri să știe cui îi pot spune.",
)


def add(stage: StoryContext) -> None:
    """Let a school that is not in the register ask for an invitation, and confirm its address."""
    with unit_of_work():
        at = stage.now - timedelta(days=3)
        services.ask_to_join(WISH, language="ro", at=at)
        request = session.scalars(select(JoinRequest)).one()
        services.confirm(request, at=at)
