"""The mails about acts that wait for a second person."""

from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import (
    person,
    secretariat,
)
from cissapp.people.handover.models import ActProposal
from cissapp.people.handover.queries import reviewers_of_group
from cissapp.people.handover.rules.powers import ACT_NAMES, OUTCOME_NAMES
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs

KIND = "second_person"


def ask_to_confirm(proposal: ActProposal, *, by: Actor, at: datetime) -> None:
    """Ask the others of the secretariat to confirm what one of them proposed."""

    def text_for(reader: User) -> MailText:
        return MailText(
            _("A proposal is waiting for a second person"),
            paragraphs(
                greeting(reader),
                _(
                    "%(name)s proposes this. Another person in the secretariat must confirm it by %(day)s:",
                    name=by.name,
                    day=filters.moment(proposal.expires_at),
                ),
                _about(proposal),
                _(
                    "Read the reason, then confirm or refuse it here:\n%(link)s",
                    link=_link(proposal),
                ),
            ),
        )

    mail_people([one for one in secretariat() if one.id != by.id], KIND, text_for, at=at)


def _about(proposal: ActProposal) -> str:
    return str(
        _(
            "What: %(what)s\nAbout: %(about)s",
            what=_(ACT_NAMES[proposal.act]),
            about=proposal.title,
        )
    )


def _link(proposal: ActProposal) -> str:
    return link_to(f"/admin/second-person/{proposal.id}")


def tell_of_replacement(proposal: ActProposal, lost: User, token: str, *, at: datetime) -> None:
    """Notify the coordinator who would be replaced, with the link that stops it, and the reviewers of the group."""

    def text_for_lost(reader: User) -> MailText:
        return MailText(
            _("The secretariat wants to replace you as coordinator"),
            paragraphs(
                greeting(reader),
                _replaced(proposal),
                _(
                    "If you are still the coordinator, open this link and stop it. You do not need to sign in:\n%(link)s",
                    link=link_to(f"/second-person/{token}/stop"),
                ),
                _("If you have left, you do not need to do anything. Your account will be closed."),
            ),
            path="/notifications",
        )

    def text_for(reader: User) -> MailText:
        return MailText(
            _("A new coordinator has been proposed for your group"),
            paragraphs(
                greeting(reader),
                _replaced(proposal),
                _("If you can reach the coordinator, tell them, or write to the secretariat."),
            ),
            path="/notifications",
        )

    mail_people([lost], KIND, text_for_lost, at=at)
    mail_people(reviewers_of_group(proposal.subject_id), KIND, text_for, at=at)


def _replaced(proposal: ActProposal) -> str:
    lost = person(proposal.lost_id) if proposal.lost_id else None
    values = {"name": lost.name if lost else "", "group": proposal.title}
    if proposal.alone_from:
        return str(
            _(
                "The secretariat cannot reach %(name)s, the coordinator of %(group)s, and wants to name someone else. This will be done on %(moment)s, unless it is stopped before then.",
                moment=filters.moment(proposal.alone_from),
                **values,
            )
        )
    return str(
        _(
            "The secretariat cannot reach %(name)s, the coordinator of %(group)s, and wants to name someone else. This will be done as soon as a second person in the secretariat confirms it.",
            **values,
        )
    )


def tell_of_end(proposal: ActProposal, *, by: Actor, at: datetime) -> None:
    """Notify the secretariat, except the person who ended it, that a proposal was not carried out."""

    def text_for(reader: User) -> MailText:
        return MailText(
            _("A proposal has ended, and nothing was done"),
            paragraphs(
                greeting(reader),
                _about(proposal),
                str(_(OUTCOME_NAMES[proposal.outcome])) if proposal.outcome else "",
                _("You can see it here:\n%(link)s", link=_link(proposal)),
            ),
        )

    mail_people([one for one in secretariat() if one.id != by.id], KIND, text_for, at=at)
