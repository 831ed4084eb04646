"""The live badge: anybody may show it, and no visitor is recorded."""

from http import HTTPStatus

from flask import Response, request
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import public
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.replica import from_replica
from cissapp.foundation.signing import keys
from cissapp.foundation.web.headers import SANDBOX
from cissapp.foundation.web.limits import limit
from cissapp.verify.directory.views.blueprint import bp, list_day
from cissapp.verify.verification.checking import online
from cissapp.verify.verification.rules import NO_CERTIFICATE

HOUR = 3600


@bp.get("/badge/<code>.svg")
@public
@limit("300 per minute")
@from_replica
def live(code: str) -> ResponseReturnValue:
    """Draw the badge of a code with its current status; the badge of an unknown code shows that."""
    from cissapp.verify.directory.badge import drawing  # noqa: PLC0415 -- slow import

    found = online.check_code(
        code,
        keys.load(current_config().keys_dir),
        at=clock.now(),
        expiring_days=list_day().expiring_days,
    )
    picture = drawing.badge_of_result(found, content(), request.args.get("lang", ""))
    known = found.answer not in NO_CERTIFICATE
    response = Response(
        drawing.draw_badge(picture),
        HTTPStatus.OK if known else HTTPStatus.NOT_FOUND,
        mimetype="image/svg+xml",
    )
    headers = response.headers
    headers["Cache-Control"] = f"public, max-age={HOUR}"
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    headers["Content-Security-Policy"] = SANDBOX
    headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    if known:
        response.make_conditional(request)
    return response
