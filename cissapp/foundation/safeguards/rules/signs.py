"""What can be seen in a text or a picture."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_


class SignKind(StrEnum):
    """The kinds of signs."""

    IDENTITY_NUMBER = "identity_number"
    CHILD_NAMED = "child_named"
    DISCLOSURE = "disclosure"
    PEOPLE_SHOWN = "people_shown"
    PICTURES_UNSEEN = "pictures_unseen"


KIND_NAMES = {
    SignKind.IDENTITY_NUMBER: N_("A number that looks like a person’s identity number."),
    SignKind.CHILD_NAMED: N_(
        "Words that look like a child’s name with an age, a class or an event."
    ),
    SignKind.DISCLOSURE: N_("Words that seem to describe what happened to a child."),
    SignKind.PEOPLE_SHOWN: N_("A picture that seems to show people."),
    SignKind.PICTURES_UNSEEN: N_("Some pictures could not be checked. Check them yourself."),
}


class Sign(Struct, frozen=True, order=True):
    """A sign, and where it stands: characters of the text, counted from 0. It never holds the words."""

    kind: SignKind
    start: int = 0
    end: int = 0


def counts_of(signs: Iterable[Sign]) -> dict[str, int]:
    """Count the signs by kind, in the order of `SignKind`; kinds that were not seen are left out."""
    counted = Counter(sign.kind for sign in signs)
    return {kind.value: counted[kind] for kind in SignKind if counted[kind]}


def kinds_of(signs: Iterable[Sign]) -> list[SignKind]:
    """List the kinds that were seen, each once, in the order of `SignKind`."""
    seen = {sign.kind for sign in signs}
    return [kind for kind in SignKind if kind in seen]
