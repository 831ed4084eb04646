"""The page of duties: what the same work also shows for the duties of the country and for frameworks."""

from collections.abc import Collection

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.crosswalk import Framework
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import named
from cissapp.foundation.content.schema import FactState, LegalDuty
from cissapp.foundation.content.schema.crosswalk import MappingState
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.review.history.queries.levels import LevelHistory, level_history
from cissapp.review.history.rules.duties import SHOWN, AspectStanding, Standing, aspect_standings
from cissapp.review.history.views.blueprint import bp


class CriterionLink(Struct, frozen=True):
    """A criterion as the page links it: id and title, the address, and whether a decision found it."""

    label: str
    href: str
    decided: bool


class AspectLine(Struct, frozen=True):
    """An aspect with what shows it and what is missing."""

    name: str
    standing: Standing
    shown: list[CriterionLink]
    missing: list[CriterionLink]
    total: int


class DutyCard(Struct, frozen=True):
    """A duty or framework as the page shows it; `confirm` says what the national group must still find out."""

    id: str
    name: str
    about: str
    source: str | None
    confirm: str | None
    is_ours: bool
    is_own: bool
    aspects: list[AspectLine]

    @property
    def is_open(self) -> bool:
        """Whether the card is unfolded: a duty of the country that is not shown in full yet."""
        return self.is_own and self.done < len(self.aspects)

    @property
    def done(self) -> int:
        """How many aspects are fully shown."""
        return sum(one.standing in SHOWN for one in self.aspects)


@bp.get("/school/duties")
@permit(Permission.DOSSIER_READ, of=own_school)
def duties(school: School) -> ResponseReturnValue:
    """Show, for each duty of the country and each framework, how far the school's criteria show it."""
    found = level_history(school.id, content(), at=clock.now())
    cards = [
        duty_card(one, found, school.country_code)
        for one in content().crosswalk
        if one.concerns(school.country_code)
    ]
    return render_template(
        "history/duties.html",
        school=school,
        cards=cards,
        done=sum(one.done for one in cards),
        total=sum(len(one.aspects) for one in cards),
        decided_at=found.decided.at if decided_of(found) and found.decided else None,
    )


def decided_of(found: LevelHistory) -> Collection[str]:
    """Return the criteria found at level 2 or above by the newest decision, if it used today's standard."""
    if found.decided is None or found.decided.standard is not found.standard:
        return ()
    return found.decided.shown


def duty_card(framework: Framework, found: LevelHistory, country_code: str) -> DutyCard:
    """Gather a duty or framework in the language of the page."""
    language = languages.current()
    words, duty = framework.text(language), duty_of(framework, country_code)
    standings = aspect_standings(framework.aspects, found.levels, decided_of(found))
    return DutyCard(
        id=framework.id,
        name=words.name,
        about=named(duty.text, language) if duty else words.about or "",
        source=duty.source if duty else framework.key.source,
        confirm=open_point(duty, language),
        is_own=framework.key.country is not None,
        is_ours=framework.key.state is MappingState.OURS,
        aspects=[
            aspect_line(words.aspects[one.id], one, found.standard)
            for one in standings
            if one.standing is not Standing.NOT_APPLICABLE
        ],
    )


def duty_of(framework: Framework, country_code: str) -> LegalDuty | None:
    """Find the duty of the country pack that a framework is about."""
    pack = content().countries.get(country_code)
    known = {one.id: one for one in pack.file.duties} if pack else {}
    return known.get(framework.key.duty or "")


def open_point(duty: LegalDuty | None, language: str) -> str | None:
    """Return what must be found out about a duty that nobody has checked; None for a checked one."""
    if duty is None or duty.state is FactState.CHECKED:
        return None
    return named(duty.confirm, language) if duty.confirm else ""


def aspect_line(name: str, one: AspectStanding, standard: Standard) -> AspectLine:
    """Return an aspect with links to its criteria."""
    language = languages.current()

    def link(criterion_id: str, *, decided: bool) -> CriterionLink:
        found = standard.by_id.get(criterion_id)
        label = f"{criterion_id} {found.text(language).title}" if found else criterion_id
        href = url_for("assessment.criterion", criterion_id=criterion_id)
        return CriterionLink(label, href, decided)

    return AspectLine(
        name,
        one.standing,
        [link(each.criterion_id, decided=each.standing is Standing.DECIDED) for each in one.shown],
        [link(each.criterion_id, decided=False) for each in one.missing],
        len(one.counted),
    )
