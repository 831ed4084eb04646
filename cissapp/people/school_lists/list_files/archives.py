"""Examines the archive of an XLSX file, before any part of it is parsed."""

import zipfile
from typing import Any, BinaryIO

from cissapp.foundation.core.errors import N_
from cissapp.people.school_lists.list_files.cells import NOT_A_TABLE, refusal

MOST_MEMBERS = 200
MOST_UNPACKED = 400_000_000
# Lists become up to thirty times as large. What becomes far larger repeats itself, and costs seconds to parse.
MOST_TIMES, FROM_SIZE = 100, 10_000_000
# Shared strings are held in memory while a sheet is read.
MOST_SHARED_TEXT = 80_000_000
# A part that is read as a whole becomes more than a hundred times as large in memory.
MOST_AT_ONCE = 1_000_000
CHUNK = 65_536

NOT_ONLY_A_LIST = N_("The file has too many parts. Save only the list in a new file.")
TOO_LARGE = N_("The file is larger than %(most)s MB when unpacked. Save it as CSV.")
KINDS = "[Content_Types].xml"
TEXTS_AND_SLIDES = ("word/", "ppt/", "visio/")
MACRO_PARTS = ("vbaproject", "macrosheets/", "activex/", "embeddings/", "externallinks/")


class Archive(zipfile.ZipFile):
    """The archive of a workbook, of which only short parts are read as a whole."""

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """Read a part; raise `Refused` if it is long."""
        if self.getinfo(name).file_size > MOST_AT_ONCE:
            raise refusal(NOT_ONLY_A_LIST)
        return super().read(name, pwd)


def checked_archive(file: BinaryIO) -> Archive:
    """Open an archive; refuse zip bombs, passwords and macros.

    Sizes are measured while unpacking, not taken from the file.
    """
    archive = Archive(file)
    members = archive.infolist()
    names = archive.namelist()
    if KINDS not in names or any(name.startswith(TEXTS_AND_SLIDES) for name in names):
        raise refusal(NOT_A_TABLE)
    if len(members) > MOST_MEMBERS:
        raise refusal(NOT_ONLY_A_LIST)
    for member in members:
        _check_member(member)
    most = left = min(max(archive.start_dir * MOST_TIMES, FROM_SIZE), MOST_UNPACKED)
    for member in members:
        left -= _size_of(archive, member, left, most)
    if b"macroenabled" in archive.read(KINDS).lower():
        raise refusal(N_("The file contains macros. Save it as XLSX without macros."))
    return archive


def _size_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, most: int) -> int:
    """Unpack a part piece by piece, and return how long it is; stop at the first byte too many."""
    shared = member.filename.lower().endswith("sharedstrings.xml")
    most = min(most, MOST_SHARED_TEXT) if shared else most
    size = 0
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            size += len(chunk)
            if size > min(most, left):
                raise refusal(TOO_LARGE, most=most // 1_000_000)
    return size


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise refusal(N_("The file is protected by a password. Save it without a password."))
    if any(part in member.filename.lower() for part in MACRO_PARTS):
        raise refusal(N_("The file contains macros or other files. Save only the list as XLSX."))
