"""When a school's answers and evidence may be changed: not after they were submitted, until they come back.

Evidence is open again once the application is decided; answers that were certified, when the next one opens.
"""

from collections.abc import Collection

from cissapp.foundation.core.errors import N_, Problem, Refused


def is_open(
    open_criteria: Collection[str] | None,
    criterion_id: str | None = None,
    *,
    part: str | None = None,
) -> bool:
    """Check whether something may be changed; `open_criteria` None means that nothing is submitted.

    A score is open with its criterion, what belongs to a part with any criterion of the part, and
    everything else with any criterion at all.
    """
    if open_criteria is None:
        return True
    if criterion_id is not None:
        return criterion_id in open_criteria
    return any(part is None or one.startswith(part) for one in open_criteria)


def refuse_if_closed(
    open_criteria: Collection[str] | None,
    criterion_id: str | None = None,
    *,
    part: str | None = None,
) -> None:
    """Refuse a change of what was submitted and has not been opened again."""
    if is_open(open_criteria, criterion_id, part=part):
        return
    if open_criteria:
        message = N_(
            "You have submitted this. Changes were only requested in other criteria: %(open)s."
        )
        raise Refused(Problem("closed", message, {"open": ", ".join(open_criteria)}))
    raise Refused(
        Problem(
            "closed",
            N_("You have submitted your application. You can change this when it comes back."),
        )
    )
