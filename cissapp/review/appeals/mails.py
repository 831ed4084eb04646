"""Mails about appeals: what needs attention or was decided, and where to read it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.filters import day
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school, secretariat
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.review.appeals.models import Appeal, AppealMember, Proposal

KIND = "appeal"


def tell_filed(appeal: Appeal, *, due_on: date, at: datetime) -> None:
    """Notify the secretariat, which names the panel, and the coordinators of the group."""
    school = appeal.application.school

    def text_for(person: User) -> MailText:
        return MailText(
            _("A school has filed an appeal"),
            _(
                "Hello %(name)s,\n\n%(school)s has appealed against the decision on its application. People who took no part in the decision will decide on the appeal by %(day)s. The secretariat appoints them.\n\nSee the appeal:\n%(link)s",
                name=person.name,
                school=school.name,
                day=day(due_on),
                link=link_to(f"/appeals/{appeal.id}"),
            ),
        )

    mail_people([*secretariat(), *coordinators_of_group(school.group_id)], KIND, text_for, at=at)


NAMED = N_(
    "Hello %(name)s,\n\nYou have been asked to join the panel hearing the appeal by %(school)s. First declare whether you have a conflict of interest. Then you can read the application. The panel decides by %(day)s.\n\nStart here:\n%(link)s"
)
EXCUSED = N_(
    "Hello %(name)s,\n\n%(member)s cannot hear the appeal by %(school)s. The panel decides by %(day)s. Read why, and appoint someone else:\n%(link)s"
)
PROPOSED = N_(
    "Hello %(name)s,\n\nA member of the panel has proposed a decision on the appeal by %(school)s. The panel decides by %(day)s.\n\nRead it and vote here:\n%(link)s"
)
# The same mails where there is no deadline.
UNDATED = {
    NAMED: N_(
        "Hello %(name)s,\n\nYou have been asked to join the panel hearing the appeal by %(school)s. First declare whether you have a conflict of interest. Then you can read the application.\n\nStart here:\n%(link)s"
    ),
    EXCUSED: N_(
        "Hello %(name)s,\n\n%(member)s cannot hear the appeal by %(school)s. Read why, and appoint someone else:\n%(link)s"
    ),
    PROPOSED: N_(
        "Hello %(name)s,\n\nA member of the panel has proposed a decision on the appeal by %(school)s.\n\nRead it and vote here:\n%(link)s"
    ),
}


def _of_panel(
    appeal: Appeal, subject: str, text: str, path: str, *, member: str = ""
) -> Callable[[User], MailText]:
    """Return what writes a mail about a panel, with the day by which it decides, as last changed."""
    found = open_deadline(DeadlineKind.APPEAL, appeal.id)
    words = text if found else UNDATED[text]

    def text_for(person: User) -> MailText:
        values = {
            "name": person.name,
            "member": member,
            "school": appeal.application.school.name,
            "day": day(found.due_on) if found else "",
            "link": link_to(path),
        }
        return MailText(_(subject), _(words, **values))

    return text_for


def tell_named(appeal: Appeal, members: Sequence[AppealMember], *, at: datetime) -> None:
    """Ask the named people to hear the appeal."""
    subject = N_("You have been asked to hear an appeal")
    text_for = _of_panel(appeal, subject, NAMED, f"/appeals/{appeal.id}/hearing")
    mail_people((member.person for member in members), KIND, text_for, at=at)


def tell_excused(appeal: Appeal, member: AppealMember, *, at: datetime) -> None:
    """Notify the secretariat that a named person cannot hear the appeal."""
    subject, path = N_("A panel member cannot hear the appeal"), f"/appeals/{appeal.id}"
    text_for = _of_panel(appeal, subject, EXCUSED, path, member=member.person.name)
    mail_people(secretariat(), KIND, text_for, at=at)


def tell_proposed(proposal: Proposal, *, at: datetime) -> None:
    """Ask the other members to vote on a proposal."""
    members = [member.person for member in proposal.appeal.hearing]
    others = [one for one in members if one.id != proposal.author_id and one.is_active]
    subject = N_("Please vote on a proposed decision")
    text_for = _of_panel(
        proposal.appeal, subject, PROPOSED, f"/appeals/{proposal.appeal_id}/hearing"
    )
    mail_people(others, KIND, text_for, at=at)


def tell_decided(appeal: Appeal, *, at: datetime) -> None:
    """Notify the people of the school that the panel has decided."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("The panel has decided on your appeal"),
            _(
                "Hello %(name)s,\n\nThe panel has decided on the appeal by %(school)s.\n\nRead the decision, the reasons for it and what happens next:\n%(link)s",
                name=person.name,
                school=appeal.application.school.name,
                link=link_to("/school/application/appeal"),
            ),
        )

    mail_people(
        people_of_school(appeal.school_id), KIND, text_for, at=at, school_id=appeal.school_id
    )
