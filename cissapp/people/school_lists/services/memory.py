"""What a process keeps of a list from step to step, so that the next step begins where the last one ended."""

from typing import Any

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.bulk.step_size import StepSize, limits_here
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.rules import ListColumn, RowReader
from cissapp.people.school_lists.services.reading import FileParts
from cissapp.people.school_lists.services.recognising import ImportTask
from cissapp.people.schools.queries import group as find_group


class Memory:
    """What one process keeps from part to part: the open file, the row reader, and the codes that a check has seen.

    Parts that another process has checked are read again once their codes are needed.
    """

    def __init__(self, rows: int | None = None) -> None:
        self.size = StepSize(limits_here(), rows)
        self.file = FileParts()
        self._reader: RowReader | None = None
        self._read_for: Any = None
        self.seen: dict[int, int] = {}
        self.has_seen: set[int] = set()

    def close(self) -> None:
        """Close the file of the list."""
        self.file.close()

    def reader_of(self, found: SchoolList) -> RowReader:
        """Return the row reader of a list, created again when its columns or meanings change."""
        how = (found.columns, found.meanings)
        if self._reader is None or self._read_for != how:
            held = [found.columns.get(heading) for heading in found.head]
            columns = [ListColumn(column) if column else None for column in held]
            self._reader = RowReader(columns, task_of(found).countries, found.meanings)
            self._read_for = how
        return self._reader


def task_of(found: SchoolList) -> ImportTask:
    """Return what a list is imported into, and how."""
    group = find_group(found.group_id)
    packs = content().countries
    covered = [code for code in (group.country_codes if group else []) if code in packs]
    return ImportTask(
        {code: group for code in covered if group},
        {code: packs[code] for code in covered},
        found.uploaded_at,
        changes_schools=found.changes_schools,
        keeps_duplicates=found.keeps_duplicates,
    )
