"""Schools that are not in the register and ask for an invitation: most confirmed their address, some were refused."""

from datetime import datetime, timedelta

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.operate.load.rules.names import person_name, place_name, school_name
from cissapp.operate.load.services.office.parts import GroupWork
from cissapp.people.accounts.rules import fold_address
from cissapp.people.joining import services
from cissapp.people.joining.models import JoinRequest
from cissapp.people.joining.rules import REQUESTS_A_DAY, JoinFacts

SCHOOLS_A_REQUEST = 400
LEAST, MOST = 3, 2 * REQUESTS_A_DAY
OVER = timedelta(days=6)
REFUSED = "A school of this name is in the register already. Please ask its head."


def add(work: GroupWork, *, at: datetime) -> int:
    """Let schools ask within the last days; return how many did."""
    number = min(MOST, max(LEAST, work.schools // SCHOOLS_A_REQUEST))
    for place in range(number):
        asked_at = at - OVER + OVER * place / number
        facts = _facts(work, place, at)
        services.ask_to_join(facts, language=work.language, at=asked_at)
        request = session.scalars(
            select(JoinRequest).where(JoinRequest.email == fold_address(facts.email))
        ).one()
        chance = work.random.random()
        if chance < 0.8:
            services.confirm(request, at=asked_at)
        if chance < 0.1:
            services.refuse(request, REFUSED, by=work.coordinators[0], at=asked_at + OVER / 90)
    return number


def _facts(work: GroupWork, place: int, at: datetime) -> JoinFacts:
    return JoinFacts(
        country_code=work.pack.code,
        school_name=school_name(work.language, work.random),
        locality=place_name(work.language, work.random),
        code="",
        email=f"office{place}.{at:%j%H%M%S}.{work.pack.code.lower()}@load.example",
        person_name=person_name(work.language, work.random),
        office="",
        reason="",
    )
