"""Builds a school's policy: its answers here and elsewhere, the library, and what the result covers."""

from datetime import date
from functools import cached_property

from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.office.filling import BLANK, Value, plain
from cissapp.learn.learning import queries as learning
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.facts.queries import GatheredFacts, gather, values_in
from cissapp.prepare.facts.rules.facts import HELPLINE
from cissapp.prepare.mechanism.rules import (
    ChannelKind,
    MechanismRecord,
    check_mechanism,
    mechanism_problems,
)
from cissapp.prepare.mechanism.rules.checks import DetailedPersonFields
from cissapp.prepare.mechanism.rules.parts import TRAINED_PERSONS
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
from cissapp.prepare.policy.rules.shortfalls import (
    Shortfall,
    missing_bodies,
    short_elements,
    shortfalls,
)
from cissapp.prepare.policy.rules.signs import holds_sign
from cissapp.prepare.policy.rules.updates import LibraryUpdate, library_updates
from cissapp.prepare.policy.rules.writing import WrittenPolicy, write_policy

ENGLISH = "en"
DESIGNATED, DEPUTY = (Duty.DESIGNATED_PERSON,), (Duty.DEPUTY,)
# The signs of this element include the names of a designated person in each language.
DESIGNATED_ELEMENT = "A3.person"


class PolicyState(Struct, frozen=True, dict=True):
    """The policy of a school on a date, in a language.

    `stale` names values that contain a contact nobody has confirmed for six months, so they are not printed.
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
        """Whether the policy is sufficient: in wording, without contradictions, with a complete mechanism."""
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
        """The clauses that are printed in the policy."""
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
    """Build the state of a school's policy, in a constant number of queries."""
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
    record = _record_of(gathered)
    short = [*shortfalls(said.answers), *_missing_bodies(library, gathered, values)]
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
            short={one.element for one in short} | short_elements(check_mechanism(record)),
        ),
        mechanism_left=mechanism_problems(record),
    )


def _values(gathered: GatheredFacts, language: str, today: date) -> dict[str, Value]:
    return {**stand_in_of(gathered), **values_in(gathered, language, today)}


def stand_in_of(gathered: GatheredFacts) -> dict[str, Value]:
    """Return the person who covers for the designated person, for schools whose deputy has no account."""
    person = _alternate(gathered)
    if person is None:
        return {}
    return {"deputy": Value(plain(person.office), {f"person.{person.id}.office": person.office})}


def _alternate(gathered: GatheredFacts) -> DetailedPersonFields | None:
    """Find an alternate for taking reports who is neither the head nor the designated person."""
    words = content().toolkit.elements.get(DESIGNATED_ELEMENT, {}).values()
    signs = [sign for one in words for sign in one.signs]
    return next(
        (
            one
            for one in gathered.persons
            if one.alternate and not one.is_head and not holds_sign(one.office, signs)
        ),
        None,
    )


def _missing_bodies(
    library: Toolkit, gathered: GatheredFacts, values: dict[str, Value]
) -> list[Shortfall]:
    """List the bodies whose number is neither in the school's lists nor among the printed services of the country."""
    if "escalation" not in values:
        return []
    outside = [one.description for one in gathered.channels if one.kind is ChannelKind.OUTSIDE]
    printed = values["helplines"].facts if "helplines" in values else {}
    start = f"{HELPLINE}.{gathered.helpline_code}"
    lines = [one for one in gathered.helplines if f"{start}.{one.id}" in printed]
    named = [*(one.body for one in gathered.steps), *outside]
    return missing_bodies(library, named, {one.kind for one in lines})


def _known(gathered: GatheredFacts, values: dict[str, Value], today: date) -> KnownOfSchool:
    duties = [DESIGNATED, DEPUTY]
    gaps = learning.training_left(gathered.school.id, content().modules, duties)
    untrained = {one.duties for one in gaps}
    has_deputy = any(one.duty is Duty.DEPUTY for one in gathered.people)
    alternate = _alternate(gathered)
    return KnownOfSchool(
        today,
        values,
        two_trained=sum(one.trained for one in gathered.persons) >= TRAINED_PERSONS,
        designated_trained=DESIGNATED not in untrained,
        deputy_trained=DEPUTY not in untrained
        if has_deputy
        else alternate is None or alternate.trained,
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
