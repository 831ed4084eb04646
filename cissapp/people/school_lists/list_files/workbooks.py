"""Opens a workbook so that a small file cannot take much time or memory, whatever it unpacks to."""

from collections.abc import Iterator
from typing import IO, Any, BinaryIO
from xml.etree.ElementTree import ParseError, SubElement

from defusedxml.ElementTree import iterparse
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from cissapp.people.school_lists.list_files.archives import NOT_ONLY_A_LIST, Archive
from cissapp.people.school_lists.list_files.cells import MOST_COLUMNS, refusal
from cissapp.people.school_lists.list_files.formats import NO_FORMATS, Formats, formats_in

# Excel has 16,384 columns, of which the first are read: a row may describe so many cells, but not each one.
MOST_BETWEEN = 1_000_000
MOST_EACH = 20_000
# Before the rows, their columns have widths and formats.
MOST_BEFORE = 2_000_000
# No text can hold it, as its first sign is escaped there.
END_OF_ROWS = b"</sheetData"
STRING, TEXT, RUN, INLINE, VALUE = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "r", "is", "v")
)


class RowsPart:
    """The part of a sheet, up to the end of its rows: the library would build whatever comes after them.

    `most` is how much is read at all. Raise `Refused` where it goes on without a row, or if its rows are all long.
    """

    def __init__(self, part: IO[bytes], most: int | None) -> None:
        self._part, self._left, self._before = part, most, b""
        self._ahead, self.is_over = MOST_BEFORE, False

    def pass_row(self) -> None:
        """Allow more to be read, now that a row has come."""
        self._ahead = min(self._ahead + MOST_EACH, MOST_BETWEEN)

    def read(self, size: int) -> bytes:
        """Read a piece; none after the end of the rows."""
        if self.is_over:
            return b""
        piece = self._part.read(size)
        self._ahead -= len(piece)
        if self._ahead < 0:
            raise refusal(NOT_ONLY_A_LIST)
        if self._left is not None:
            self._left -= len(piece)
        is_enough = self._left is not None and self._left < 0
        self.is_over = is_enough or END_OF_ROWS in self._before + piece
        self._before = piece[-len(END_OF_ROWS) :]
        return piece


class RowsParser(WorkSheetParser):
    """Parses the rows of a sheet; of a formula it says only that there is one."""

    def parse_column_dimensions(self, col: Any) -> None:
        """Leave out how wide a column is."""

    def parse_formula(self, element: Any) -> str:
        """Return what stands for a formula: a shared one would be translated for each cell."""
        return "="

    def parse_row(self, row: Any) -> Any:
        """Parse the first cells of a row: those after them stand further to the right."""
        del row[MOST_COLUMNS:]
        parsed = super().parse_row(row)
        self.row_dimensions.clear()
        return parsed

    def parse_cell(self, element: Any) -> Any:
        """Parse a cell; a text inside it is read as quickly as a shared one."""
        text = element.find(INLINE)
        if text is not None and element.get("t") == "inlineStr":
            element.set("t", "str")
            SubElement(element, VALUE).text = _text_of(text)
        return super().parse_cell(element)


class WorkbookSheet(ReadOnlyWorksheet):
    """A sheet whose rows are read as they come; its size, which may be a lie, is not looked for."""

    most: int | None = None
    formats: Formats = NO_FORMATS

    def _get_size(self) -> None:
        pass

    def _cells_by_row(
        self, min_col: int, min_row: int, max_col: int, max_row: int | None, *_more: Any
    ) -> Iterator[Any]:
        """Yield the cells of all rows; missing rows are empty, and a number that was passed is left out."""
        empty, due = (EMPTY_CELL,) * max_col, min_row
        sheet: Any = self
        book: Any = self.parent
        with book._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001 -- as the library does
            rows: Any = RowsPart(part, self.most)
            parser: Any = RowsParser(
                rows,
                sheet._shared_strings,  # noqa: SLF001 -- as the library does
                epoch=book.epoch,
                date_formats=self.formats.dates,
                timedelta_formats=self.formats.durations,
            )
            try:
                for number, cells in parser.parse():
                    if max_row is not None and number > max_row:
                        return
                    for _missing in range(due, number):
                        yield empty
                    if number >= due:
                        due = number + 1
                        rows.pass_row()
                        yield sheet._get_row(cells, min_col, max_col)  # noqa: SLF001 -- as the library does
            except ParseError:
                # What was not read any more is missed at the end.
                if not rows.is_over:
                    raise


def open_workbook(file: BinaryIO, archive: Archive) -> list[WorkbookSheet]:
    """Open a workbook whose archive was examined, and return its sheets."""
    reader = ExcelReader(file, read_only=True, keep_links=False)
    reader.archive = archive
    reader.read_manifest()
    strings = _shared_strings(reader)
    reader.read_workbook()
    formats, sheets = formats_in(archive), []
    for found, place in reader.parser.find_sheets():
        if place.target in reader.valid_files and "chartsheet" not in place.Type:
            sheet: Any = WorkbookSheet(reader.wb, found.name, place.target, strings)
            sheet.sheet_state, sheet.formats = found.state, formats
            sheets.append(sheet)
    return sheets


def _shared_strings(reader: Any) -> list[str]:
    """Return the texts that cells share, without the marks of their sounds."""
    part = reader.package.find(SHARED_STRINGS)
    if part is None:
        return []
    strings = []
    with reader.archive.open(part.PartName[1:]) as source:
        events = iterparse(source, ("start", "end"))
        _event, root = next(events)
        for event, node in events:
            if event == "end" and node.tag == STRING:
                strings.append(_text_of(node).replace("x005F_", ""))
                root.clear()
    return strings


def _text_of(string: Any) -> str:
    """Return the text of a string: a plain one, or one in several fonts."""
    return "".join(
        text.text or ""
        for part in string
        for text in ((part,) if part.tag == TEXT else part if part.tag == RUN else ())
        if text.tag == TEXT
    )
