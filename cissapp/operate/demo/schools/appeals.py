"""Appeals and complaints of the demonstration: of each, one that waits and one that was answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.demo.schools.people import SchoolStory, StoryContext
from cissapp.operate.demo.schools.reviews import GAPS
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.schools.models import School
from cissapp.review.appeals import queries, services
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.rules import AppealOutcome
from cissapp.review.appeals.services import ProposalInput
from cissapp.review.complaints import queries as complaint_queries
from cissapp.review.complaints import services as complaints
from cissapp.review.complaints.rules import ComplaintOutcome as Found
from cissapp.review.complaints.rules import reasons_not_to_answer

DAY = timedelta(days=1)
GROUNDS = N_(
    "Page 2 of the policy names the office that keeps the list, and the date of the last change."
)
SEEN = N_(
    "The panel read page 2. It names the office and the date. The criterion asks for no more."
)
REPLY = N_("The letter box was closed while the corridor was painted. It is open again.")
PANEL_OF = {"MD": "UA", "UA": "MD"}  # whose reviewers hear an appeal against a group
WAITS, ANSWERED = 1, 2  # about which certified school of a country somebody complained


def appeal(stage: StoryContext, tale: SchoolStory, school: School, *, at: datetime) -> None:
    """File an appeal three days after the decision, and name a panel of another group.

    If the state asks for it, the panel has ruled by `at`.
    """
    decision = queries.newest_decision(school.id)
    if decision is None:
        raise LookupError(school.id)
    ruled = tale.state is DemoState.APPEAL_DECIDED
    issuer, filed_at = stage.issuer, decision.decided_at + 3 * DAY
    filed = services.file(
        decision,
        grounds=in_language(GROUNDS, school.language),
        criteria=GAPS,
        issuer=issuer,
        by=people_of_school(school.id)[0],
        at=filed_at,
    )
    secretary = session.merge(stage.secretariat[0], load=False)
    panel = [session.merge(one, load=False) for one in _panel(stage, tale.country.code)]
    members = [one.id for one in panel]
    services.name_panel(filed, members, by=secretary, at=filed_at + 2 * DAY)
    for person in panel if ruled else panel[:1]:
        services.declare(
            filed,
            grounds=[],
            note="",
            answers={},
            issuer=issuer,
            by=person,
            at=filed_at + 3 * DAY,
        )
    if ruled:
        _rule(filed, panel, in_language(SEEN, school.language), issuer, at=at)


def _panel(stage: StoryContext, country_code: str) -> Sequence[User]:
    return stage.panels.get(country_code) or stage.staff[PANEL_OF[country_code]][:2]


def _rule(filed: Appeal, panel: Sequence[User], seen: str, issuer: Issuer, *, at: datetime) -> None:
    """Propose a certificate, and let the other member agree."""
    author, other = panel
    wanted = ProposalInput(AppealOutcome.ALTERED, 1, dict.fromkeys(GAPS, 2), seen)
    proposal = services.propose(filed, wanted, issuer=issuer, by=author, at=at - 2 * DAY)
    services.vote(proposal, agrees=True, note="", issuer=issuer, by=other, at=at)


def complain(stage: StoryContext, tale: SchoolStory, school: School, *, answered: bool) -> None:
    """File a complaint about a certified school; it waits for the group, or the group has answered it."""
    certificate = certificates.newest_of_school(school.id)
    if certificate is None:
        raise LookupError(school.id)
    content = stage.issuer.content
    promises = [one.id for one in content.standard.criteria if one.critical and one.part == "B"]
    filed_at = stage.now - 3 * DAY
    complaint, _token = complaints.file(
        certificate,
        promises=promises[:1],
        offered=promises,
        country=content.countries[tale.country.code],
        at=filed_at,
    )
    first, second, coordinator = (session.merge(one) for one in stage.staff[tale.country.code])
    free = [
        one
        for one in (coordinator, first, second)
        if not reasons_not_to_answer(
            complaint_queries.involvement_of(complaint, one, today=filed_at.date())
        )
    ]
    by = free[0] if free else session.merge(stage.secretariat[0])
    if answered:
        complaints.pass_on(complaint, by=by, at=filed_at + DAY / 4)
        head = people_of_school(school.id)[0]
        complaints.reply(
            complaint, text=in_language(REPLY, school.language), by=head, at=filed_at + DAY
        )
        complaints.answer(
            complaint, outcome=Found.MENDED, reason="", cure_days=0, by=by, at=filed_at + 2 * DAY
        )


def complained_about(tale: SchoolStory) -> bool:
    """Return whether there is a complaint about this school."""
    return tale.state is DemoState.CERTIFIED and tale.number_in_state in {WAITS, ANSWERED}


def is_answered(tale: SchoolStory) -> bool:
    """Return whether the group has answered the complaint about this school."""
    return tale.number_in_state == ANSWERED
