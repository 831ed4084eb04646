"""The page that checks certificates offline, as a file to keep."""

from http import HTTPStatus
from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import public
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.signing import keys
from cissapp.foundation.web import errors
from cissapp.foundation.web.limits import limit
from cissapp.verify.verifier.rules import PageSource
from cissapp.verify.verifier.services import VERIFY, latest_page

bp = Blueprint("verifier", __name__)
KEPT_SECONDS = 600


@bp.get("/verifier")
@public
@limit("20 per minute")
def page() -> ResponseReturnValue:
    """Send the page with today's snapshot in it."""
    config = current_config()
    source = PageSource(keys.load(config.keys_dir), content(), config.base_url)
    try:
        made = latest_page.latest_page(source, at=clock.now())
    except (keys.NoKeys, keys.ExposedKeys) as missing:
        return errors.fault(HTTPStatus.SERVICE_UNAVAILABLE, missing)
    response = send_file(
        BytesIO(made),
        # Sent as a file, not as a page: it contains scripts, which no page of this site may do.
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=VERIFY,
        etag=False,
    )
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
