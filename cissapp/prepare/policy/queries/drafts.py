"""Puts the policy of a school together: what it said here and elsewhere, the library, and what that covers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.office.filling import BLANK, Value, plain
from cissapp.learn.learning import queries as learning
from cissapp.people.schools.models import School
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.facts.queries import GatheredFacts, gather, values_in
from cissapp.prepare.mechanism.rules import MechanismRecord, mechanism_problems
from cissapp.prepare.policy.models import PolicyDraft
from cissapp.prepare.policy.queries.rows import draft_row, words_of_school
from cissapp.prepare.policy.rules.answers import answer_values
from cissapp.prepare.policy.rules.clauses import (
    Audience,
    PlacedClause,
    SchoolWords,
    place_clauses,
)
from cissapp.prepare.policy.rules.contradictions import (
    Contradiction,
    KnownOfSchool,
    contradictions,
    without_contradicted,
)
from cissapp.prepare.policy.rules.coverage import PolicyCoverage, cover
from cissapp.prepare.policy.rules.shortfalls import Shortfall, shortfalls
from cissapp.prepare.policy.rules.signs import holds_sign
from cissapp.prepare.policy.rules.updates import LibraryUpdate, library_updates
from cissapp.prepare.policy.rules.writing import WrittenPolicy, write_policy

ENGLISH = "en"
DESIGNATED = ("designated_person",)
# What a designated person is called in each language stands among the signs of this element.
DESIGNATED_ELEMENT = "A3.person"


@dataclass(frozen=True)
class PolicyState:
    """The policy of a school on a day, in a language.

    `stale` names values that are said but hold a contact that nobody confirmed for too long: they are not printed.
    """

    school: School
    language: str
    library: Toolkit
    standard: Standard
    row: PolicyDraft | None
    said: SchoolWords
    values: dict[str, Value]
    stale: frozenset[str]
    contradictions: list[Contradiction]
    shortfalls: list[Shortfall]
    placed: tuple[PlacedClause, ...]
    coverage: PolicyCoverage
    mechanism_left: list[Problem]

    @property
    def covers(self) -> bool:
        """Whether the policy covers: in its wording, without contradiction, and with a mechanism that could be submitted."""
        return self.coverage.covers and not self.contradictions and not self.mechanism_left

    @property
    def is_kept(self) -> bool:
        """Whether the policy as it is now is among the documents: nothing was changed in the studio since."""
        row = self.row
        return bool(row and row.document_id and row.taken_at and row.changed_at <= row.taken_at)

    @cached_property
    def updates(self) -> list[LibraryUpdate]:
        """What the library changed since the school took its clauses."""
        return library_updates(self.library, self.said, self.placed, self.language)

    @property
    def printed(self) -> list[PlacedClause]:
        """The clauses that stand in the policy."""
        return [one for one in self.placed if one.is_printed]

    @property
    def answered(self) -> int:
        """How many questions are answered."""
        return sum(bool(self.said.answers.get(one.id)) for one in self.library.questions)

    def written(self, audience: Audience) -> WrittenPolicy:
        """Write the policy for an audience."""
        return write_policy(
            self.library,
            self.placed,
            self.said.paragraphs,
            self.values,
            audience=audience,
            language=self.language,
        )


def languages_of(library: Toolkit) -> list[str]:
    """List the languages in which the clauses can be read."""
    return sorted({code for one in library.clauses for code in one.texts} | {ENGLISH})


def language_of(school: School, row: PolicyDraft | None, asked: str | None = None) -> str:
    """Return the language of the policy: the one asked for, else the one chosen, else that of instruction."""
    known = languages_of(content().toolkit)
    wanted = (asked, row.language if row else None, school.language)
    return next((one for one in wanted if one in known), ENGLISH)


def state_of(school: School, today: date, language: str | None = None) -> PolicyState:
    """Put the policy of a school together, in a constant number of queries."""
    row = draft_row(school.id)
    spoken = language_of(school, row, language)
    library = content().toolkit
    gathered = gather(school)
    said = words_of_school(school, row)
    of_school = _values(gathered, spoken, today)
    stale = frozenset(name for name, value in of_school.items() if BLANK in value.text)
    values = {
        **{name: value for name, value in of_school.items() if name not in stale},
        **answer_values(library, said.answers, spoken),
    }
    wrong = contradictions(said.answers, _known(gathered, values, today))
    short = shortfalls(said.answers)
    values = without_contradicted(values, wrong)
    placed = place_clauses(library, said, values, spoken)
    standard = assessment.standard_to_answer(school.id, content())
    scores = assessment.scores(school.id).items()
    return PolicyState(
        school=school,
        language=spoken,
        library=library,
        standard=standard,
        row=row,
        said=said,
        values=values,
        stale=stale,
        contradictions=wrong,
        placed=placed,
        shortfalls=short,
        coverage=cover(
            library,
            standard.criteria,
            placed,
            not_applicable={one for one, score in scores if score.not_applicable},
            short={one.element for one in short},
        ),
        mechanism_left=mechanism_problems(_record_of(gathered)),
    )


def _values(gathered: GatheredFacts, language: str, today: date) -> dict[str, Value]:
    return {**stand_in_of(gathered), **values_in(gathered, language, today)}


def stand_in_of(gathered: GatheredFacts) -> dict[str, Value]:
    """Return who stands in for the designated person, where no deputy has an account: an alternate with another office."""
    words = content().toolkit.elements.get(DESIGNATED_ELEMENT, {}).values()
    signs = [sign for one in words for sign in one.signs]
    for person in gathered.persons:
        if person.alternate and not person.is_head and not holds_sign(person.office, signs):
            facts = {f"person.{person.id}.office": person.office}
            return {"deputy": Value(plain(person.office), facts)}
    return {}


def _known(gathered: GatheredFacts, values: dict[str, Value], today: date) -> KnownOfSchool:
    gaps = learning.training_left(gathered.school.id, content().modules, [DESIGNATED])
    return KnownOfSchool(
        today,
        values,
        anyone_trained=any(one.trained for one in gathered.persons),
        designated_trained=not gaps,
    )


def _record_of(gathered: GatheredFacts) -> MechanismRecord:
    return MechanismRecord(
        agreed=gathered.agreed,
        persons=gathered.persons,
        channels=gathered.channels,
        steps=gathered.steps,
        told=gathered.told,
        language=gathered.school.language,
    )
