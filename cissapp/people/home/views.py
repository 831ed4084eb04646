"""Pages for anyone, and the health of the service."""

import hmac
from datetime import timedelta
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import public, signed_in
from cissapp.foundation.content.helplines import POLICE
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.readiness import readiness
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import languages, measures
from cissapp.foundation.web.help_lines import (
    ShownHelpline,
    country_of,
    helplines_for,
    show_help_of,
    shown_helpline,
)
from cissapp.people.home import queries

LOOPBACK = {"127.0.0.1", "::1"}
BY_A_PROXY = (
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "Forwarded",
    "Via",
)
OF_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

bp = Blueprint("home", __name__, template_folder="templates")

SECURITY_TXT_LASTS = timedelta(days=90)

LANDINGS = {
    Role.SCHOOL_MANAGER: "applications.school",
    Role.REVIEWER: "reviews.queue",
    Role.COORDINATOR: "reviews.queue",
    Role.MINISTRY: "oversight.start",
    Role.REGION_OFFICER: "oversight.start",
    Role.SECRETARIAT: "enrolment.admin",
    Role.GUEST: "independence.visit",
}


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Redirect a person to their first page; show a visitor what this is."""
    person = signed_in()
    if person and person.role:
        return redirect(url_for(LANDINGS[person.role]))
    figures = queries.figures_by_country()
    return render_template(
        "home/start.html",
        hours=content().training_hours,
        criteria=len(content().standard.criteria),
        figures=[
            (one.country_code, languages.country_name(one.country_code), one.certified)
            for one in figures or ()
            if one.certified
        ],
        counted=figures is not None,
        certified=sum(one.certified for one in figures or ()),
        today=clock.today(),
    )


@bp.get("/help")
@public
def help_everywhere() -> ResponseReturnValue:
    """List the helplines of all countries, the person's own first, and those available everywhere."""
    language, person = languages.current(), signed_in()
    own = country_of(person) or request.args.get("country", "").upper() or None
    show_help_of(own)
    countries = sorted(content().countries.values(), key=lambda country: country.code != own)
    shown = [
        (country.code, country.name(language), helplines_for(person, country.code, language))
        for country in countries
    ]
    return render_template(
        "home/help.html",
        countries=[(name, lines) for _code, name, lines in shown],
        police=next((_police(lines) for code, _name, lines in shown if code == own), None),
        anywhere=[shown_helpline(line, language) for line in content().anywhere],
    )


@bp.get("/help/<country_code>")
@public
def help_in(country_code: str) -> ResponseReturnValue:
    """List the helplines of a country."""
    country = content().countries.get(country_code.upper())
    if country is None:
        raise Missing
    language = languages.current()
    show_help_of(country.code)
    lines = helplines_for(signed_in(), country.code, language)
    return render_template(
        "home/help_in.html",
        country=country.name(language),
        helplines_here=lines,
        police=_police(lines),
        anywhere=[shown_helpline(line, language) for line in content().anywhere],
    )


def _police(lines: list[ShownHelpline]) -> str:
    """Return the number of the police as printed, preferably a confirmed one; empty if there is none."""
    of_police = [line for line in lines if line.kind == POLICE and line.numbers]
    return of_police[0].numbers[0][0] if of_police else ""


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Show how accessible the pages are, and whom to tell if they are not."""
    return render_template("home/accessibility.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Show what is kept about whom, why, and for how long."""
    language = languages.current()
    groups = queries.group_names_by_country()
    named = [
        (country.code, country.name(language), ", ".join(groups[country.code]))
        for country in content().countries.values()
        if country.code in groups
    ]
    return render_template("home/privacy.html", groups=named)


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> ResponseReturnValue:
    """Return the contact for security reports as `security.txt` (RFC 9116); 404 if none is configured."""
    config = current_config()
    if not config.security_contact:
        raise Missing
    address = f"{config.base_url}{url_for('home.security_txt')}"
    lines = [
        f"Contact: {config.security_contact}",
        # The expiry date marks a neglected file as stale; this one is generated with every request.
        f"Expires: {clock.now() + SECURITY_TXT_LASTS:%Y-%m-%dT00:00:00Z}",
        f"Preferred-Languages: {', '.join(languages.OF_PAGES)}",
        f"Canonical: {address}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Report that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Report whether database, migrations and files are usable, and what else fails; no secrets."""
    found = readiness()
    status = "not ready" if found.needed else "degraded" if found.other else "ok"
    problems = [*found.needed, *found.other]
    return jsonify(status=status, problems=problems), 503 if found.needed else 200


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Return the metrics for the operator's monitoring; anybody else gets a 404."""
    if not (_is_this_machine() or _has_token()):
        raise Missing
    return Response(measures.written(queries.measures(clock.now())), content_type=OF_PROMETHEUS)


def _is_this_machine() -> bool:
    """Check whether the request comes from this machine itself, not through a proxy on anybody's behalf."""
    by_proxy = any(name in request.headers for name in BY_A_PROXY)
    host = urlsplit(f"//{request.host}").hostname or ""
    return request.remote_addr in LOOPBACK and host in {*LOOPBACK, "localhost"} and not by_proxy


def _has_token() -> bool:
    token = current_config().metrics_token
    sent = request.authorization
    if not token or sent is None or sent.type != "bearer" or not sent.token:
        return False
    return hmac.compare_digest(sent.token.encode(), token.encode())
