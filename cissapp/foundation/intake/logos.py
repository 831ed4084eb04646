"""Decides whether an uploaded logo is accepted; what is kept of it is drawn anew."""

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.intake import isolation
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason
from cissapp.foundation.intake.results import DrawnLogo

LARGEST = 2 * 1024 * 1024
# A smaller logo would print blurred, a longer one as a thin line.
LEAST_SIDE, MOST_TIMES = 96, 12
KINDS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")

EMPTY = N_("This file is empty. Choose the file again.")
TOO_LARGE = N_("The logo is larger than 2 MB. Save a smaller version and choose that.")
OTHER_KIND = N_(
    "The logo must be a PNG or JPEG picture. Save it as one of these and choose it again."
)
HUGE = N_("The logo has too many pixels. Save a smaller version and choose that.")
DAMAGED = N_("The logo cannot be opened. Save it again as PNG and choose that file.")
BLANK = N_("There is nothing to see in this picture, because it is all white.")
TOO_SMALL = N_(
    "The logo is too small to print well. Choose one whose longer side has at least %(pixels)s pixels."
)
TOO_LONG = N_("The logo is too long and narrow to print. Choose one that is closer to a square.")


def draw_logo(content: bytes) -> DrawnLogo:
    """Redraw an uploaded logo as PNG; raise `Refused` with the reason at the field `logo`, or `Busy`."""
    if not content:
        raise _refused(EMPTY)
    if len(content) > LARGEST:
        raise _refused(TOO_LARGE)
    if not content.startswith(KINDS):
        raise _refused(OTHER_KIND)
    try:
        drawn, before = isolation.draw_logo(content)
    except FileRejected as rejected:
        is_huge = rejected.reason is RejectionReason.HUGE_PICTURE
        raise _refused(HUGE if is_huge else DAMAGED) from rejected
    if not drawn.content:
        raise _refused(BLANK)
    if max(before) < LEAST_SIDE:
        raise Refused(Problem("logo", TOO_SMALL, {"pixels": LEAST_SIDE}))
    if max(before) > MOST_TIMES * min(before):
        raise _refused(TOO_LONG)
    return drawn


def _refused(message: str) -> Refused:
    return Refused(Problem("logo", message))
