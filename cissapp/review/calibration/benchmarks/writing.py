"""Creates the application of an invented school: its facts, documents, mechanism and self-scores."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.content.packs import named
from cissapp.foundation.content.values import Benchmark, Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake import AcceptedFile
from cissapp.foundation.intake.media import MediaType
from cissapp.people.accounts.models import User
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.rules import RegisterFacts
from cissapp.prepare.assessment import services as scores
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules.dates import EvidenceDates
from cissapp.prepare.documents.rules.files import CheckedFile
from cissapp.prepare.documents.services import dates, documents
from cissapp.prepare.mechanism import queries as mechanism_queries
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium, MechanismPart
from cissapp.prepare.mechanism.rules.parts import (
    AboutAdults,
    ChannelFacts,
    Coverage,
    EscalationFacts,
    PersonFacts,
    ProtectionRules,
    RecipientFacts,
    TimeLimits,
)
from cissapp.prepare.mechanism.services import EntryFacts

CODE = "00000"


class BenchmarkContext(Struct, frozen=True):
    """What is needed to create applications: content, file store, author, time, and source of randomness."""

    content: Content
    store: FileStore
    by: Actor
    at: datetime
    dice: Random


def make_school(benchmark: Benchmark, person: User, making: BenchmarkContext) -> School:
    """Create an invented school that looks like the others of the person's group.

    Place and code follow a randomly drawn school of the group; if it has none, the country pack.
    """
    like = _drawn_school(person, making.dice)
    country = like.country_code if like else _group_of(person).country_codes[0]
    pack = making.content.countries[country]
    region = like.region_code if like else making.dice.choice(sorted(pack.regions))
    language = like.language if like else pack.file.languages[0]
    facts = RegisterFacts(
        country_code=country,
        region_code=region,
        code=_free_code(country, like.code if like else CODE, making.dice),
        name=_free_name(benchmark, country, person.id, making.dice),
        locality=like.locality if like else named(pack.regions[region].names, language),
        language=language,
        pupils=benchmark.file.pupils + making.dice.randrange(-30, 31),
    )
    return schools.add_invented_school(
        facts,
        group=_group_of(person),
        only_for_id=person.id,
        registered_at=making.at - timedelta(days=making.dice.randrange(200, 500)),
    )


def _drawn_school(person: User, dice: Random) -> School | None:
    """Draw a school of the person's group by its key, which is random itself, so that no list is needed."""
    query = select(School).where(School.group_id == person.group_id, REGISTERED)
    drawn = UUID(int=dice.getrandbits(128))
    after = query.where(School.id >= drawn).order_by(School.id).limit(1)
    return session.scalar(after) or session.scalar(query.order_by(School.id).limit(1))


def _group_of(person: User) -> NationalGroup:
    return session.get_one(NationalGroup, person.group_id)


def _free_code(country: str, like: str, dice: Random) -> str:
    """Draw a free code in the format of a real school's code, lengthened if all codes drawn are taken."""
    shape = like if any(mark.isdigit() for mark in like) else f"{like}-{CODE}"
    while True:
        codes = [
            "".join(str(dice.randrange(10)) if mark.isdigit() else mark for mark in shape)
            for _ in range(20)
        ]
        known = School.country_code == country, School.code.in_(codes)
        taken = set(session.scalars(select(School.code).where(*known)))
        free = next((code for code in codes if code not in taken), None)
        if free is not None:
            return free
        shape += "0"


def _free_name(benchmark: Benchmark, country: str, person_id: UUID, dice: Random) -> str:
    """Draw a name that the person has not been assigned before, if there is one left."""
    names = benchmark.file.names.get(country) or next(iter(benchmark.file.names.values()))
    seen = set(session.scalars(select(School.name).where(School.only_for_id == person_id)))
    return dice.choice([one for one in names if one not in seen] or names)


def fill_application(school: School, benchmark: Benchmark, making: BenchmarkContext) -> None:
    """Write the documents, the mechanism and the self-scores of an invented school."""
    _add_documents(school, benchmark, making)
    _describe(school, benchmark, making)
    _score(school, benchmark, making)


def _add_documents(school: School, benchmark: Benchmark, making: BenchmarkContext) -> None:
    from cissapp.review.calibration.benchmarks import drawing  # noqa: PLC0415 -- slow import

    words = benchmark.text(school.language)
    for document in benchmark.file.documents:
        paper = words.documents[document.id]
        pages = [[_dated(line, making.at) for line in page] for page in paper.pages]
        head = [f"{school.name}, {school.locality}"]
        file = drawing.draw_document(paper.title, head, pages)
        made = documents.add_document(
            school,
            title=paper.title,
            evidence_code=document.evidence,
            file=CheckedFile(file, f"{document.id}.pdf", _accepted(file, paper.title, head, pages)),
            store=making.store,
            by=making.by,
            at=making.at,
        )
        decided = (making.at - timedelta(days=90)).date()
        days = EvidenceDates(evidence_on=decided, expires_on=decided + timedelta(days=365))
        dates.save_dates(made.versions[-1], days, by=making.by, at=making.at)


def _accepted(file: bytes, title: str, head: list[str], pages: list[list[str]]) -> AcceptedFile:
    """Return what the upload check would return for a file; we drew this one ourselves."""
    from cissapp.foundation.intake.stripping.pdf import stripped  # noqa: PLC0415 -- slow import

    first = [title, *head, *pages[0]]
    texts = tuple("\n".join(page) for page in [first, *pages[1:]])
    return AcceptedFile(
        MediaType.PDF, "\n".join(texts), len(texts), (), texts=texts, copy=stripped(file)[0]
    )


def _dated(text: str, at: datetime) -> str:
    years = {"{year}": 0, "{last_year}": 1, "{year_before}": 2}
    for word, before in years.items():
        text = text.replace(word, str(at.year - before))
    return text


def _describe(school: School, benchmark: Benchmark, making: BenchmarkContext) -> None:
    said = benchmark.text(school.language).mechanism
    by, at = making.by, making.at
    entries: list[EntryFacts] = [
        *(PersonFacts(**one.model_dump()) for one in said.persons),
        *(
            ChannelFacts(
                **{
                    **one.model_dump(),
                    "kind": ChannelKind(one.kind),
                    "medium": ChannelMedium(one.medium) if one.medium else None,
                    "languages": [school.language],
                }
            )
            for one in said.channels
        ),
        *(EscalationFacts(**one.model_dump()) for one in said.steps),
        *(RecipientFacts(**one.model_dump()) for one in said.told),
    ]
    for facts in entries:
        mechanism.add_entry(school, facts, by=by, at=at)
    last = mechanism_queries.entries(school.id, MechanismPart.PERSONS)[-1]
    rules = ProtectionRules(
        **said.rules.model_dump(), never_handles_images=said.never_handles_images
    )
    limits = TimeLimits(said.crime_hours, said.answer_days, said.plan_days)
    cover = Coverage([school.language], **said.cover.model_dump())
    for part in (cover, AboutAdults(last.id, last.id), limits, rules):
        mechanism.save_mechanism(school, part, by=by, at=at)


def _score(school: School, benchmark: Benchmark, making: BenchmarkContext) -> None:
    words = benchmark.text(school.language)
    made = {one.title: one.id for one in document_queries.documents(school.id)}
    ids = {key: made[paper.title] for key, paper in words.documents.items()}
    standard = making.content.standard
    answers = {}
    for criterion in standard.criteria:
        score = benchmark.file.scores[criterion.id]
        anchors = {ids[key]: pages for key, pages in score.shown_in.items()}
        text = words.scores[criterion.id]
        answers[criterion.id] = ScoreFacts(score.level, text, "", frozenset(anchors), anchors)
    scores.save_scores(school, answers, standard=standard, by=making.by, at=making.at)
