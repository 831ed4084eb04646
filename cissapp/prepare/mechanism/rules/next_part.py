"""Which part of the reporting mechanism comes next."""

from collections.abc import Sequence

from cissapp.prepare.mechanism.rules.checks import MechanismCheck, Severity
from cissapp.prepare.mechanism.rules.parts import MechanismPart


def next_part(found: Sequence[MechanismCheck], after: MechanismPart | None) -> MechanismPart | None:
    """Return the next incomplete part, starting again from the first at the end; None if there is none.

    `after` is the part that is shown, which is never its own successor.
    """
    parts = list(MechanismPart)
    place = parts.index(after) + 1 if after else 0
    lacking = {one.part for one in found if one.severity is Severity.STOPS}
    return next((one for one in parts[place:] + parts[:place] if one in lacking - {after}), None)
