"""The OpenAPI document, and the page that explains the API with working examples."""

import hashlib
import json
from functools import cache

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import public
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.origin import without_cookie
from cissapp.foundation.web.problem_details import PREFIX
from cissapp.foundation.web.problem_kinds import KINDS
from cissapp.oversee.api.rules.document import document
from cissapp.oversee.api.rules.examples import examples
from cissapp.oversee.api.rules.operations import OPERATIONS
from cissapp.oversee.api.views.asking import known_again
from cissapp.oversee.api.views.blueprint import bp


@bp.get(f"{PREFIX}/openapi.json", provide_automatic_options=False)
@without_cookie
@public
@limit("60 per minute")
def openapi() -> ResponseReturnValue:
    """Return the OpenAPI 3.1 document, which needs no token."""
    text = _text(current_config().base_url)
    response = Response(text, content_type="application/json")
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "public, max-age=300"
    known_again(response)
    return response


@cache
def _text(base_url: str) -> str:
    """Render the document once: building the schemas of all answers takes longer than sending it."""
    return json.dumps(document(base_url), ensure_ascii=False, indent=1) + "\n"


@bp.get("/api")
@public
def about() -> ResponseReturnValue:
    """Explain the API: how to begin, what there is, what each problem means."""
    return render_template(
        "api/about.html",
        examples=examples(current_config().base_url),
        operations=[(one, f"{PREFIX}{one.path}") for one in OPERATIONS],
        problems=KINDS.values(),
        base_url=current_config().base_url,
    )
