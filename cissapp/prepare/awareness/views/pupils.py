"""What a pupil sees: four questions, thanks, or that a code is wrong or has expired. No script needed.

The pages set no cookie, and so have no session for a form token. The form carries a ticket instead, signed
and bound to the code; it counts once.
"""

import secrets
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from itsdangerous import BadSignature, URLSafeTimedSerializer

from cissapp.foundation.access.guard import by_ticket, public
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.web import languages
from cissapp.foundation.web.help_lines import services_in, strip_of
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.origin import from_another_site, without_cookie
from cissapp.prepare.awareness import queries, services
from cissapp.prepare.awareness.forms import PupilForm
from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.phrases import SIGNS
from cissapp.prepare.awareness.queries import OpenRound
from cissapp.prepare.awareness.rules.rounds import most_answers
from cissapp.prepare.awareness.views.blueprint import bp, with_pages
from cissapp.prepare.reporting_page.queries import page_address

# A page that was opened in the morning can be sent in the evening.
TICKET_SECONDS = 12 * 3600
# Several schools may share one IP address; each round limits its answers anyway.
PAGES, ANSWERS = "3000 per hour", "1500 per hour"


def _signer() -> URLSafeTimedSerializer:
    return secret_keys.timed_signer("awareness-ticket")


def _new_ticket(asked: AwarenessRound) -> str:
    return str(_signer().dumps([asked.code, secrets.token_urlsafe(9)]))


def _read_ticket(code: str) -> str | None:
    """Return the one-time value of the submitted ticket; None if it is not from this round's page."""
    found = queries.find_by_code(code)
    if found is None or from_another_site():
        return None
    try:
        of_code, sign = _signer().loads(request.form.get("ticket", ""), max_age=TICKET_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(sign) if of_code == found.round.code else None


@bp.get("/a")
@public
@limit(PAGES)
@without_cookie
def type_code() -> ResponseReturnValue:
    """Redirect to the round of the code that was typed; ask for a code if it is unknown."""
    typed = request.args.get("code", "").strip()
    found = queries.find_by_code(typed)
    if found is None:
        return _unknown(is_wrong=bool(typed))
    return redirect(url_for("awareness.answer_round", code=found.round.code), HTTPStatus.SEE_OTHER)


@bp.route("/a/<code>", methods=["GET", "POST"])
@by_ticket(_read_ticket)
@limit(PAGES, methods=["GET"])
@limit(ANSWERS, methods=["POST"])
@without_cookie
def answer_round(code: str, ticket: str | None) -> ResponseReturnValue:
    """Ask a pupil four questions, and count the answers; nothing else is kept of it."""
    found = queries.find_by_code(code)
    if found is None:
        return _unknown(is_wrong=True)
    with force_locale(_language(found)):
        form = PupilForm()
        is_sent = form.is_submitted()
        if is_sent and form.validate() and ticket:
            # Full rounds too: if the last pupil taps twice, the second submission must be thanked as well.
            return _count(found, form, ticket)
        if _takes_no_more(found):
            return _page(found, "awareness/over.html", HTTPStatus.GONE)
        return _questions(found, form, is_old=is_sent and ticket is None)


def _count(found: OpenRound, form: PupilForm, ticket: str) -> ResponseReturnValue:
    try:
        services.count_answer(found.round, form.given(), ticket, today=_today(found))
    except Refused:  # it ended, or the last place was taken, a moment ago
        return _page(found, "awareness/over.html", HTTPStatus.GONE)
    values: dict[str, Any] = {"code": found.round.code, "in": _language(found)}
    return redirect(url_for("awareness.thanks", **values), HTTPStatus.SEE_OTHER)


@bp.get("/a/<code>/thanks")
@public
@limit(PAGES)
@without_cookie
def thanks(code: str) -> ResponseReturnValue:
    """Thank a pupil, and show who helps."""
    found = queries.find_by_code(code)
    if found is None:
        return _unknown(is_wrong=True)
    return _page(found, "awareness/thanks.html", own_page=page_address(found.school))


def _takes_no_more(found: OpenRound) -> bool:
    asked = found.round
    return asked.is_over(_today(found)) or asked.answers >= most_answers(asked.expected)


def _today(found: OpenRound) -> date:
    """Return the date at the school: a round is open until the end of its last day there."""
    return day_in(found.school.country_code, clock.now())


def _questions(found: OpenRound, form: PupilForm, *, is_old: bool = False) -> ResponseReturnValue:
    form.ticket.data = _new_ticket(found.round)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return _page(found, "awareness/questions.html", status, form=form, is_old=is_old, signs=SIGNS)


def _language(found: OpenRound) -> str:
    """Return the language that was chosen, else the first of the school's that pages are in."""
    chosen = request.args.get("in", "")
    return chosen if chosen in languages.OF_PAGES else next(iter(with_pages(found.languages)))


def _offered(found: OpenRound) -> dict[str, str]:
    """Return every language of the pages, those of the school first: a pupil may have come from elsewhere."""
    return {**with_pages(found.languages), **languages.OF_PAGES}


def _page(
    found: OpenRound, template: str, status: int = HTTPStatus.OK, **values: Any
) -> ResponseReturnValue:
    language, country = _language(found), found.school.country_code
    return _rendered(template, language, status, country=country, found=found, **values)


def _unknown(*, is_wrong: bool) -> ResponseReturnValue:
    status = HTTPStatus.NOT_FOUND if is_wrong else HTTPStatus.OK
    return _rendered("awareness/unknown.html", languages.current(), status, is_wrong=is_wrong)


def _rendered(
    template: str, language: str, status: int, *, country: str | None = None, **values: Any
) -> ResponseReturnValue:
    found: OpenRound | None = values.get("found")
    with force_locale(language):
        html = render_template(
            template,
            language=language,
            direction=languages.direction_of(language),
            help_strip=strip_of(country, language),
            services=services_in(country, language),
            offered=_offered(found) if found else {},
            person_mark=None,  # a head who looks is a visitor here, too: nothing of them is on the page
            **values,
        )
    return html, status
