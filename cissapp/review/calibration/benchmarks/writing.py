"""Creates the application of an invented school: its facts, documents, mechanism and self-scores."""

from datetime import datetime, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.content.values import Benchmark, Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import FileStore
from cissapp.people.accounts.models import User
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.prepare.assessment import services as scores
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules.dates import EvidenceDates
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
from cissapp.review.calibration.benchmarks.planning import (
    CODE,
    DrawnBenchmark,
    PlannedBenchmark,
    group_of,
)


class BenchmarkContext(Struct, frozen=True):
    """What is needed to create applications: content, file store, author, time, and source of randomness."""

    content: Content
    store: FileStore
    by: Actor
    at: datetime
    dice: Random


def make_school(planned: PlannedBenchmark, person: User, making: BenchmarkContext) -> School:
    """Create the invented school of a planned benchmark, with a code that looks like those of real ones."""
    facts = planned.facts
    return schools.add_invented_school(
        replace(facts, code=_free_code(facts.country_code, facts.code, making.dice)),
        group=group_of(person),
        only_for_id=person.id,
        registered_at=making.at - timedelta(days=making.dice.randrange(200, 500)),
    )


def _free_code(country: str, like: str, dice: Random) -> str:
    """Generate a free code in the format of a real school's code, lengthened if all those tried are taken."""
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


def fill_application(school: School, drawn: DrawnBenchmark, making: BenchmarkContext) -> None:
    """Write the documents, the mechanism and the self-scores of an invented school."""
    _add_documents(school, drawn, making)
    _describe(school, drawn.planned.benchmark, making)
    _score(school, drawn.planned.benchmark, making)


def _add_documents(school: School, drawn: DrawnBenchmark, making: BenchmarkContext) -> None:
    benchmark = drawn.planned.benchmark
    words = benchmark.text(school.language)
    for document in benchmark.file.documents:
        made = documents.add_document(
            school,
            title=words.documents[document.id].title,
            evidence_code=document.evidence,
            file=drawn.files[document.id],
            store=making.store,
            by=making.by,
            at=making.at,
        )
        decided = (making.at - timedelta(days=90)).date()
        days = EvidenceDates(evidence_on=decided, expires_on=decided + timedelta(days=365))
        dates.save_dates(made.versions[-1], days, by=making.by, at=making.at)


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
