"""Addresses of the public log: for monitors and witnesses, for a certificate's own proof, and a page."""

from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.rules import normalise_code
from cissapp.certify.transparency import phrases, queries
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.rules import requests
from cissapp.certify.transparency.rules.entries import base64_of
from cissapp.certify.transparency.rules.requests import BadLogRequest
from cissapp.certify.transparency.services import export
from cissapp.foundation.access.guard import public
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.web.forms import shown
from cissapp.foundation.web.limits import limit

bp = Blueprint("transparency", __name__, template_folder="templates")

# Responses that can still grow expire after a minute; complete ones never change.
SOON, LONG = 60, 86_400


@bp.errorhandler(BadLogRequest)
def _bad_request(error: BadLogRequest) -> ResponseReturnValue:
    return jsonify(error=error.problem.code, message=shown(error.problem).text), 400


def _kept(response: Response, seconds: int) -> Response:
    """Let clients cache the response and revalidate it later."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.add_etag()
    response.make_conditional(request)
    return response


def _json(seconds: int, **values: Any) -> Response:
    return _kept(jsonify(values), seconds)


@bp.get("/log")
@public
@limit("60 per minute")
def log() -> ResponseReturnValue:
    """Show people what the log is, how far it is signed, and how to check it."""
    ring, trusted = log_keys.open_log_keys(current_config().keys_dir)
    page = phrases.shown_log(log_keys.key_of_log(ring), trusted, current_config().base_url)
    return render_template("transparency/log.html", shown=page)


@bp.get("/log/checkpoint")
@public
@limit("300 per minute")
def checkpoint() -> ResponseReturnValue:
    """Serve the last signed checkpoint, or the one of a size, with the cosignatures of witnesses."""
    found = queries.checkpoint(requests.parse_checkpoint(request.args))
    if found is None:
        raise Missing
    response = make_response(queries.published_note(found))
    response.mimetype = "text/plain"
    return _kept(response, SOON)


@bp.get("/log/entries")
@public
@limit("300 per minute")
def entries() -> ResponseReturnValue:
    """Serve entries of the log: only their data, which reveals nothing without the salt."""
    size = queries.size()
    start, count = requests.parse_entries(request.args, size)
    found = queries.entries(start, count) if count else []
    return _json(
        LONG if start + count < size else SOON,
        start=start,
        size=size,
        entries=[{"index": index, "data": base64_of(data)} for index, data in found],
    )


@bp.get("/log/proof/inclusion")
@public
@limit("300 per minute")
def inclusion() -> ResponseReturnValue:
    """Serve the proof that an entry is in the log of a size."""
    asked = requests.parse_inclusion(request.args, queries.size())
    index = asked.index
    if asked.leaf_hash is not None:
        index = queries.index_of(asked.leaf_hash)
    if index is None or index >= asked.size:
        raise Missing
    path, root = queries.inclusion(index, asked.size)
    return _json(
        LONG if "size" in request.args else SOON,
        index=index,
        size=asked.size,
        leaf_hash=base64_of(queries.leaf_hash(index)),
        proof=[base64_of(one) for one in path],
        root=base64_of(root),
    )


@bp.get("/log/proof/consistency")
@public
@limit("300 per minute")
def consistency() -> ResponseReturnValue:
    """Serve the proof that the log of one size extends that of a smaller one."""
    first, second = requests.parse_consistency(request.args, queries.size())
    path, first_root, second_root = queries.consistency(first, second)
    return _json(
        LONG if "second" in request.args else SOON,
        first=first,
        second=second,
        first_root=base64_of(first_root),
        second_root=base64_of(second_root),
        proof=[base64_of(one) for one in path],
    )


@bp.get("/log/proof/certificate/<code>")
@public
@limit("60 per minute")
def certificate(code: str) -> ResponseReturnValue:
    """Serve the proof that a certificate's events are in the log, to anyone who has its code."""
    found = certificates.by_code(normalise_code(code))
    if found is None:
        raise Missing
    ring, _trusted = log_keys.open_log_keys(current_config().keys_dir)
    proof = queries.proof_of(found, log_keys.key_of_log(ring))
    if not proof["events"]:
        raise Missing
    response = _json(SOON, **proof)
    response.headers["X-Robots-Tag"] = "noindex"
    # Salts reveal what the entries hide, so shared caches must not store them.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/log/export.zip")
@public
@limit("6 per minute")
def export_zip() -> ResponseReturnValue:
    """Serve the whole public log as files: entries, checkpoints, cosignatures, public keys."""
    mark = export.export_mark(current_config().keys_dir)
    if request.if_none_match.contains(mark):
        return Response(status=HTTPStatus.NOT_MODIFIED)
    response = send_file(
        BytesIO(export.zip_export(current_config().keys_dir)),
        mimetype="application/zip",
        as_attachment=True,
        download_name="ciss-log.zip",
        conditional=False,
        etag=mark,
    )
    response.headers["Cache-Control"] = f"public, max-age={SOON}"
    return response
