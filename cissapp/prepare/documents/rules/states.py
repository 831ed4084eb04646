"""Enumerations of the documents."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class PictureSize(StrEnum):
    """The sizes in which a page is drawn."""

    LARGE = "large"
    SMALL = "small"


class TextSource(StrEnum):
    """Where the text of a page of a document comes from."""

    FILE = "file"
    MACHINE = "machine"
    # Read by machine, but not surely enough to be trusted: it is not kept.
    GARBLED = "garbled"
    NONE = "none"
    WAITING = "waiting"
    # The page may contain something about a child: it is not kept until the school has checked.
    HELD = "held"


class VersionState(StrEnum):
    """The life of a version of a document. From submitted on it is frozen."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


VERSION_STATE_NAMES = {
    VersionState.DRAFT: N_("Draft"),
    VersionState.SUBMITTED: N_("Answers submitted"),
    VersionState.ACCEPTED: N_("Accepted"),
    VersionState.SUPERSEDED: N_("Replaced"),
}
