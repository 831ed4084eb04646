"""The blueprint of the room."""

from flask import Blueprint, request

from cissapp.foundation.access.guard import signed_in
from cissapp.people.school_lists.list_files import MOST_BYTES

bp = Blueprint("school_lists", "cissapp.people.school_lists", template_folder="templates")

# Allows for the form around the file.
AROUND = 100_000


@bp.before_request
def read_long_lists() -> None:
    """Accept a longer request body from a person who uploads a list."""
    if request.endpoint == "school_lists.bring" and signed_in():
        request.max_content_length = MOST_BYTES + AROUND
