"""Pages of the reporting mechanism."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.own_paths import own_path
from cissapp.foundation.web.tasks import Task
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.mechanism import queries, services
from cissapp.prepare.mechanism.phrases import shown_check
from cissapp.prepare.mechanism.queries import Entry
from cissapp.prepare.mechanism.rules import (
    PART_NAMES,
    RUBRIC_PART,
    MechanismPart,
    MechanismRecord,
    check_mechanism,
)
from cissapp.prepare.mechanism.rules.checks import MechanismCheck, Severity
from cissapp.prepare.mechanism.rules.next_part import next_part
from cissapp.prepare.mechanism.rules.parts import page_of
from cissapp.prepare.mechanism.views.blueprint import bp
from cissapp.prepare.mechanism.views.entry_lists import (
    ENTRY_LISTS,
    EntryForm,
    EntryList,
    list_of_entry,
)
from cissapp.prepare.mechanism.views.suggestions import suggested_bodies

PART = '<any("persons", "channels", "escalation", "told"):part>'


@bp.get("/school/reporting")
@permit(Permission.DOSSIER_READ, of=own_school)
def reporting(school: School) -> ResponseReturnValue:
    """Show the parts of the reporting mechanism, and what is still missing."""
    record = queries.mechanism_record(school.id, school.language)
    found = check_mechanism(record)
    return render_template(
        "mechanism/reporting.html",
        tasks=[_task(part, record, found) for part in MechanismPart],
        next=_next(found, None),
        problems=[shown_check(one) for one in found if one.severity is Severity.STOPS],
        advice=[shown_check(one) for one in found if one.severity is Severity.ADVICE],
        **closing(school.id),
    )


def _task(part: MechanismPart, record: MechanismRecord, found: list[MechanismCheck]) -> Task:
    counts = {
        MechanismPart.PERSONS: ngettext("%(num)d person", "%(num)d people", len(record.persons)),
        MechanismPart.CHANNELS: ngettext("%(num)d way", "%(num)d ways", len(record.channels)),
        MechanismPart.ESCALATION: ngettext(
            "%(num)d organisation", "%(num)d organisations", len(record.steps)
        ),
        MechanismPart.TOLD: ngettext("%(num)d job title", "%(num)d job titles", len(record.told)),
    }
    kind, state = _state({one.severity for one in found if one.part is part})
    return Task(
        label=_(PART_NAMES[part]),
        href=_address(part),
        kind=kind,
        state=state,
        detail=counts.get(part, ""),
    )


def _address(part: MechanismPart) -> str:
    endpoint, values = page_of(part)
    return url_for(endpoint, **values, **kept())


def _next(found: list[MechanismCheck], after: MechanismPart | None) -> tuple[str, str] | None:
    """Return name and address of the next incomplete part; None if there is none."""
    part = next_part(found, after)
    return (_(PART_NAMES[part]), _address(part)) if part else None


def kept() -> dict[str, Any]:
    """Return the query argument that leads back to a lesson, for links to the following pages."""
    lesson = request.args.get("from")
    return {"from": lesson} if lesson and own_path(lesson) == lesson else {}


def _state(severities: set[Severity]) -> tuple[str, str]:
    if Severity.STOPS in severities:
        return "warn", _("Something is missing")
    if severities:
        return "info", _("Could be better")
    return "ok", _("Complete")


def closing(school_id: UUID) -> dict[str, object]:
    """Return the open criteria and what else every page of the mechanism needs."""
    open_criteria = document_queries.open_criteria(school_id)
    return {
        "open_criteria": open_criteria,
        "editable": is_open(open_criteria, part=RUBRIC_PART),
        "kept": kept(),
    }


def asked(criterion_id: str) -> str:
    """Return the requirement of the standard for level 2 of a criterion."""
    criterion = content().standard.by_id[criterion_id]
    return criterion.text(languages.current()).levels["2"]


def _entry(part: str, entry_id: UUID) -> Entry | None:
    return queries.entry(MechanismPart(part), entry_id)


# --- persons, channels, steps, who is told ----------------------------------------------------------------


@bp.get(f"/school/reporting/{PART}")
@permit(Permission.DOSSIER_READ, of=own_school)
def entries(school: School, part: str) -> ResponseReturnValue:
    """Show a list of the mechanism."""
    section = ENTRY_LISTS[MechanismPart(part)]
    rows = queries.entries(school.id, section.part)
    offered = (
        suggested_bodies(school.country_code) if section.part is MechanismPart.ESCALATION else {}
    )
    present = {one.body for one in rows} if offered else set()
    found = check_mechanism(queries.mechanism_record(school.id, school.language))
    lacks = [one for one in found if one.part is section.part and one.severity is Severity.STOPS]
    return render_template(
        "mechanism/entries.html",
        section=section,
        title=_(PART_NAMES[section.part]),
        asked=asked(section.criterion_id),
        lines=[section.line(row) for row in rows],
        missing=[shown_check(one) for one in lacks],
        next=_next(found, section.part),
        suggestions={key: one for key, one in offered.items() if one.body not in present},
        **closing(school.id),
    )


@bp.route(f"/school/reporting/{PART}/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_entry(school: School, part: str) -> ResponseReturnValue:
    """Add an entry to a list."""
    section = ENTRY_LISTS[MechanismPart(part)]
    form = section.form()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.add_entry(school, form.given(), by=actor(), at=clock.now())
            return saved("mechanism.entries", part=part)
    return _entry_page(form, section, school.id, None)


def _entry_page(
    form: EntryForm, section: EntryList, school_id: UUID, row: Entry | None
) -> ResponseReturnValue:
    return answer(
        "mechanism/entry.html",
        form,
        section=section,
        title=section.change if row else section.add,
        row=row,
        **closing(school_id),
    )


@bp.post("/school/reporting/escalation/suggested")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_suggested(school: School) -> ResponseReturnValue:
    """Add a step that the country pack suggests."""
    facts = suggested_bodies(school.country_code).get(request.form.get("helpline", ""))
    if facts is None:
        raise Missing
    services.add_entry(school, facts, by=actor(), at=clock.now())
    return saved("mechanism.entries", part=MechanismPart.ESCALATION.value)


@bp.route(f"/school/reporting/{PART}/<uuid:entry_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=_entry)
def change_entry(row: Entry) -> ResponseReturnValue:
    """Change an entry of a list."""
    section = list_of_entry(row)
    form = section.form(obj=row)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.change_entry(row, form.given(), by=actor(), at=clock.now())
            return saved("mechanism.entries", part=section.part.value)
    return _entry_page(form, section, row.school_id, row)


@bp.post(f"/school/reporting/{PART}/<uuid:entry_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=_entry)
def remove_entry(row: Entry) -> ResponseReturnValue:
    """Remove an entry from a list."""
    part = list_of_entry(row).part
    services.remove_entry(row, by=actor(), at=clock.now())
    flash(_("It has been removed."), "success")
    return redirect(url_for("mechanism.entries", part=part.value, **kept()))


def saved(endpoint: str, **values: Any) -> ResponseReturnValue:
    """Confirm that it is saved, and redirect."""
    flash(_("Saved, %(time)s.", time=clock_time(clock.now())), "success")
    return redirect(url_for(endpoint, **values, **kept()))
