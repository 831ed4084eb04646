"""Reads of places with old values: generated papers and uploaded documents."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from blinker import Signal
from msgspec import Struct
from sqlalchemy import or_, select

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.queries import NewestText
from cissapp.prepare.facts.models import ChangedFact, MadePaper, ReplacedPlace
from cissapp.prepare.facts.queries.gathering import ANYWHERE, GatheredFacts, facts_of
from cissapp.prepare.facts.rules.changes import Difference, DocumentPlace, differences_of
from cissapp.prepare.facts.rules.searching import (
    Sought,
    folded_page,
    folded_text,
    pages_with,
    present_values,
    sought,
)

# Asks the room that makes a paper for its title and the address of a new file: `PaperPage` or None.
paper_asked = Signal()


class PaperPage(Struct, frozen=True):
    """The title of a paper in the language of the page, and the address where its new file is made."""

    title: str
    address: str


class PaperPlace(Struct, frozen=True):
    """A paper that states old values."""

    paper: MadePaper
    differences: tuple[Difference, ...]

    @property
    def new_file_is_made(self) -> bool:
        """Whether the newest file is up to date, so that only earlier copies state old values."""
        said = self.paper.facts
        return all(said.get(one.key) == one.new for one in self.differences)


class OldValues(Struct, frozen=True):
    """Every place that states an old value: generated papers and the school's documents."""

    papers: tuple[PaperPlace, ...]
    documents: tuple[DocumentPlace, ...]

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.papers) + len(self.documents)


def paper(paper_id: UUID) -> MadePaper | None:
    """Find a paper that was made."""
    return session.get(MadePaper, paper_id)


def page_of_paper(paper: MadePaper) -> PaperPage | None:
    """Return the page of the room that makes a paper; None if no room answers."""
    answers = (page for _, page in paper_asked.send(paper))
    return next(filter(None, answers), None)


def papers_of(school_id: UUID) -> list[MadePaper]:
    """List the papers that were made for a school, the newest first."""
    query = select(MadePaper).where(MadePaper.school_id == school_id)
    return list(session.scalars(query.order_by(MadePaper.made_at.desc(), MadePaper.id)))


def old_values(school: School, today: date) -> OldValues:
    """List the places that state an old value, in a constant number of queries."""
    now = {key: fact.value for key, fact in facts_of(school, today).items()}
    papers = []
    for one in papers_of(school.id):
        found = differences_of(one.facts, one.still_out, now)
        if found:
            papers.append(PaperPlace(one, tuple(found)))
    return OldValues(tuple(papers), tuple(_documents(school, papers, now)))


def _documents(
    school: School, papers: Sequence[PaperPlace], now: dict[str, str]
) -> Iterable[DocumentPlace]:
    """Search the documents for old values; a version that is itself a paper is listed only as the paper."""
    current = present_values(now.values())
    changed = [(one, sought(one.old, current)) for one in changes_of(school)]
    wanted = [(one, what) for one, what in changed if what]
    texts = documents.newest_texts(school.id) if wanted else []
    settled = _settled([one.id for one, _ in wanted]) if texts else set()
    present = [folded_text(one) for one in now.values()]
    listed = {(place.paper.version_id, one.key) for place in papers for one in place.differences}
    for text in texts:
        left = [
            (one, what)
            for one, what in wanted
            if (one.id, text.version_id) not in settled and (text.version_id, one.key) not in listed
        ]
        place = _place(text, left, now, present)
        if place:
            yield place


def _place(
    text: NewestText,
    wanted: Iterable[tuple[ChangedFact, Sought]],
    now: dict[str, str],
    present: Sequence[str],
) -> DocumentPlace | None:
    found: dict[Difference, tuple[int, ...]] = {}
    changes = []
    searched = [folded_page(one) for one in text.texts]
    for one, what in wanted:
        pages = pages_with(searched, what, present)
        if pages:
            difference = Difference(one.key, one.old, now.get(one.key))
            found[difference] = tuple(pages) if text.has_pages else ()
            changes.append(one.id)
    if not found:
        return None
    return DocumentPlace(
        text.document_id,
        text.version_id,
        text.title,
        text.number,
        tuple(found.items()),
        tuple(changes),
    )


def confirmed_by(gathered: GatheredFacts) -> dict[str, str]:
    """Return the name of the person who confirmed each contact's current value, by key."""
    facts = gathered.facts
    counted = {
        key: one.confirmed_by_id
        for key, one in gathered.confirmations.items()
        if key in facts and facts[key].value == one.value
    }
    ids = {one for one in counted.values() if one}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    names = {user_id: name for user_id, name in rows}  # noqa: C416 -- rows are no plain pairs to mypy
    return {key: names[one] for key, one in counted.items() if one in names}


def changes_of(school: School) -> list[ChangedFact]:
    """List the changes of a school's facts and of its country's helplines, oldest first."""
    of_country = ChangedFact.country_code.in_([school.country_code, ANYWHERE])
    query = select(ChangedFact).where(
        or_(ChangedFact.school_id == school.id, ChangedFact.school_id.is_(None) & of_country)
    )
    return list(session.scalars(query.order_by(ChangedFact.changed_at, ChangedFact.id)))


def _settled(change_ids: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    rows = session.execute(
        select(ReplacedPlace.changed_fact_id, ReplacedPlace.version_id).where(
            ReplacedPlace.changed_fact_id.in_(change_ids)
        )
    )
    return {(change_id, version_id) for change_id, version_id in rows}
