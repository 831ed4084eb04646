"""How far a right reaches. Each scope answers for one row, and for a query, in the same words."""

from collections.abc import Callable
from typing import Any

from cissapp.core.actor import Actor

# For a row the answer is a bool, for a class a condition of SQLAlchemy.
Answer = Any
Scope = Callable[[Actor, Any], Answer]


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
    """Reach what belongs to a school of the person's national group."""
    return actor.group_id is not None and it.group_id == actor.group_id


def own_country(actor: Actor, it: Any) -> Answer:
    """Reach what belongs to the person's country."""
    return actor.country_code is not None and it.country_code == actor.country_code


def own_region(actor: Actor, it: Any) -> Answer:
    """Reach what belongs to the person's region."""
    return actor.region_code is not None and it.region_code == actor.region_code
