"""The public page of a school on how to report, its files, and its settings."""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.access.guard import actor, permit, public, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.paper import qr
from cissapp.foundation.web import assets, languages
from cissapp.foundation.web.filters import clock_time, day
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.origin import without_cookie
from cissapp.people.accounts.queries import person as find_person
from cissapp.people.notices.mails import link_to
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.facts.queries import GatheredFacts, gather
from cissapp.prepare.facts.rules import PaperKind, is_printed
from cissapp.prepare.facts.services import record_paper
from cissapp.prepare.reporting_page import queries, services
from cissapp.prepare.reporting_page.forms import PageForm
from cissapp.prepare.reporting_page.phrases import WrittenPage, write_page
from cissapp.prepare.reporting_page.phrases.outcomes import numbers_of, strip_of
from cissapp.prepare.reporting_page.queries import FoundPage
from cissapp.prepare.reporting_page.rules import PagePart, shown_parts

bp = Blueprint("reporting_page", "cissapp.prepare.reporting_page", template_folder="templates")

# How long a page may be cached; a changed number is visible within that time.
KEPT_SECONDS = 300
NAME = "how-to-report"


# --- for anybody -------------------------------------------------------------------------------


@bp.get("/s/<code>")
@public
@limit("240 per minute")
@without_cookie
def page(code: str) -> ResponseReturnValue:
    """Show how to report at a school, in the browser's language if the page has it."""
    return _public(code, None)


@bp.get("/s/<code>/<language>")
@public
@limit("240 per minute")
@without_cookie
def page_in(code: str, language: str) -> ResponseReturnValue:
    """Show how to report at a school in a language."""
    return _public(code, language)


@bp.get("/s/<code>/<language>.<any(pdf, html):form>")
@public
@limit("60 per minute")
@without_cookie
def file(code: str, language: str, form: str) -> ResponseReturnValue:
    """Return the page as a file: a PDF to print, or one HTML file that needs no network."""
    found = queries.find_page(code)
    if found.page is None or found.school is None:
        return _not_there(found)
    gathered = gather(found.school)
    if language not in offered(gathered):
        return _not_there(found)
    written = write_page(gathered, shown_parts(found.page.parts), language, clock.today())
    return _kept(_file(written, form, found.page.code))


def _public(code: str, language: str | None) -> ResponseReturnValue:
    found = queries.find_page(code)
    if found.page is None or found.school is None:
        return _not_there(found)
    gathered = gather(found.school)
    spoken = offered(gathered)
    chosen = language or request.accept_languages.best_match(spoken) or spoken[0]
    if chosen not in spoken:
        return _not_there(found)
    written = write_page(gathered, shown_parts(found.page.parts), chosen, clock.today())
    html = _rendered(written, spoken, _public_links(found.page.code))
    return _kept(Response(html))


def offered(gathered: GatheredFacts) -> list[str]:
    """List the languages of the page: that of the school, then those that its pupils read."""
    read = gathered.agreed.pupil_languages if gathered.agreed else []
    wanted = dict.fromkeys([gathered.school.language, *read])
    return [code for code in wanted if code in languages.OF_PAGES] or ["en"]


def _public_links(code: str) -> dict[str, Callable[[str], str]]:
    return {
        "in_language": lambda one: url_for("reporting_page.page_in", code=code, language=one),
        "pdf": lambda one: url_for("reporting_page.file", code=code, language=one, form="pdf"),
        "html": lambda one: url_for("reporting_page.file", code=code, language=one, form="html"),
    }


def _rendered(written: WrittenPage, spoken: list[str], links: dict[str, Any], **more: Any) -> str:
    """Render the page in its own language, whatever the browser's is."""
    with force_locale(written.language):
        return render_template(
            "reporting_page/page.html",
            page=written,
            language=written.language,
            direction=languages.direction_of(written.language),
            spoken={one: languages.NAMES[one] for one in spoken},
            links=links,
            help_strip=strip_of(written.country_code, written.language, clock.today()),
            as_of=day(day_in(written.country_code, clock.now())),
            **more,
        )


def _kept(response: Response) -> Response:
    """Allow a response to be cached briefly and revalidated by its ETag."""
    # A response to a signed-in person may renew their cookie, which no shared cache may store.
    whose = "private" if signed_in() else "public"
    response.headers["Cache-Control"] = f"{whose}, max-age={KEPT_SECONDS}"
    response.vary.add("Accept-Language")
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _not_there(found: FoundPage) -> ResponseReturnValue:
    """Render that the page is not there or has moved, and give the numbers to call."""
    language = request.accept_languages.best_match(list(languages.OF_PAGES)) or "en"
    with force_locale(language):
        html = render_template(
            "reporting_page/not_there.html",
            has_ended=found.has_ended,
            numbers=numbers_of(found.country_code, language, clock.today()),
            help_strip=strip_of(found.country_code, language, clock.today()),
            language=language,
            direction=languages.direction_of(language),
        )
    return Response(html, 410 if found.has_ended else 404)


# --- files -------------------------------------------------------------------------------------


def _file(written: WrittenPage, form: str, code: str | None) -> Response:
    from cissapp.prepare.reporting_page.papers.drawing import pdf_of  # noqa: PLC0415 -- slow import

    address = link_to(queries.path_of(code)) if code else ""
    if form == "pdf":
        with force_locale(written.language):
            as_of = day(day_in(written.country_code, clock.now()))
        content = pdf_of(written, address=address, as_of=as_of)
        response = Response(content, mimetype="application/pdf")
    else:
        response = Response(_whole(written, address), mimetype="text/html")
    name = f"{NAME}-{written.language}.{form}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _whole(written: WrittenPage, address: str) -> str:
    """Render the page as one file that loads nothing, with its styles inline."""
    with force_locale(written.language):
        return render_template(
            "reporting_page/whole.html",
            page=written,
            language=written.language,
            direction=languages.direction_of(written.language),
            style=_style(),
            address=address,
            as_of=day(day_in(written.country_code, clock.now())),
        )


@cache
def _style() -> Markup:
    text = (assets.STATIC / "css" / "ciss.css").read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 -- our own file


# --- for the school ----------------------------------------------------------------------------


@bp.get("/school/reporting/page")
@permit(Permission.DOSSIER_READ, of=own_school)
def settings(school: School) -> ResponseReturnValue:
    """Show whether the page is on, its address, what it shows, and its files."""
    row = queries.page_of(school.id)
    parts = row.parts if row else [part.value for part in PagePart]
    return _settings_page(school, PageForm(is_on=bool(row and row.is_on), parts=parts))


@bp.post("/school/reporting/page")
@permit(Permission.REPORTING_PAGE_EDIT, of=own_school)
def save(school: School) -> ResponseReturnValue:
    """Save whether the page is on, and what it shows."""
    form, person = PageForm(), find_person(actor().id)  # type: ignore[arg-type] # who is signed in has an id
    if person is not None and form.validate_on_submit():
        with form.catch_refusals():
            services.save_page(
                school, form.given(), is_on=bool(form.is_on.data), by=person, at=clock.now()
            )
            flash(_("Saved, %(time)s.", time=clock_time(clock.now())), "success")
            return redirect(url_for("reporting_page.settings"))
    return _settings_page(school, form)


def _settings_page(school: School, form: PageForm) -> ResponseReturnValue:
    gathered, today = gather(school), clock.today()
    late = [
        one
        for one in gathered.facts.values()
        if one.is_contact and not one.is_helpline and not is_printed(one, today)
    ]
    return answer(
        "reporting_page/settings.html",
        form,
        row=queries.page_of(school.id),
        address=queries.page_address(school),
        spoken={one: languages.NAMES[one] for one in offered(gathered)},
        late=len(late),
    )


@bp.post("/school/reporting/page/code")
@permit(Permission.REPORTING_PAGE_EDIT, of=own_school)
def renew(school: School) -> ResponseReturnValue:
    """Move the page to a new address."""
    services.renew_code(school, by=actor(), at=clock.now())
    flash(_("The page has a new address. Replace anything that shows the old one."), "success")
    return redirect(url_for("reporting_page.settings"))


@bp.get("/school/reporting/page/qr.svg")
@permit(Permission.DOSSIER_READ, of=own_school)
def code_qr(school: School) -> ResponseReturnValue:
    """Render the address of the page as a QR code."""
    address = queries.page_address(school)
    if address is None:
        raise Missing
    return Response(qr.as_svg(address), mimetype="image/svg+xml")


@bp.get("/school/reporting/page/preview")
@permit(Permission.DOSSIER_READ, of=own_school)
def preview(school: School) -> ResponseReturnValue:
    """Show the page as it would be today, also while it is off."""
    gathered = gather(school)
    spoken = offered(gathered)
    chosen = request.args.get("in", "")
    written = _of_school(gathered, chosen if chosen in spoken else spoken[0], clock.today())
    links = {"in_language": lambda one: url_for("reporting_page.preview", **{"in": one})}
    return _rendered(written, spoken, links, is_preview=True)


@bp.post("/school/reporting/page/file")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def download(school: School) -> ResponseReturnValue:
    """Return the page as a file, and record its facts, so that it is found when one of them changes."""
    gathered = gather(school)
    language, form = request.form.get("language", ""), request.form.get("form", "")
    row = queries.page_of(school.id)
    if language not in offered(gathered) or form not in {"pdf", "html"}:
        raise Missing
    written = _of_school(gathered, language, clock.today())
    record_paper(school, PaperKind.PAGE, form, language, written.facts, by=actor(), at=clock.now())
    return _file(written, form, row.code if row and row.is_on else None)


def _of_school(gathered: GatheredFacts, language: str, today: date) -> WrittenPage:
    row = queries.page_of(gathered.school.id)
    parts = shown_parts(row.parts) if row else tuple(PagePart)
    return write_page(gathered, parts, language, today)
