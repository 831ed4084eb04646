"""How far a right reaches. Each scope answers for one row and for a query with the same expression."""

from collections.abc import Callable
from typing import Any

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import Actor

# For a row the answer is a bool, for a class a condition of SQLAlchemy.
Answer = Any
Scope = Callable[[Actor, Any], Answer]
# Of a region with more below it, the codes are not listed in the statement: what begins with its code is reached.
MOST_LISTED = 500


def everywhere(actor: Actor, it: Any) -> Answer:
    """Reach everything."""
    return True


def own(actor: Actor, it: Any) -> Answer:
    """Reach what belongs to the person."""
    return actor.id is not None and it.user_id == actor.id


def own_school(actor: Actor, it: Any) -> Answer:
    """Reach what belongs to the person's school."""
    return actor.school_id is not None and it.school_id == actor.school_id


def own_group(actor: Actor, it: Any) -> Answer:
    """Reach what belongs to a school of the person's national group, unless it is for others only.

    An object with `only_for_id` belongs to a calibration case assigned to one person: for everyone else in
    the group it appears at no address, in no list and in no count.
    """
    if actor.group_id is None:
        return False
    answer = it.group_id == actor.group_id
    if not hasattr(it, "only_for_id"):
        return answer
    only_for: Any = it.only_for_id
    if isinstance(it, type):
        return answer & (only_for.is_(None) | (only_for == actor.id))
    return answer and only_for in {None, actor.id}


def own_country(actor: Actor, it: Any) -> Answer:
    """Reach what belongs to the person's country."""
    return actor.country_code is not None and it.country_code == actor.country_code


def own_region(actor: Actor, it: Any) -> Answer:
    """Reach what belongs to the person's region or one below it, including those a reform abolished."""
    if actor.region_code is None:
        return False
    if isinstance(it, type):
        # The index of the regions starts with the country; SQLite needs the first column to use an index.
        in_country = it.country_code == actor.country_code  # type: ignore[attr-defined]
        return in_country & in_region(it.region_code, actor.region_code)  # type: ignore[attr-defined]
    return it.region_code is not None and in_region(it.region_code, actor.region_code)


def in_region(place: Any, code: str) -> Answer:
    """Return whether a code is that of a region or of one below it; of a column, the condition."""
    reached = content().regions_within(code)
    is_code = isinstance(place, str)
    if len(reached) <= MOST_LISTED:
        return place in reached if is_code else place.in_(reached)
    # The code of each region begins with that of the one above.
    below = f"{code}-"
    if is_code:
        return place == code or place.startswith(below)
    return (place == code) | place.startswith(below, autoescape=True)


def own_case(actor: Actor, it: Any) -> Answer:
    """Reach the one case that a guest was invited to."""
    return actor.guest_application_id is not None and it.id == actor.guest_application_id


def own_panel(actor: Actor, it: Any) -> Answer:
    """Reach what the person hears as one of a panel."""
    return actor.id is not None and it.heard_by(actor.id)
