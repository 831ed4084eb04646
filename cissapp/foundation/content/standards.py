"""Reads the current and earlier standards: rubric, decision rule, wording of certificates."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from cissapp.foundation.content import schema
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.packed import Texts
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.values import Criterion, Standard

RUBRIC_TEXT = TypeAdapter(schema.RubricText)
CRITERION_TEXT = TypeAdapter(schema.CriterionText)
EARLIER = "standard-earlier"


def read_earlier(reader: ContentReader, now: Standard | None) -> dict[str, Standard]:
    """Read the earlier standards: applications under review keep the version they were submitted under."""
    found: dict[str, Standard] = {}
    above = reader.root / EARLIER
    for folder in sorted(above.iterdir()) if above.is_dir() else []:
        one = read_standard(reader, folder) if folder.is_dir() else None
        if one is None:
            continue
        version = one.rubric.version
        if version != folder.name:
            reader.fault(
                folder / "rubric.yaml", "version", f"is {version}, which is not the folder's name"
            )
        elif now is not None and version == now.rubric.version:
            reader.fault(
                folder / "rubric.yaml", "version", "is the version of the current standard"
            )
        found[version] = one
    return found


def read_standard(reader: ContentReader, folder: Path) -> Standard | None:
    """Read a standard from its folder; return None if its keys cannot be read."""
    rubric = reader.read(folder / "rubric.yaml", schema.RubricFile)
    decision = reader.read(folder / "decision.yaml", schema.DecisionFile)
    if rubric is None or decision is None:
        return None
    ids = [criterion.id for criterion in rubric.criteria]
    reader.unique(folder / "rubric.yaml", "criteria", ids)
    rubric_texts, criterion_texts = _rubric_texts(reader, folder, rubric)
    decision_texts = reader.words(folder, "decision.yaml", schema.DecisionText)
    certificates = reader.words(folder, "certificate.yaml", schema.CertificateText)
    if ENGLISH in decision_texts:
        path = folder / ENGLISH / "decision.yaml"
        _check_decision_text(reader, path, decision, decision_texts[ENGLISH])
    criteria = tuple(Criterion(key, Texts(criterion_texts[key.id])) for key in rubric.criteria)
    return Standard(rubric, decision, criteria, rubric_texts, decision_texts, certificates)


def _rubric_texts(
    reader: ContentReader, folder: Path, rubric: schema.RubricFile
) -> tuple[dict[str, schema.RubricText], dict[str, dict[str, schema.CriterionText]]]:
    """Read the words of the rubric: each criterion is one entry, and the words around them another."""
    around: dict[str, schema.RubricText] = {}
    texts: dict[str, dict[str, schema.CriterionText]] = {one.id: {} for one in rubric.criteria}
    for language in reader.languages(folder):
        path = folder / language / "rubric.yaml"
        if language != ENGLISH and not path.exists():
            continue
        raw = reader.raw(path)
        if not isinstance(raw, dict):
            continue
        criteria = raw.pop("criteria", {})
        text = reader.shaped(path, RUBRIC_TEXT, raw)
        if text and reader.take(path, raw):
            around[language] = text
            if language == ENGLISH:
                _check_rubric_text(reader, path, rubric, text)
        found = reader.pieces(path, CRITERION_TEXT, criteria, texts, below="criteria")
        for criterion_id, one in found.items():
            texts[criterion_id][language] = one
        if language == ENGLISH:
            _check_not_applicable(reader, path, rubric, found)
    return around, texts


def _check_not_applicable(
    reader: ContentReader,
    path: Path,
    rubric: schema.RubricFile,
    found: Mapping[str, schema.CriterionText],
) -> None:
    """Check that exactly those criteria which may be not applicable describe whom that concerns."""
    for criterion in rubric.criteria:
        words = found.get(criterion.id)
        if words and (words.not_applicable is not None) is not criterion.not_applicable:
            message = "is missing" if criterion.not_applicable else "is not allowed in rubric.yaml"
            reader.fault(path, f"criteria.{criterion.id}.not_applicable", message)


def _check_rubric_text(
    reader: ContentReader, path: Path, rubric: schema.RubricFile, text: schema.RubricText
) -> None:
    reader.same_ids(path, text.parts, [part.id for part in rubric.parts])
    used = {code for criterion in rubric.criteria for code in criterion.evidence}
    for code in sorted(used - set(text.evidence)):
        reader.fault(path, f"evidence.{code}", "is missing")


def _check_decision_text(
    reader: ContentReader, path: Path, decision: schema.DecisionFile, words: schema.DecisionText
) -> None:
    reader.same_ids(path, words.levels, [level.name for level in decision.levels])
    reader.same_ids(path, words.conflicts, [conflict.id for conflict in decision.conflicts])
    reader.same_ids(path, words.needs, {need for level in decision.levels for need in level.needs})
    reader.same_ids(path, words.outcomes, ["certified", "minor_gaps", "major_gaps"])
