"""The clauses of a school's policy: which are printed, in which words, and why the others are not."""

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from cissapp.foundation.content.packs import local_words
from cissapp.foundation.content.schema.toolkit import ClauseState
from cissapp.foundation.content.toolkit import Clause, Toolkit
from cissapp.foundation.core.errors import N_
from cissapp.foundation.office.filling import Value, fill, places
from cissapp.prepare.policy.rules.answers import Answers


class Audience(StrEnum):
    """For whom a version of the policy is written."""

    ADULTS = "adults"
    YOUNGER = "younger"
    OLDER = "older"


AUDIENCE_NAMES = {
    Audience.ADULTS: N_("For adults"),
    Audience.YOUNGER: N_("For younger pupils (6–10)"),
    Audience.OLDER: N_("For older pupils (11–17)"),
}


class ClauseChoice(StrEnum):
    """A school's choice for a clause of the library."""

    TAKEN = "taken"
    CHANGED = "changed"
    LEFT_OUT = "left_out"


class ClauseStanding(StrEnum):
    """The status of a clause in a school's policy; the first two are printed."""

    AS_IT_IS = "as_it_is"
    CHANGED = "changed"
    INCOMPLETE = "incomplete"
    LEFT_OUT = "left_out"
    NOT_OFFERED = "not_offered"
    UNCONFIRMED = "unconfirmed"
    NEW = "new"


PRINTED = frozenset({ClauseStanding.AS_IT_IS, ClauseStanding.CHANGED})
STANDING_NAMES = {
    ClauseStanding.AS_IT_IS: N_("Unchanged from the library"),
    ClauseStanding.CHANGED: N_("Changed by your school"),
    ClauseStanding.INCOMPLETE: N_("An answer is missing"),
    ClauseStanding.LEFT_OUT: N_("Left out by your school"),
    ClauseStanding.NOT_OFFERED: N_("Not needed because of an answer"),
    ClauseStanding.UNCONFIRMED: N_("Nobody has checked this law yet"),
    ClauseStanding.NEW: N_("New in the library"),
}

REASON_LEAST, REASON_MOST, OWN_TEXT_MOST = 10, 400, 4000


class ClauseDecision(Struct, frozen=True):
    """The choice of a school for a clause; `held` is the library's clause at that time.

    `own` is the school's wording by audience, in `language`; `declined` is the digest of a newer clause
    that the school declined.
    """

    choice: ClauseChoice
    held: Clause
    own: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    reason: str = ""
    declined: str = ""


class OwnParagraph(Struct, frozen=True):
    """A paragraph that a school added to a section."""

    id: str
    section: str
    text: str


class PlacedClause(Struct, frozen=True):
    """A clause in the policy of a school; `text` is filled in, or empty if the clause is not printed.

    `missing` names questions and values that are not available; `hangs_on` are the questions whose answers
    exclude the clause; `country_code` is that of the school.
    """

    clause: Clause
    standing: ClauseStanding
    language: str
    text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    hangs_on: tuple[str, ...] = ()
    decision: ClauseDecision | None = None
    country_code: str = ""

    @property
    def id(self) -> str:
        """The id of the clause."""
        return self.clause.id

    @property
    def section(self) -> str:
        """The section of the policy that contains the clause."""
        return self.clause.key.section

    @property
    def is_printed(self) -> bool:
        """Whether the clause is printed."""
        return self.standing in PRINTED

    @property
    def title(self) -> str:
        """The title of the clause in its language."""
        return self.clause.text(self.language).title


class SchoolWords(Struct, frozen=True):
    """A school's input in the studio; `known` are the clauses it has seen, None before it took any."""

    country_code: str
    answers: Answers = field(default_factory=dict)
    decisions: Mapping[str, ClauseDecision] = field(default_factory=dict)
    paragraphs: tuple[OwnParagraph, ...] = ()
    known: frozenset[str] | None = None


def place_clauses(
    library: Toolkit, said: SchoolWords, values: Mapping[str, Value], language: str
) -> tuple[PlacedClause, ...]:
    """Return every clause that concerns the school with its status, in the order of the policy."""
    gone = [
        one.held
        for clause_id, one in said.decisions.items()
        if clause_id not in library.clause_by_id and one.held.key.section in library.sections
    ]
    order = list(library.sections)
    clauses = sorted([*library.clauses, *gone], key=lambda one: order.index(one.key.section))
    return tuple(
        _placed(one, said, values, language)
        for one in clauses
        if not one.key.countries or said.country_code in one.key.countries
    )


def _placed(
    of_library: Clause, said: SchoolWords, values: Mapping[str, Value], language: str
) -> PlacedClause:
    decision = said.decisions.get(of_library.id)
    clause = decision.held if decision else of_library
    unanswered = [one for one in clause.key.when if not said.answers.get(one)]
    hangs_on = tuple(
        one
        for one, options in clause.key.when.items()
        if one not in unanswered and not set(said.answers[one]) & set(options)
    )
    standing = _not_printed(clause, decision, said, is_kept_away=bool(hangs_on))
    if standing:
        return PlacedClause(clause, standing, language, hangs_on=hangs_on, decision=decision)
    template, spoken = template_of(clause, decision, Audience.ADULTS, language)
    template = local_words(template, said.country_code, spoken)
    needed = dict.fromkeys([*unanswered, *clause.key.needs, *places(template)])
    missing = tuple(one for one in needed if one in unanswered or one not in values)
    if missing:
        standing = ClauseStanding.INCOMPLETE
        return PlacedClause(clause, standing, language, missing=missing, decision=decision)
    filled = fill(template, values)
    changed = decision is not None and decision.choice is ClauseChoice.CHANGED
    return PlacedClause(
        clause=clause,
        standing=ClauseStanding.CHANGED if changed else ClauseStanding.AS_IT_IS,
        language=spoken,
        text=filled.text,
        facts=filled.facts,
        decision=decision,
        country_code=said.country_code,
    )


def _not_printed(
    clause: Clause, decision: ClauseDecision | None, said: SchoolWords, *, is_kept_away: bool
) -> ClauseStanding | None:
    """Return why a clause is not printed, apart from missing values; None if nothing prevents it."""
    if decision and decision.choice is ClauseChoice.LEFT_OUT:
        return ClauseStanding.LEFT_OUT
    if is_kept_away:
        return ClauseStanding.NOT_OFFERED
    if decision is None and said.known is not None and clause.id not in said.known:
        return ClauseStanding.NEW
    in_own_words = decision is not None and decision.choice is ClauseChoice.CHANGED
    if clause.key.state is ClauseState.CONFIRM and not in_own_words:
        return ClauseStanding.UNCONFIRMED
    return None


def template_of(
    clause: Clause, decision: ClauseDecision | None, audience: Audience, language: str
) -> tuple[str, str]:
    """Return a clause's unfilled wording for an audience, empty if it has none, and its language."""
    if decision and decision.choice is ClauseChoice.CHANGED:
        return neutral(decision.own.get(audience, "")), decision.language
    words = clause.text(language)
    text = {
        Audience.ADULTS: words.text,
        Audience.YOUNGER: words.younger,
        Audience.OLDER: words.older,
    }[audience]
    return text or "", clause.language(language)


def words_for(
    placed: PlacedClause, audience: Audience, values: Mapping[str, Value], language: str
) -> tuple[str, Mapping[str, str]]:
    """Return a printed clause's wording for an audience, and its facts; empty if something is missing."""
    if not placed.is_printed:
        return "", {}
    if audience is Audience.ADULTS:
        return placed.text, placed.facts
    template, spoken = template_of(placed.clause, placed.decision, audience, language)
    filled = fill(local_words(template, placed.country_code, spoken), values)
    return ("", {}) if filled.missing else (filled.text, filled.facts)


# --- the school's own words ----------------------------------------------------------------------

# Characters that could start a link, HTML or code; lists, tables and bold text are kept.
_SIGNS = re.compile(r"([\[\]<>`~\\])")
_HEADING = re.compile(r"^(\s*)(#+)", re.MULTILINE)
# A line of dashes or equal signs below a text would turn it into a heading.
_RULED = re.compile(r"^\s*[=-]+\s*$", re.MULTILINE)
_LISTED = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s|^\s*\|")


def neutral(text: str) -> str:
    """Return typed text as Markdown in which only lists, tables and bold text are left in effect."""
    return _RULED.sub("", _HEADING.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", text)))


def paragraphs_of(text: str) -> str:
    """Return typed text as Markdown in which each line is a paragraph, except lines of a list."""
    lines = [line.rstrip() for line in neutral(text).split("\n")]
    found: list[str] = []
    for line in lines:
        joined = found and _LISTED.match(line) and _LISTED.match(found[-1])
        found += [line] if joined or not found else ["", line]
    return "\n".join(found)


def unknown_places(text: str, known: Mapping[str, object] | frozenset[str]) -> list[str]:
    """List the placeholders in a text that have no value."""
    return [one for one in places(text) if one not in known]


def says_the_same(own: str, of_library: str) -> bool:
    """Check whether two texts differ only in whitespace."""
    return own.split() == of_library.split()
