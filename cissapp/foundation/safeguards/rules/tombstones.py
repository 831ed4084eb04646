"""Why something is taken out, and what stands in its place."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class RemovalReason(StrEnum):
    """The reason for a removal; no other words about it are kept."""

    CHILD_NAMED = "child_named"
    CASE_FILE = "case_file"
    IDENTITY_NUMBER = "identity_number"
    PICTURE_OF_PEOPLE = "picture_of_people"


REASON_NAMES = {
    RemovalReason.CHILD_NAMED: N_("A child is named or can be recognised"),
    RemovalReason.CASE_FILE: N_("It comes from a case file"),
    RemovalReason.IDENTITY_NUMBER: N_("It contains a person’s identity number"),
    RemovalReason.PICTURE_OF_PEOPLE: N_("A picture shows people"),
}

# Stands where a text stood. The mark cannot be typed: control signs are taken out of every form.
TOMBSTONE = "\u2020 [removed]"
# The same for a file whose retention period ended: nothing was wrong with it.
EXPIRED = "\u2020 [time over]"
