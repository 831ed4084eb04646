"""Plans how a benchmark looks to a person and draws its documents, without writing to the database."""

from collections.abc import Collection
from datetime import datetime
from random import Random
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.content.packs import named
from cissapp.foundation.content.values import Benchmark, Content
from cissapp.foundation.core.db import session
from cissapp.foundation.intake import AcceptedFile
from cissapp.foundation.intake.media import MediaType
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.queries import REGISTERED
from cissapp.people.schools.rules import RegisterFacts
from cissapp.prepare.documents.rules.files import CheckedFile

CODE = "00000"


class PlannedBenchmark(Struct, frozen=True):
    """A benchmark and the facts of its invented school, still with the code of the school it resembles."""

    benchmark: Benchmark
    facts: RegisterFacts


class DrawnBenchmark(Struct, frozen=True):
    """A planned benchmark with the files of its documents, by their ids."""

    planned: PlannedBenchmark
    files: dict[str, CheckedFile]


def group_of(person: User) -> NationalGroup:
    """Find the group of a person who reviews."""
    return session.get_one(NationalGroup, person.group_id)


def plan_benchmark(
    benchmark: Benchmark, person: User, content: Content, dice: Random, *, names: Collection[str]
) -> PlannedBenchmark:
    """Plan an invented school that looks like the others of the person's group; `names` are taken.

    Place and code follow a random school of the group, or the country's pack if there is none.
    """
    like = _drawn_school(person, dice)
    country = like.country_code if like else group_of(person).country_codes[0]
    pack = content.countries[country]
    region = like.region_code if like else dice.choice(sorted(pack.regions))
    language = like.language if like else pack.file.languages[0]
    facts = RegisterFacts(
        country_code=country,
        region_code=region,
        code=like.code if like else CODE,
        name=_free_name(benchmark, country, names, dice),
        locality=like.locality if like else named(pack.regions[region].names, language),
        language=language,
        pupils=benchmark.file.pupils + dice.randrange(-30, 31),
    )
    return PlannedBenchmark(benchmark, facts)


def _drawn_school(person: User, dice: Random) -> School | None:
    """Pick a random school of the person's group by its key, which is itself random, so no list is needed."""
    query = select(School).where(School.group_id == person.group_id, REGISTERED)
    drawn = UUID(int=dice.getrandbits(128))
    after = query.where(School.id >= drawn).order_by(School.id).limit(1)
    return session.scalar(after) or session.scalar(query.order_by(School.id).limit(1))


def _free_name(benchmark: Benchmark, country: str, taken: Collection[str], dice: Random) -> str:
    """Pick a random name that is not taken, as long as there is one."""
    names = benchmark.file.names.get(country) or next(iter(benchmark.file.names.values()))
    return dice.choice([one for one in names if one not in taken] or names)


def draw_benchmark(planned: PlannedBenchmark, at: datetime) -> DrawnBenchmark:
    """Draw the documents of a planned benchmark; this is slow, and does not use the database."""
    from cissapp.review.calibration.benchmarks import drawing  # noqa: PLC0415 -- slow import

    facts = planned.facts
    words = planned.benchmark.text(facts.language)
    head = [f"{facts.name}, {facts.locality}"]
    files = {}
    for document in planned.benchmark.file.documents:
        paper = words.documents[document.id]
        pages = [[_dated(line, at) for line in page] for page in paper.pages]
        file = drawing.draw_document(paper.title, head, pages)
        accepted = _accepted(file, paper.title, head, pages)
        files[document.id] = CheckedFile(file, f"{document.id}.pdf", accepted)
    return DrawnBenchmark(planned, files)


def _accepted(file: bytes, title: str, head: list[str], pages: list[list[str]]) -> AcceptedFile:
    """Return what the upload check would return, because the file is one of our own."""
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
