"""Addresses of credentials: for machines, and for people who download one for a machine."""

import hashlib
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.credentials import queries, services
from cissapp.certify.credentials.open_badges import baking
from cissapp.certify.credentials.rules.did import did_document
from cissapp.certify.credentials.services import credential_issuer
from cissapp.foundation.access.guard import public
from cissapp.foundation.core import clock
from cissapp.foundation.signing.keys import NoKeys
from cissapp.foundation.web.headers import SANDBOX
from cissapp.foundation.web.limits import limit

if TYPE_CHECKING:
    from cissapp.certify.credentials.open_badges.pictures import BadgePicture

bp = Blueprint("credentials", __name__, template_folder="templates")

LD_JSON = "application/ld+json"
DAY, MINUTE = 86_400, 60
# Keys change seldom, but a compromised one should soon be known.
KEYS_SECONDS = 5 * MINUTE


def _for_machines(content: str | bytes, kind: str, *, seconds: int) -> Response:
    """Build a response that verifiers in any browser may read and cache for some time."""
    response = Response(content, mimetype=kind)
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    headers["Content-Security-Policy"] = SANDBOX
    headers["Cache-Control"] = f"public, max-age={seconds}"
    headers["X-Robots-Tag"] = "noindex"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
    response.make_conditional(request)
    return response


def _named(response: Response, certificate: Certificate, ending: str) -> Response:
    """Set the file name for downloads."""
    name = f"{certificate.number}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- credentials -------------------------------------------------------------------------------


@bp.get("/credentials/<code>")
@public
@limit("60 per minute")
def credential(code: str) -> ResponseReturnValue:
    """Serve the credential of a certificate, as JSON-LD with its proof."""
    found = queries.by_code(code)
    return _named(_for_machines(found.text, LD_JSON, seconds=DAY), found.certificate, "json")


@bp.get("/credentials/<code>.jwt")
@public
@limit("60 per minute")
def token(code: str) -> ResponseReturnValue:
    """Serve the same credential as a token."""
    found = queries.by_code(code)
    return _named(
        _for_machines(found.jwt, "application/jwt", seconds=DAY), found.certificate, "jwt"
    )


def _badge(certificate: Certificate) -> "BadgePicture":
    from cissapp.certify.credentials.open_badges.pictures import BadgePicture  # noqa: PLC0415 -- slow import

    facts = read_facts(certificate.facts)
    years = facts.valid_from_on.year, facts.valid_until_on.year
    return BadgePicture(facts.level, *years, demo=facts.demo)


@bp.get("/credentials/<code>/badge.svg")
@public
@limit("60 per minute")
def badge_svg(code: str) -> ResponseReturnValue:
    """Serve a picture of the badge that carries the credential, as SVG."""
    from cissapp.certify.credentials.open_badges import pictures  # noqa: PLC0415 -- slow import

    found = queries.by_code(code)
    picture = pictures.draw_svg(_badge(found.certificate))
    return _for_machines(baking.bake_svg(picture, found.text), "image/svg+xml", seconds=DAY)


@bp.get("/credentials/<code>/badge.png")
@public
@limit("60 per minute")
def badge_png(code: str) -> ResponseReturnValue:
    """Serve a picture of the badge that carries the credential, as PNG."""
    from cissapp.certify.credentials.open_badges import pictures  # noqa: PLC0415 -- slow import

    found = queries.by_code(code)
    picture = pictures.draw_png(_badge(found.certificate))
    return _for_machines(baking.bake_png(picture, found.text), "image/png", seconds=DAY)


# --- keys and status ---------------------------------------------------------------------------


@bp.get("/.well-known/did.json")
@public
@limit("600 per minute")
def did() -> ResponseReturnValue:
    """Serve the public keys of this installation, those of the past too."""
    issuer = credential_issuer()
    document = did_document(issuer.did, issuer.ring.keys)
    return _for_machines(
        json.dumps(document, indent=2), "application/did+ld+json", seconds=KEYS_SECONDS
    )


@bp.get("/status/<name>")
@public
@limit("600 per minute")
def status(name: str) -> ResponseReturnValue:
    """Serve a signed status list, which reveals only which places are set."""
    found = queries.list_named(name)
    try:
        text = services.list_to_serve(found, issuer=credential_issuer(), at=clock.now())
    except NoKeys:
        return Response(
            "The list cannot be signed now.\n",
            HTTPStatus.SERVICE_UNAVAILABLE,
            mimetype="text/plain",
        )
    return _for_machines(text, LD_JSON, seconds=MINUTE)
