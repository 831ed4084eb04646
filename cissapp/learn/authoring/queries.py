"""Reads one module's plan and questions alone, so that faults elsewhere in the content do not matter."""

from pathlib import Path

from msgspec import Struct

from cissapp.foundation.content import schema
from cissapp.foundation.content.faults import ContentFault
from cissapp.foundation.content.languages import read_languages
from cissapp.foundation.content.pools import pool
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.values import Question
from cissapp.learn.authoring.rules.import_report import UnreadableFile


class ModulePool(Struct, frozen=True):
    """What a module plans and asks, with the faults of both."""

    folder: Path
    file: schema.ModuleFile
    questions: tuple[Question, ...]
    faults: tuple[ContentFault, ...]

    @property
    def lessons(self) -> list[str]:
        """The ids of its lessons, in their order."""
        return [plan.id for plan in self.file.lessons]


def read_module_pool(modules: Path, module_id: str) -> ModulePool:
    """Read one module of the content; raise `UnreadableFile` if it is not there or has no readable plan."""
    by_id = {path.name[2:]: path for path in sorted(modules.glob("[1-9]-*")) if path.is_dir()}
    if module_id not in by_id:
        raise UnreadableFile(
            f"There is no module {module_id}. The modules are: {', '.join(by_id) or 'none'}."
        )
    reader, folder = ContentReader(modules, read_languages(modules)), by_id[module_id]
    file = reader.read(folder / "module.yaml", schema.ModuleFile)
    if file is None:
        raise UnreadableFile("\n".join(str(fault) for fault in reader.faults))
    questions = pool(reader, folder, file, reader.languages(folder))
    return ModulePool(folder, file, questions, tuple(reader.faults))
