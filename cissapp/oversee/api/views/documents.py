"""The OpenAPI document, and the page that explains the API with working examples."""

import hashlib
import json
from functools import cache

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import public, signed_in
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.origin import without_cookie
from cissapp.foundation.web.problem_details import PREFIX
from cissapp.foundation.web.problem_kinds import KINDS
from cissapp.oversee.api.rules.document import document
from cissapp.oversee.api.rules.examples import Reader, examples
from cissapp.oversee.api.rules.operations import OPERATIONS
from cissapp.oversee.api.rules.tokens import TokenScope, scopes_open_to
from cissapp.oversee.api.views.asking import known_again
from cissapp.oversee.api.views.blueprint import bp
from cissapp.people.enrolment.views.names import open_packs
from cissapp.people.schools.queries import own_group


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
        examples=examples(current_config().base_url, _reader(signed_in())),
        operations=[(one, f"{PREFIX}{one.path}") for one in OPERATIONS],
        problems=KINDS.values(),
    )


def _reader(person: Actor | None) -> Reader:
    """Return whom the examples are for: the person who is signed in; for a visitor, they are of an open country."""
    own, group = person or SYSTEM, own_group(person or SYSTEM)
    known = [
        own.country_code,
        *(group.group.country_codes if group else []),
        *open_packs(),
        *content().countries,
    ]
    pack = content().countries[next(filter(None, known))]
    return Reader(
        frozenset(scopes_open_to(own) or TokenScope),
        pack.code,
        own.region_code or next(filter(pack.in_force, pack.regions)),
        pack.file.languages[0],
        is_of_region=own.region_code is not None,
    )
