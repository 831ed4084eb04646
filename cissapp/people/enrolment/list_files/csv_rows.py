"""Reads the rows of a CSV file."""

import csv
from collections.abc import Iterator
from io import StringIO

from cissapp.foundation.core.errors import N_
from cissapp.people.enrolment.list_files.cells import Row, known_columns, refusal

LONGEST_HEADING = 10_000  # letters in which the delimiter is looked for
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def rows_of_csv(content: bytes) -> Iterator[Row]:
    """Read the rows of a CSV file; raise `Refused` at what cannot be read."""
    text = _decoded(content)
    first = text[:LONGEST_HEADING].split("\n", 1)[0]
    delimiter = max(";,\t", key=lambda mark: len(known_columns(first.split(mark))))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, values in enumerate(reader, start=1):
            yield number, [(value, False) for value in values]
    except csv.Error as error:
        raise refusal(
            N_(
                "The file cannot be read from line %(line)s on. Look for a quotation mark too many."
            ),
            line=reader.line_num,
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith(UTF16) or b"\0" in content:
        raise refusal(
            N_(
                "The file is written as UTF-16. Save it as “CSV UTF-8”, or as XLSX, and send it again."
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(
            N_(
                "The file is not written as UTF-8, perhaps as Windows-1251. "
                "Save it as “CSV UTF-8”, or as XLSX, and send it again."
            )
        ) from error
