"""The page of a criterion: the question, what can be taken over, the answer."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.schema import CriterionText
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import ShownProblem, answer, shown
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.assessment import queries, services
from cissapp.prepare.assessment.forms import NOT_APPLICABLE, ScoreOffer, SelfScoreForm
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.phrases import SOURCES, is_from_mechanism, text_from_mechanism
from cissapp.prepare.assessment.rules import (
    LastAnswer,
    ScoreFacts,
    may_be_left_out,
    needs_text,
    score_problems,
)
from cissapp.prepare.assessment.rules.order import beside, ticked_before
from cissapp.prepare.assessment.rules.page_suggestions import SuggestedPage, suggest_pages, terms_of
from cissapp.prepare.assessment.services import facts_of, is_outdated, stamp_of
from cissapp.prepare.assessment.views.blueprint import bp
from cissapp.prepare.assessment.views.panels import (
    Assessment,
    Panel,
    build_panel,
    gather_assessment,
)
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.mechanism import queries as mechanism_queries
from cissapp.prepare.mechanism.rules.parts import page_of


class OfferedDocument(Struct, frozen=True):
    """A document that can be ticked: whether it belongs to the part, and the pages that may show the criterion."""

    entry: DocumentEntry
    is_of_part: bool
    suggested: list[SuggestedPage]


class MechanismText(Struct, frozen=True):
    """The text that the ways to report offer for a criterion, where to edit it, and if the answer differs."""

    text: str
    href: str
    is_changed: bool


class CriterionPage(Struct, frozen=True):
    """A criterion with the school's answer."""

    found: Assessment
    criterion: Criterion
    text: CriterionText
    score: SelfScore | None
    offered: list[OfferedDocument]
    ticked: frozenset[UUID]
    mechanism: MechanismText | None
    last: LastAnswer | None
    missing: list[ShownProblem]
    before: str | None
    after: str | None
    editable: bool

    @property
    def standard(self) -> Standard:
        """The standard that is answered."""
        return self.found.standard

    @property
    def documents(self) -> list[DocumentEntry]:
        """The documents of the school."""
        return self.found.documents

    @property
    def open_criteria(self) -> list[str] | None:
        """The criteria that are open although the application is submitted."""
        return self.found.open_criteria

    @property
    def panel(self) -> Panel:
        """The panel beside the question."""
        return build_panel(self.found, self.criterion.part, self.criterion.id)

    @property
    def place(self) -> tuple[int, int]:
        """The place of the criterion in its part, and how many there are."""
        ids = [one.id for one in self.found.ordered if one.part == self.criterion.part]
        return ids.index(self.criterion.id) + 1, len(ids)


@bp.route("/school/self-assessment/<criterion_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def criterion(school: School, criterion_id: str) -> ResponseReturnValue:
    """Show a criterion, and save the school's answer for it."""
    page = _page(gather_assessment(school), criterion_id)
    form = SelfScoreForm(offer=_offer(page))
    if form.is_submitted():
        _take_over(form, page, request.form.get("take", ""))
    if form.validate_on_submit():
        with form.catch_refusals():
            _save(school, page, form)
            return _onward(school, page)
        form.seen.data = stamp_of(page.score)
    return answer("assessment/criterion.html", form, page=page)


def _take_over(form: SelfScoreForm, page: CriterionPage, what: str) -> None:
    """Fill in what a button of the page takes over; it is saved with the rest."""
    if what == "last" and page.last:
        form.take_answer(page.last.facts)
    elif what == "mechanism" and page.mechanism:
        form.take_text(page.mechanism.text)
    else:
        document_id, _colon, number = what.partition(":")
        if number.isdecimal() and document_id in {str(one.id) for one in page.documents}:
            form.take_page(document_id, number)


def _save(school: School, page: CriterionPage, form: SelfScoreForm) -> None:
    services.save_score(
        school,
        page.criterion,
        form.given(),
        standard=page.standard,
        seen=form.seen.data,
        by=actor(),
        at=clock.now(),
    )


def _onward(school: School, page: CriterionPage) -> ResponseReturnValue:
    """Confirm the save, name what is missing, and redirect to where the person wanted to go."""
    criterion_id = page.criterion.id
    values = {"criterion": criterion_id, "time": clock_time(clock.now())}
    document_ids = {one.id for one in page.documents}
    if criterion_id in score_problems(page.standard, queries.scores(school.id), document_ids):
        flash(_("%(criterion)s is saved, %(time)s. Something is still missing.", **values), "info")
    else:
        flash(_("%(criterion)s is saved, %(time)s.", **values), "success")
    then = {"next": page.after, "before": page.before}.get(
        request.form.get("then", ""), criterion_id
    )
    if then is None:
        return redirect(url_for("assessment.self_assessment", **page.found.order))
    return redirect(page.found.address(then))


def _page(found: Assessment, criterion_id: str) -> CriterionPage:
    criterion = found.standard.by_id.get(criterion_id)
    if criterion is None:
        raise Missing
    score = found.scores.get(criterion_id)
    editable = is_open(found.open_criteria, criterion_id)
    before, after = beside(found.ids, criterion_id, found.open_criteria)
    chosen = queries.part_evidence(found.school.id).get(criterion.part, frozenset())
    kinds = [(one.id, one.evidence_code) for one in found.documents]
    problems = found.problems.get(criterion_id, []) if score else []
    return CriterionPage(
        found=found,
        criterion=criterion,
        text=criterion.text(languages.current()),
        score=score,
        offered=_offered(found, criterion, chosen, editable=editable),
        ticked=frozenset() if score else ticked_before(criterion, chosen, kinds),
        mechanism=_mechanism(found, criterion_id, score) if editable else None,
        last=_last(found, criterion_id, score) if editable else None,
        missing=[shown(problem) for problem in problems],
        before=before,
        after=after,
        editable=editable,
    )


def _offered(
    found: Assessment, criterion: Criterion, chosen: frozenset[UUID], *, editable: bool
) -> list[OfferedDocument]:
    """List the documents, those of the part first, each with pages on which the criterion's words occur."""
    score = found.scores.get(criterion.id)
    of_part = chosen | (score.document_ids if score else frozenset())
    searched = [one.newest.id for one in found.documents if one.id in of_part or not of_part]
    texts = document_queries.page_texts_of(searched) if editable else {}
    spoken = dict.fromkeys([found.school.language, languages.current()])
    terms = terms_of(found.standard, criterion.id, list(spoken))
    rows = [
        OfferedDocument(
            one,
            one.id in of_part or not of_part,
            suggest_pages(terms, texts.get(one.newest.id, ())),
        )
        for one in found.documents
    ]
    return sorted(rows, key=lambda row: not row.is_of_part)


def _mechanism(
    found: Assessment, criterion_id: str, score: SelfScore | None
) -> MechanismText | None:
    if criterion_id not in SOURCES:
        return None
    record = mechanism_queries.mechanism_record(found.school.id, found.school.language)
    text = text_from_mechanism(criterion_id, record)
    if not text:
        return None
    endpoint, values = page_of(SOURCES[criterion_id])
    own = score.text if score else ""
    is_changed = bool(own) and not is_from_mechanism(own, criterion_id, record)
    return MechanismText(text, url_for(endpoint, **values), is_changed)


def _last(found: Assessment, criterion_id: str, score: SelfScore | None) -> LastAnswer | None:
    """Find the answer of the last round, if today's answer differs or has to be given again."""
    last = queries.last_answer(found.school.id, criterion_id)
    if last is None or score is None:
        return last
    today = clock.today()
    is_same = facts_of(score) == last.facts
    return None if is_same and not is_outdated(score, found.school, today) else last


def _offer(page: CriterionPage) -> ScoreOffer:
    score = page.score
    facts = facts_of(score) if score else _first_facts(page)
    if page.mechanism and not facts.text:
        facts = replace(facts, text=page.mechanism.text)
    level = None
    if score:
        level = NOT_APPLICABLE if score.level is None else str(score.level)
    return ScoreOffer(
        facts=facts,
        level=level,
        levels=_levels(page),
        documents=[(one.entry.id, one.entry.title) for one in page.offered],
        seen=stamp_of(score),
        needs_text=needs_text(page.criterion, not_applicable=False),
    )


def _first_facts(page: CriterionPage) -> ScoreFacts:
    """Return a first answer for a criterion: ticked documents, and the pages that the policy studio named."""
    found = queries.suggested_evidence(page.found.school.id, page.criterion.id)
    if found is None or found[0] not in {one.id for one in page.documents}:
        return ScoreFacts(None, document_ids=page.ticked)
    document_id, pages = found
    ticked = page.ticked | {document_id}
    return ScoreFacts(None, document_ids=ticked, anchors={document_id: pages})


def _levels(page: CriterionPage) -> list[tuple[str, str]]:
    choices = [(level, page.text.levels[level]) for level in sorted(page.text.levels)]
    if may_be_left_out(page.standard, page.criterion):
        said = [page.text.not_applicable, str(_("Not applicable. Explain why below."))]
        choices.append((NOT_APPLICABLE, " ".join(one for one in said if one)))
    return choices
