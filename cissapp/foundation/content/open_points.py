"""What is still unconfirmed for a country: services and duties of its pack, points in lessons and quizzes."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.content.helplines import to_confirm
from cissapp.foundation.content.packs import CountryPack, named
from cissapp.foundation.content.schema import FactState, Helpline, LegalDuty, Names
from cissapp.foundation.content.values import Content, Lesson, Module


class PackPoint(Struct, frozen=True):
    """A service or a duty of a country pack that nobody has confirmed."""

    name: str
    language: str
    find_out: str
    source: str | None
    file: str
    key: str
    numbers: tuple[str, ...] = ()
    web: str | None = None


class LearningPoint(Struct, frozen=True):
    """A point of a lesson, or of a question about it, that the national group must confirm."""

    module: Module
    lesson: Lesson
    text: str
    language: str
    file: str
    key: str


class CountryOpenPoints(Struct, frozen=True):
    """All open points of a country."""

    services: tuple[PackPoint, ...]
    duties: tuple[PackPoint, ...]
    learning: tuple[LearningPoint, ...]

    @property
    def total(self) -> int:
        """The number of open points."""
        return len(self.services) + len(self.duties) + len(self.learning)


def open_points(content: Content, pack: CountryPack, language: str) -> CountryOpenPoints:
    """List the open points of a country, in the language as far as they are translated."""
    return CountryOpenPoints(
        tuple(_services(pack, language)),
        tuple(_duties(pack, language)),
        tuple(point for module in content.modules for point in _learning(module, pack, language)),
    )


def _services(pack: CountryPack, language: str) -> Iterator[PackPoint]:
    for line in to_confirm(pack):
        point = _pack_point(pack, f"helplines.{line.id}", line, line.names, language)
        yield replace(point, numbers=tuple(line.numbers), web=line.web)


def _duties(pack: CountryPack, language: str) -> Iterator[PackPoint]:
    for duty in pack.file.duties:
        if duty.state is FactState.CONFIRM:
            yield _pack_point(pack, f"duties.{duty.id}", duty, duty.text, language)


def _pack_point(
    pack: CountryPack, key: str, entry: Helpline | LegalDuty, names: Names, language: str
) -> PackPoint:
    return PackPoint(
        named(names, language),
        language if language in names else "en",
        named(entry.confirm, language),
        entry.source,
        f"modules/countries/{pack.code}.yaml",
        key,
    )


def _learning(module: Module, pack: CountryPack, language: str) -> Iterator[LearningPoint]:
    folder = f"modules/{module.number}-{module.id}"
    for lesson in module.lessons:
        spoken_in = lesson.language(language)
        file = f"{folder}/{spoken_in}/{lesson.id}.md"
        for point in lesson.open_points(pack.code, language):
            yield LearningPoint(module, lesson, point.text, spoken_in, file, "confirm")
    for question in module.questions:
        lesson_of = module.lesson(question.key.lesson)
        if question.key.confirm and lesson_of and _is_of(question.key.countries, pack):
            file = f"{folder}/questions.yaml"
            key = f"{question.id}.confirm"
            yield LearningPoint(module, lesson_of, question.key.confirm, "en", file, key)


def _is_of(countries: list[str], pack: CountryPack) -> bool:
    return not countries or pack.code in countries
