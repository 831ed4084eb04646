"""Reads the number formats of a workbook; its fonts and colours, of which there may be many, are passed over."""

from typing import Any

from defusedxml.ElementTree import XMLParser
from msgspec import Struct
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.xml.constants import ARC_STYLE, SHEET_MAIN_NS

from cissapp.foundation.core.errors import N_
from cissapp.people.school_lists.list_files.archives import CHUNK, Archive
from cissapp.people.school_lists.list_files.cells import refusal

# What people copy from one workbook into another leaves thousands of styles behind.
MOST_BYTES_OF_STYLES = 10_000_000
# Excel allows no longer one. The library's pattern of dates goes back over a code again and again.
LONGEST_FORMAT = 255
# A small file could fill the disk with zeros.
MOST_ZEROS = 30
NUMBER_FORMAT, CELL_STYLES, STYLE = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("numFmt", "cellXfs", "xf")
)
TOO_MANY_STYLES = N_("The file has too many cell formats. Save it as CSV.")


class Formats(Struct, frozen=True):
    """What the styles of cells say about numbers: which are dates or durations, and how many zeros fill up others."""

    dates: frozenset[int]
    durations: frozenset[int]
    widths: tuple[int, ...]


NO_FORMATS = Formats(frozenset(), frozenset(), ())


class StylesTarget:
    """Notes the number format of each style while the styles are parsed; no tree is built."""

    def __init__(self) -> None:
        self._codes, self._is_cell_style = dict(BUILTIN_FORMATS), False
        self._numbers: list[int] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note a format, or the format of a style."""
        if tag == STYLE and self._is_cell_style:
            self._numbers.append(int(attributes.get("numFmtId", 0)))
        elif tag == NUMBER_FORMAT:
            code = attributes["formatCode"][:LONGEST_FORMAT]
            self._codes[int(attributes["numFmtId"])] = code
        elif tag == CELL_STYLES:
            self._is_cell_style = True

    def end(self, tag: str) -> None:
        """Note that other styles may follow."""
        if tag == CELL_STYLES:
            self._is_cell_style = False

    def close(self) -> Formats:
        """Return what was noted."""
        codes = [self._codes.get(number, "") for number in self._numbers]
        dates = set(filter(is_date_format, set(codes)))
        durations = set(filter(is_timedelta_format, dates))
        return Formats(
            frozenset(place for place, code in enumerate(codes) if code in dates),
            frozenset(place for place, code in enumerate(codes) if code in durations),
            tuple(0 if code.strip("0") else min(len(code), MOST_ZEROS) for code in codes),
        )


def formats_in(archive: Archive) -> Formats:
    """Read the formats of a workbook; raise `Refused` if there are too many."""
    if ARC_STYLE not in archive.namelist():
        return NO_FORMATS
    if archive.getinfo(ARC_STYLE).file_size > MOST_BYTES_OF_STYLES:
        raise refusal(TOO_MANY_STYLES)
    parser: Any = XMLParser(target=StylesTarget())
    with archive.open(ARC_STYLE) as part:
        while chunk := part.read(CHUNK):
            parser.feed(chunk)
    found: Formats = parser.close()
    return found
