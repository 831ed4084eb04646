"""The values for a printed lesson: what to print, and on what paper."""

from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.content.schema import LessonText


class PaperSize(StrEnum):
    """A size of paper."""

    A4 = "a4"
    LETTER = "letter"


class LessonLabels(Struct, frozen=True):
    """The labels of a lesson, in the language of the page.

    `page` holds the placeholders %(number)s and %(last)s; `foot` are the lines at the foot of every page.
    """

    place: str
    case: str
    remember: str
    activity: str
    product: str
    specimen: str
    ask: str
    think: str
    answers: str
    sources: str
    page: str
    foot: tuple[str, ...]


class PrintedLesson(Struct, frozen=True):
    """A lesson, the language it is written in, the words around it, and the paper.

    `countries` are headings with what is said of a country, `values` the figures of the picture's items.
    """

    text: LessonText
    language: str
    words: LessonLabels
    size: PaperSize = PaperSize.A4
    countries: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
