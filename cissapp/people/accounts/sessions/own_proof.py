"""How people show, before what only they may do, that nobody else uses their session."""

from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import Form
from cissapp.people.accounts import services
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.rules import Proof
from cissapp.people.accounts.sessions.person import own_session, signed_in_person

# How long a sign-in, or another proof, stands for the password of a person who has none.
SIGN_IN_COUNTS_FOR = timedelta(minutes=15)
INSTEAD_OF_PASSWORD = {Proof.PASSKEY, Proof.APP_CODE, Proof.RECOVERY_CODE, Proof.PROVIDER}


class OwnProof(StrEnum):
    """What a person has to show: their password or, without one, that they signed in a short time ago."""

    PASSWORD = "password"  # noqa: S105 -- the name of a kind of proof
    SIGNED_IN_LATELY = "signed_in_lately"
    SIGN_IN_AGAIN = "sign_in_again"


def own_proof() -> OwnProof:
    """Return what the person of this request has to show; for a visitor, the password."""
    person = signed_in()
    if not isinstance(person, User) or services.has_password(person):
        return OwnProof.PASSWORD
    fresh = clock.now() - _last_proved(own_session()) <= SIGN_IN_COUNTS_FOR
    return OwnProof.SIGNED_IN_LATELY if fresh else OwnProof.SIGN_IN_AGAIN


def _last_proved(found: UserSession) -> datetime:
    """Return when the person of a session signed in or, if later, proved again who they are."""
    counts = found.confirmed_at is not None and found.confirmed_with in INSTEAD_OF_PASSWORD
    return found.confirmed_at if counts and found.confirmed_at else found.opened_at


def validate_with_proof(form: Form, name: str) -> bool:
    """Validate a sent form and the proof that it asks for, a password in the field of this name.

    What is wrong with the proof is shown beside the field. The password is checked last, and each check is
    counted: raise `TooManyAttempts` beyond the limit.
    """
    proof, field = own_proof(), form[name]
    if proof is not OwnProof.PASSWORD:
        field.validators = ()
    if not form.validate_on_submit():
        return False
    if proof is OwnProof.PASSWORD:
        if services.is_own_password(signed_in_person(), field.data or "", at=clock.now()):
            return True
        field.errors = [_("This is not your current password.")]
        return False
    return proof is OwnProof.SIGNED_IN_LATELY


def ways_to_sign_in_again(next_path: str) -> list[tuple[str, str]]:
    """List label and address of each way to show that it is they without a password, and then reach a page."""
    told = services.ways_in_asked.send(None, person=signed_in_person(), next_path=next_path)
    return [way for _receiver, ways in told for way in ways]
