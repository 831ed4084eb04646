"""Units as a PO file: what Poedit, Weblate and gettext read."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message

from cissapp.learn.translation.formats.unreadable import UnreadableTranslation
from cissapp.learn.translation.rules import SentUnit, Unit, UnitState

# Babel mistakes "80 % of" for a Python placeholder; only a named placeholder is one.
PLACE = re.compile(r"%\(\w+\)[sd]")


def write_po(units: Iterable[Unit], language: str) -> bytes:
    """Return the PO file; a translation whose English has since changed is marked as fuzzy."""
    catalog = Catalog(locale=None, project="CISS", charset="utf-8", fuzzy=False)
    catalog.header_comment = f"# Content of the CISS programme, for translation: {language}"
    catalog.mime_headers = [("Language", language)]
    for unit in units:
        message = Message(
            unit.english, unit.own, context=unit.context, auto_comments=[unit.state.value]
        )
        message.flags = {"python-format" if PLACE.search(unit.english) else "no-python-format"}
        if unit.state is UnitState.CHANGED:
            message.flags.add("fuzzy")
        catalog[unit.english] = message
    file = BytesIO()
    pofile.write_po(file, catalog, width=0, omit_header=False)
    return file.getvalue()


def read_po(data: bytes) -> Iterator[SentUnit]:
    """Read the units of a PO file; those marked as fuzzy are accepted as they are."""
    try:
        catalog = pofile.read_po(BytesIO(data), abort_invalid=True)
    except (pofile.PoFileError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableTranslation(f"this is not a PO file: {error}") from error
    for message in catalog:
        if message.id and isinstance(message.id, str) and isinstance(message.string, str):
            yield SentUnit(message.context or "", message.id, message.string)
