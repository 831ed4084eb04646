"""The blueprint of the room."""

from flask import Blueprint, request

from cissapp.foundation.access.guard import signed_in

bp = Blueprint("documents", "cissapp.prepare.documents", template_folder="templates")

# A file somewhat over the limit is still read, so that the form comes back with a reason and its text.
READ_BYTES = 40_000_000
# Several photographs come at once where no script sends them one by one.
PHOTOGRAPH_BYTES = 100_000_000
UPLOADS = {
    "documents.add_document": READ_BYTES,
    "documents.add_version": READ_BYTES,
    "documents.photographs": PHOTOGRAPH_BYTES,
    "documents.photographs_of": PHOTOGRAPH_BYTES,
}


@bp.before_request
def read_large_files() -> None:
    """Raise the request limit of the upload pages for people who are signed in."""
    if request.endpoint in UPLOADS and signed_in():
        request.max_content_length = UPLOADS[request.endpoint]
