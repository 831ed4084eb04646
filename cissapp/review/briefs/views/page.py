"""The brief in words: sections of short lines, each with the address of the page that it rests on."""

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.content.values import Content
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day, decimal
from cissapp.people.accounts.rules import DUTY_NAMES, Duty
from cissapp.people.deadlines.phrases import distance_text
from cissapp.people.deadlines.rules import KIND_NAMES
from cissapp.prepare.applications.submission_content.values import SubmissionContent, SubmittedFile
from cissapp.review.briefs.queries import BriefFacts
from cissapp.review.briefs.queries.comparison import comparable_submission, risk_facts
from cissapp.review.briefs.rules.changes import SubmissionChanges, compare_submissions
from cissapp.review.briefs.rules.risks import SENTENCES, Point, Risk, weightiest_points
from cissapp.review.reviews.rules.standard import mean

NAMED = 4
MECHANISM = "mechanism"
# The criteria whose pages show the parts of the reporting mechanism.
OF_WAYS, OF_PEOPLE, OF_DRILL = "B2", "B1", "B7"
PLACES = {
    Risk.ONE_WAY: OF_WAYS,
    Risk.NO_HOLIDAYS: OF_WAYS,
    Risk.FEW_TRAINED: OF_PEOPLE,
    Risk.NO_DRILL: OF_DRILL,
    Risk.DRILL_LATE: OF_DRILL,
    Risk.DRILL_UNANSWERED: OF_DRILL,
}


class BriefLine(Struct, frozen=True):
    """A label, its value, and the address of the page that it rests on."""

    label: str
    value: str
    href: str


class BriefSection(Struct, frozen=True):
    """Lines under a heading."""

    title: str
    lines: list[BriefLine]


class Brief(Struct, frozen=True):
    """The page: school and place, what to look at first, everything else."""

    school: str
    place: str
    points: list[BriefLine]
    sections: list[BriefSection]


class CaseLinks:
    """The addresses of an application's pages."""

    def __init__(self, application_id: UUID, school_id: UUID) -> None:
        self.application_id = application_id
        self.overview = url_for("reviews.show", application_id=application_id)
        self.school = url_for("enrolment.show", school_id=school_id)

    def criterion(self, criterion_id: str, document: str | None = None) -> str:
        """Return the address of a criterion's page, optionally beside a document or the mechanism."""
        return url_for(
            "reviews.criterion",
            application_id=self.application_id,
            criterion_id=criterion_id,
            document=document,
        )

    def document(self, version: SubmittedFile) -> str:
        """Return the address of a document's first page; of its file, if it has no fixed pages."""
        endpoint = "reviews.document_file" if version.pages is None else "reviews.document_page"
        page = None if version.pages is None else 1
        return url_for(
            endpoint, application_id=self.application_id, version_id=version.id, page=page
        )


def written_brief(known: BriefFacts, content: Content) -> Brief:
    """Render the page in the language of the request."""
    school = known.dossier.school
    pages = CaseLinks(known.application.id, known.application.school_id)
    content = content.under(known.dossier.rubric_version)
    region = content.region_place(school.region_code, languages.current())
    return Brief(
        school=school.name,
        place=f"{school.locality}, {region} · {school.code}",
        points=_points(known, content, pages),
        sections=[
            BriefSection(_("School"), _school(known, pages)),
            BriefSection(_("Training"), _training(known, pages)),
            BriefSection(_("Levels"), _levels(known, content, pages)),
            BriefSection(_("Open points"), _open_points(known, pages)),
            BriefSection(_("Drill"), _drill(known, pages)),
            BriefSection(_("Changes since last time"), _since(known, pages)),
            BriefSection(_("Due dates"), _days(known, pages)),
        ],
    )


# --- what to look at -------------------------------------------------------------------------


def _points(known: BriefFacts, content: Content, pages: CaseLinks) -> list[BriefLine]:
    found = weightiest_points(risk_facts(known, content.standard))
    return [
        BriefLine(
            str(number), _point_text(point, known.dossier, content), _place_of(point, known, pages)
        )
        for number, point in enumerate(found, 1)
    ]


def _point_text(point: Point, dossier: SubmissionContent, content: Content) -> str:
    sentence = SENTENCES[point.risk]
    if not point.about:
        return str(_(sentence))
    documents = {str(one.id): one.title for one in dossier.documents}
    first = point.about[0]
    if first in documents:
        return str(_(sentence, what=first_names(documents[one] for one in point.about)))
    title = content.standard.by_id[first].text(languages.current()).title
    return str(_(sentence, what=first_names([f"{first} {title}", *point.about[1:]])))


def _place_of(point: Point, known: BriefFacts, pages: CaseLinks) -> str:
    if point.risk in PLACES:
        return pages.criterion(PLACES[point.risk], MECHANISM)
    document = next((one for one in known.dossier.documents if str(one.id) in point.about), None)
    if document is not None:
        return pages.document(document.version)
    return pages.criterion(point.about[0]) if point.about else pages.overview


def first_names(names: Iterable[str]) -> str:
    """Return the first four names, and how many more there are."""
    every = list(names)
    shown, more = ", ".join(every[:NAMED]), len(every) - NAMED
    if more <= 0:
        return shown
    return str(
        ngettext("%(names)s and %(num)d more", "%(names)s and %(num)d more", more, names=shown)
    )


# --- sections --------------------------------------------------------------------------------


def _school(known: BriefFacts, pages: CaseLinks) -> list[BriefLine]:
    dossier = known.dossier
    pupils = "–" if dossier.school.pupils is None else str(dossier.school.pupils)
    language = languages.NAMES.get(dossier.school.language, dossier.school.language)
    lines = [
        BriefLine(_("Pupils"), pupils, pages.school),
        BriefLine(_("Language of instruction"), language, pages.school),
        BriefLine(_("Submitted"), _submitted(dossier), pages.overview),
        BriefLine(_("Documents"), str(len(dossier.documents)), pages.overview),
    ]
    for count in known.counts:
        read = _(
            "%(done)s of %(staff)s have read version %(number)s",
            done=count.in_all,
            staff=count.staff,
            number=count.number,
        )
        lines.append(BriefLine(_("Staff (a count, not proof)"), str(read), pages.overview))
    return lines


def _submitted(dossier: SubmissionContent) -> str:
    said = _("%(day)s, round %(round)s", day=day(dossier.submitted_at), round=dossier.round)
    return f"{said}, {_(DUTY_NAMES[dossier.signed_as])}" if dossier.signed_as else str(said)


def _training(known: BriefFacts, pages: CaseLinks) -> list[BriefLine]:
    return [
        BriefLine(
            " / ".join(_(DUTY_NAMES[Duty(one)]) for one in part.duties),
            _("all modules passed on %(day)s", day=day(part.since))
            if part.since
            else _("not all modules passed"),
            pages.school,
        )
        for part in known.training
    ]


def _levels(known: BriefFacts, content: Content, pages: CaseLinks) -> list[BriefLine]:
    standard, accepted = content.standard, known.accepted
    own = {key: one.level for key, one in known.dossier.scores.items()}
    titles = standard.rubric_text(languages.current()).parts
    lines = []
    for part in standard.rubric.parts:
        criteria = [one for one in standard.criteria if one.part == part.id]
        said = _("self-assessed %(mean)s", mean=_mean(mean(own, criteria)))
        if accepted is not None and accepted.levels:
            earlier = _mean(mean(accepted.levels, criteria))
            said = _(
                "self-assessed %(own)s, accepted %(earlier)s",
                own=_mean(mean(own, criteria)),
                earlier=earlier,
            )
        label = f"{part.id} {titles[part.id].title}"
        lines.append(BriefLine(label, str(said), pages.criterion(criteria[0].id)))
    if accepted is None:
        return [*lines, BriefLine(_("Previous certificate"), _("none"), pages.school)]
    said = _("level %(level)s, %(day)s", level=accepted.level, day=day(accepted.decided_at))
    before = url_for("reviews.show", application_id=accepted.application_id)
    return [*lines, BriefLine(_("Previous certificate"), str(said), before)]


def _mean(value: Fraction | None) -> str:
    return "–" if value is None else decimal(value)


def _open_points(known: BriefFacts, pages: CaseLinks) -> list[BriefLine]:
    wanted = known.dossier.open_criteria
    criteria = (
        _("all, because this is the first round") if wanted is None else first_names(wanted) or "–"
    )
    link = pages.criterion(wanted[0]) if wanted else pages.overview
    threads = ngettext("%(num)d not settled", "%(num)d not settled", known.open_threads)
    return [
        BriefLine(_("Criteria in this round"), str(criteria), link),
        BriefLine(_("Comments"), str(threads), pages.overview),
    ]


def _drill(known: BriefFacts, pages: CaseLinks) -> list[BriefLine]:
    drill, link = known.drill, pages.criterion(OF_DRILL, MECHANISM)
    if drill is None:
        return [BriefLine(_("Result"), _("no drill yet"), link)]
    if not drill.answered:
        said = _("not fully answered")
    else:
        said = _("answered in time") if drill.in_time else _("answered, but not in time")
    announced = _("announced") if drill.announced else _("unannounced")
    return [
        BriefLine(_("Result"), str(said), link),
        BriefLine(_("Finished"), f"{day(drill.finished_on)}, {announced}", link),
    ]


def _since(known: BriefFacts, pages: CaseLinks) -> list[BriefLine]:
    if known.before is None:
        return [
            BriefLine(_("Changes"), _("this is the school’s first application"), pages.overview)
        ]
    found = compare_submissions(
        comparable_submission(known.before), comparable_submission(known.dossier)
    )
    return [
        BriefLine(_("Documents"), _documents_changed(found), pages.overview),
        BriefLine(_("Levels"), _levels_changed(found), pages.overview),
        BriefLine(
            _("Reporting mechanism"),
            _("changed") if found.mechanism else _("as before"),
            pages.criterion(OF_WAYS, MECHANISM),
        ),
    ]


def _documents_changed(found: SubmissionChanges) -> str:
    said = _(
        "new: %(new)d, changed: %(changed)d, removed: %(gone)d",
        new=len(found.documents_new),
        changed=len(found.documents_changed),
        gone=len(found.documents_gone),
    )
    return str(said)


def _levels_changed(found: SubmissionChanges) -> str:
    parts = []
    if found.raised:
        parts.append(_("higher: %(criteria)s", criteria=first_names(found.raised)))
    if found.lowered:
        parts.append(_("lower: %(criteria)s", criteria=first_names(found.lowered)))
    return "; ".join(parts) or str(_("as before"))


def _days(known: BriefFacts, pages: CaseLinks) -> list[BriefLine]:
    today = clock.today()
    lines = [
        BriefLine(
            _(KIND_NAMES[one.kind]),
            f"{day(one.due_on)} ({distance_text((one.due_on - today).days)})",
            pages.overview,
        )
        for one in known.deadlines
    ]
    return lines or [BriefLine(_("Next"), _("nothing is due"), pages.overview)]
