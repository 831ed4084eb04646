"""Shows a version without opening the file: a page beside its text, and what changed."""

from datetime import datetime

from msgspec import Struct

from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.prepare.documents.models import DocumentVersion, PagePicture
from cissapp.prepare.documents.rules import PictureSize, TextSource
from cissapp.prepare.documents.rules.differences import Passage, differences, sentences
from cissapp.prepare.documents.rules.sources import pages_with
from cissapp.prepare.documents.services.pictures import draw_picture


class PageView(Struct, frozen=True):
    """A page of a version, or a part of one without pages; `text` is None if none was read.

    `source` is where the text comes from.
    """

    number: int
    last: int
    text: str | None
    picture: PagePicture | None
    is_drawn: bool
    source: TextSource = TextSource.FILE

    @property
    def before(self) -> int | None:
        """The page before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after."""
        return self.number + 1 if self.number < self.last else None


class VersionChange(Struct, frozen=True):
    """The differences between the texts of two versions; `readable` is whether both have a text.

    `by_machine` is whether a machine read any of it: then a difference may be a reading error.
    """

    passages: list[Passage]
    readable: bool
    by_machine: bool = False


def view_page(version: DocumentVersion, number: int, *, store: FileStore, at: datetime) -> PageView:
    """Return a page for reading; a page that cannot be drawn has its text only. Raise Missing beyond the last."""
    texts = queries.page_texts(version)
    last = max(version.pages or len(texts), 1)
    if not 1 <= number <= last:
        raise Missing
    return PageView(
        number=number,
        last=last,
        text=texts[number - 1] if number <= len(texts) else None,
        picture=_picture(version, number, store=store, at=at),
        is_drawn=version.media_type is MediaType.PDF,
        source=_source(version, number),
    )


def _source(version: DocumentVersion, number: int) -> TextSource:
    sources = version.page_sources or ()
    return TextSource(sources[number - 1]) if number <= len(sources) else TextSource.FILE


def _picture(
    version: DocumentVersion, number: int, *, store: FileStore, at: datetime
) -> PagePicture | None:
    """Return the picture, or None for a damaged file or under load, so that the page itself still works."""
    try:
        return draw_picture(version, number, PictureSize.LARGE, store=store, at=at)
    except (DamagedFile, Refused):
        return None


def compare_versions(old: DocumentVersion, new: DocumentVersion) -> VersionChange:
    """Compare the texts of two versions of a document."""
    by_line = MediaType.PDF not in {old.media_type, new.media_type}
    cut = [sentences(queries.page_texts(one), by_line=by_line) for one in (old, new)]
    by_machine = any(pages_with(one.page_sources, TextSource.MACHINE) for one in (old, new))
    return VersionChange(differences(*cut), readable=all(cut), by_machine=by_machine)
