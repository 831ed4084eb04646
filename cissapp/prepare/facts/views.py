"""Pages of printed facts: contacts to confirm, and places that state an old value."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct, field

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.packs import named
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.facts import queries, services
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.phrases.labels import PAPER_NAMES, fact_name
from cissapp.prepare.facts.queries import GatheredFacts
from cissapp.prepare.facts.queries.changes import (
    PaperPlace,
    confirmed_by,
    old_values,
    page_of_paper,
    paper,
)
from cissapp.prepare.facts.rules import Fact, PaperKind, confirmed_until, is_printed
from cissapp.prepare.facts.rules.changes import Difference
from cissapp.prepare.facts.rules.facts import HELPLINE
from cissapp.prepare.facts.services.confirming import seen
from cissapp.prepare.mechanism.rules import PART_NAMES, RUBRIC_PART, MechanismPart

bp = Blueprint("facts", "cissapp.prepare.facts", template_folder="templates")

# The part in which a contact is changed, by the first part of its key.
PARTS = {
    "person": MechanismPart.PERSONS,
    "channel": MechanismPart.CHANNELS,
    "step": MechanismPart.ESCALATION,
    "cover": MechanismPart.COVER,
}
# The page that makes a kind of paper, for rooms that name none themselves.
MAKERS = {
    PaperKind.POLICY: "/school/policy",
    PaperKind.PRODUCT: "/school/toolkit",
    PaperKind.POSTER: "/school/toolkit/posters",
    PaperKind.PAGE: "/school/reporting/page",
}


# --- numbers to confirm ------------------------------------------------------------------------


class NumberLine(Struct, frozen=True):
    """A contact as the page shows it: its owner, its value, since when it is valid; `mark` confirms it."""

    label: str
    value: str
    is_printed: bool
    detail: str
    mark: str = ""
    href: str = ""


class NumberGroup(Struct, frozen=True):
    """Contacts of one part of the mechanism."""

    title: str
    lines: list[NumberLine] = field(default_factory=list)


@bp.get("/school/toolkit/numbers")
@permit(Permission.DOSSIER_READ, of=own_school)
def numbers(school: School) -> ResponseReturnValue:
    """Show each contact and helpline that is printed, and when it was last confirmed."""
    gathered, today = queries.gather(school), clock.today()
    own = [one for one in gathered.facts.values() if one.is_contact and not one.is_helpline]
    late = [one for one in own if not is_printed(one, today)]
    last_days = [until for until in map(confirmed_until, own) if until]
    return render_template(
        "facts/numbers.html",
        groups=_groups(gathered, own, today),
        helplines=_helplines(gathered, today),
        late=len(late),
        until=min(last_days, default=None),
        editable=is_open(document_queries.open_criteria(school.id), part=RUBRIC_PART),
    )


def _groups(gathered: GatheredFacts, own: Iterable[Fact], today: date) -> list[NumberGroup]:
    names = confirmed_by(gathered)
    groups = {part: NumberGroup(_(PART_NAMES[part])) for part in PARTS.values()}
    for fact in own:
        part = PARTS[fact.key.partition(".")[0]]
        groups[part].lines.append(
            NumberLine(
                label=_owner(gathered, fact),
                value=fact.value,
                is_printed=is_printed(fact, today),
                detail=_since(fact, names.get(fact.key)),
                mark=seen(fact),
                href=_place(fact, part),
            )
        )
    return [group for group in groups.values() if group.lines]


def _owner(gathered: GatheredFacts, fact: Fact) -> str:
    """Return whose contact it is: the job title, channel or body, or the question that it answers."""
    start = fact.key.rpartition(".")[0]
    for name in ("office", "description", "body"):
        if f"{start}.{name}" in gathered.facts:
            return gathered.facts[f"{start}.{name}"].value
    return fact_name(fact.key)


def _since(fact: Fact, name: str | None) -> str:
    if fact.confirmed_on is None:
        return str(_("Nobody has confirmed it yet"))
    if name:
        values = {"day": day(fact.confirmed_on), "name": name}
        return str(_("Last confirmed on %(day)s by %(name)s", **values))
    return str(_("Entered on %(day)s", day=day(fact.confirmed_on)))


def _place(fact: Fact, part: MechanismPart) -> str:
    if part is MechanismPart.COVER:
        return url_for("mechanism.cover")
    entry_id = UUID(fact.key.split(".")[1])
    return url_for("mechanism.change_entry", part=part.value, entry_id=entry_id)


def _helplines(gathered: GatheredFacts, today: date) -> list[NumberLine]:
    language, lines = languages.current(), []
    for line in gathered.helplines:
        fact = gathered.facts[f"{HELPLINE}.{gathered.helpline_code}.{line.id}"]
        checked = day(fact.confirmed_on) if fact.confirmed_on else ""
        detail = _("Checked by the programme on %(day)s", day=checked)
        lines.append(
            NumberLine(named(line.names, language), fact.value, is_printed(fact, today), detail)
        )
    return lines


@bp.post("/school/toolkit/numbers")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def confirm(school: School) -> ResponseReturnValue:
    """Record that all contacts, or those that are ticked, are still right."""
    marks = None if "all" in request.form else request.form.getlist("seen")
    confirmed = len(services.confirm_facts(school, marks, by=actor(), at=clock.now()))
    if confirmed:
        text = ngettext(
            "%(num)d contact has been confirmed for six months.",
            "%(num)d contacts have been confirmed for six months.",
            confirmed,
        )
        flash(text, "success")
    else:
        flash(_("Nothing was ticked, so nothing was confirmed."), "warning")
    return redirect(url_for("facts.numbers"))


# --- places with an old value ------------------------------------------------------------------


class OldLine(Struct, frozen=True):
    """An old value in a place: its name, the old and the current value, and the pages that contain it."""

    label: str
    old: str
    new: str | None
    pages: str = ""


class ShownPlace(Struct, frozen=True):
    """A place with an old value; `make` is where the new file is made, `done` where it is settled."""

    kind: str
    title: str
    lines: list[OldLine]
    make: str
    make_label: str
    done: str
    is_made: bool = False


@bp.get("/school/toolkit/changes")
@permit(Permission.DOSSIER_READ, of=own_school)
def changes(school: School) -> ResponseReturnValue:
    """List every paper and document that states an old value."""
    found = old_values(school, clock.today())
    places = [_paper(one) for one in found.papers]
    for place in found.documents:
        lines = [_old_line(one, pages) for one, pages in place.differences]
        places.append(
            ShownPlace(
                kind=_("Document, version %(number)s", number=place.number),
                title=place.title,
                lines=lines,
                make=url_for("documents.document", document_id=place.document_id),
                make_label=_("Upload a new version"),
                done=url_for(
                    "facts.settle_document",
                    document_id=place.document_id,
                    version_id=place.version_id,
                ),
            )
        )
    return render_template("facts/changes.html", places=places)


def _paper(place: PaperPlace) -> ShownPlace:
    made = place.paper
    page = page_of_paper(made)
    kind = _(PAPER_NAMES[made.kind])
    return ShownPlace(
        kind=f"{kind} · {languages.NAMES.get(made.language, made.language)}",
        title=page.title if page else kind,
        lines=[_old_line(one, ()) for one in place.differences],
        make=page.address if page else MAKERS[made.kind],
        make_label=_("Make the new file"),
        done=url_for("facts.settle_paper", paper_id=made.id),
        is_made=place.new_file_is_made,
    )


def _old_line(one: Difference, pages: Iterable[int]) -> OldLine:
    numbers = ", ".join(str(page) for page in pages)
    return OldLine(fact_name(one.key), one.old, one.new, numbers)


@bp.post("/school/toolkit/changes/papers/<uuid:paper_id>")
@permit(Permission.DOSSIER_EDIT, of=paper)
def settle_paper(made: MadePaper) -> ResponseReturnValue:
    """Record that every copy of a paper was replaced."""
    services.settle_paper(made, _school_of(made.school_id), by=actor(), at=clock.now())
    return _settled()


@bp.post("/school/toolkit/changes/documents/<uuid:document_id>/<uuid:version_id>")
@permit(Permission.DOSSIER_EDIT, of=document_queries.version)
def settle_document(version: DocumentVersion) -> ResponseReturnValue:
    """Record that a version of a document was replaced, or may stay as it is."""
    school = _school_of(version.school_id)
    services.settle_document(school, version.id, by=actor(), at=clock.now())
    return _settled()


def _school_of(school_id: UUID) -> School:
    found = schools.school(school_id)
    if found is None:
        raise Missing
    return found


def _settled() -> ResponseReturnValue:
    flash(_("Recorded. It is no longer listed."), "success")
    return redirect(url_for("facts.changes"))
