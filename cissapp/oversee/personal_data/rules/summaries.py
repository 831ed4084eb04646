"""A plain summary of the data map: what is kept about people, what for, and how long. Pure."""

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.oversee.personal_data.rules.columns import Keep, Purpose


class KeptKind(Struct, frozen=True):
    """A kind of data in the words of those whom it is about."""

    name: str
    purpose: Purpose
    keep: Keep
    has_account: bool = True


KINDS = (
    KeptKind(N_("Name, work email address, role, language"), Purpose.ACCOUNT, Keep.ACCOUNT),
    KeptKind(N_("When you signed in, and on which device"), Purpose.ACCOUNT, Keep.SESSION),
    KeptKind(N_("What you typed into a form and have not sent"), Purpose.ACCOUNT, Keep.DRAFT),
    KeptKind(N_("Emails that we send you"), Purpose.ACCOUNT, Keep.MAIL),
    KeptKind(N_("Notifications"), Purpose.ACCOUNT, Keep.NOTICE),
    KeptKind(N_("Learning results"), Purpose.LEARNING, Keep.ACCOUNT),
    KeptKind(N_("What you wrote for your school"), Purpose.SCHOOL, Keep.SCHOOL),
    KeptKind(N_("Documents of schools"), Purpose.SCHOOL, Keep.CASE),
    KeptKind(
        N_("What you submitted, wrote or decided about an application"),
        Purpose.APPLICATION,
        Keep.REGISTER,
    ),
    KeptKind(N_("What a mentor and a school write to each other"), Purpose.MENTORING, Keep.SCHOOL),
    KeptKind(N_("Who signs certificates for a national group"), Purpose.CERTIFICATE, Keep.REGISTER),
    KeptKind(N_("Activity log"), Purpose.TRAIL, Keep.TRAIL),
    KeptKind(N_("Invitations"), Purpose.INVITING, Keep.LINK, has_account=False),
    KeptKind(N_("Requests from schools to join"), Purpose.INVITING, Keep.JOIN, has_account=False),
    KeptKind(
        N_("Lists of schools with names and work addresses, from an office"),
        Purpose.INVITING,
        Keep.LIST,
        has_account=False,
    ),
)
