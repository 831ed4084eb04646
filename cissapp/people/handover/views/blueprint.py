"""The blueprint of the room, and what rooms below show of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from cissapp.foundation.access.guard import can
from cissapp.foundation.access.permissions import Permission
from cissapp.people.handover import queries

bp = Blueprint("handover", "cissapp.people.handover", template_folder="templates")


@bp.app_context_processor
def links() -> dict[str, Callable[..., Any]]:
    """Offer rooms below the number of acts that wait for a second person, and handovers by school or invitation."""
    return {
        "acts_waiting": acts_waiting,
        "handover_of": queries.open_handover_of_school,
        "handover_by": queries.handover_of_invitation,
    }


def acts_waiting() -> int:
    """Count the acts that wait for a second person; none for those who may not see them."""
    return queries.count_waiting() if can(Permission.ACT_READ) else 0
