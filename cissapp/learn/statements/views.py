"""Pages of a person's own statement of learning: an explanation, the PDF, and the JSON."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.signing.settings import Settings
from cissapp.foundation.web import languages
from cissapp.foundation.web.limits import limit
from cissapp.learn.statements import phrases, queries
from cissapp.learn.statements import services as making
from cissapp.learn.statements.services import UnsignedStatement
from cissapp.people.accounts.sessions import signed_in_person

bp = Blueprint("statements", __name__, template_folder="templates")

NAME = "statement-of-learning"


@bp.get("/learn/statement")
@permit(Permission.STATEMENT_READ)
def show() -> ResponseReturnValue:
    """Show what a statement of learning is, and what the person's own would state now."""
    modules = queries.modules_to_state(
        signed_in_person(), content(), languages.current(), clock.now()
    )
    return render_template(
        "statements/show.html",
        head=phrases.column_names(),
        rows=phrases.module_rows(modules),
        says_not=phrases.disclaimer(),
    )


@bp.get("/learn/statement.pdf")
@permit(Permission.STATEMENT_READ)
@limit("60 per hour")
def paper() -> ResponseReturnValue:
    """Send the person's own statement as a signed PDF of one A4 page."""
    unsigned = _unsigned()
    words = phrases.printed_statement(unsigned.statement, unsigned.key)
    country = content().countries.get(unsigned.statement.country_code)
    place = country.name("en") if country else ""
    return _sent(making.sign_as_pdf(unsigned, words, place=place), "application/pdf", "pdf")


@bp.get("/learn/statement.json")
@permit(Permission.STATEMENT_READ)
@limit("60 per hour")
def document() -> ResponseReturnValue:
    """Send the person's own statement as signed JSON."""
    return _sent(making.sign_as_json(_unsigned()), "application/json", "json")


def _unsigned() -> UnsignedStatement:
    person, language, now = signed_in_person(), languages.current(), clock.now()
    return making.prepare_statement(
        person,
        queries.modules_to_state(person, content(), language, now),
        settings=Settings.of(current_config()),
        language=language,
        says_not=phrases.disclaimer(),
        at=now,
    )


def _sent(made: bytes | str, mimetype: str, ending: str) -> Response:
    answer = Response(made, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{NAME}.{ending}"'
    return answer
