"""Writes drafts as content files into a folder of their own; nothing that is there is ever overwritten."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from cissapp.foundation.content.values import Question
from cissapp.learn.authoring.rules.import_report import UnreadableFile


def draft_paths(
    folder: Path, module_folder: str, language: str, modules: Path
) -> tuple[Path, Path]:
    """Return where keys and texts of a draft go; raise `UnreadableFile` where they must not go.

    A draft never goes into the content itself, and never over a file that is there.
    """
    if folder.resolve().is_relative_to(modules.resolve()):
        raise UnreadableFile(
            f"Drafts must not be written to {modules}. Choose a folder outside it."
        )
    keys = folder / module_folder / "questions.yaml"
    texts = folder / module_folder / language / "questions.yaml"
    for path in (keys, texts):
        if path.exists() or path.is_symlink():
            raise UnreadableFile(
                f"{path} already exists and was not overwritten. Choose another folder."
            )
    return keys, texts


def write_draft(questions: Sequence[Question], paths: tuple[Path, Path], language: str) -> None:
    """Write keys and texts; the folders are made."""
    keys, texts = paths
    texts.parent.mkdir(parents=True, exist_ok=True)
    lines = [one.key.model_dump(mode="json", exclude_none=True) for one in questions]
    words = {
        one.id: one.texts[language].model_dump(mode="json", exclude_defaults=True)
        for one in questions
    }
    for path, value in ((keys, lines), (texts, words)):
        with path.open("x", encoding="utf-8") as file:
            file.write(_yaml(value))


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
