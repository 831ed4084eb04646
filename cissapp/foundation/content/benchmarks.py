"""Reads the invented dossiers of `modules/benchmarks/`; the model's scores are in files of their own."""

from pathlib import Path

from pydantic import TypeAdapter

from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.schema.benchmarks import BenchmarkFile, BenchmarkText, Level
from cissapp.foundation.content.schema.parts import CriterionId, Text
from cissapp.foundation.content.values import Benchmark, Standard

LEVELS = TypeAdapter(dict[CriterionId, Level])
REASONS = TypeAdapter(dict[CriterionId, Text])


def benchmarks(reader: ContentReader, standard: Standard) -> tuple[Benchmark, ...]:
    """Read every benchmark; there are at least as many as everybody assesses."""
    above = reader.root / "benchmarks"
    folders = sorted(path for path in above.iterdir() if path.is_dir()) if above.is_dir() else []
    found = [one for folder in folders if (one := _benchmark(reader, folder, standard))]
    wanted = standard.decision.calibration.dossiers
    if len(folders) < wanted:
        reader.fault("benchmarks", "", f"has {len(folders)}; everybody assesses {wanted}")
    return tuple(found)


def _benchmark(reader: ContentReader, folder: Path, standard: Standard) -> Benchmark | None:
    file = reader.read(folder / "benchmark.yaml", BenchmarkFile)
    model = reader.shaped(folder / "model.yaml", LEVELS, reader.raw(folder / "model.yaml"))
    if file is None or model is None:
        return None
    if file.id != folder.name:
        reader.fault(folder / "benchmark.yaml", "id", f"the folder must be named {file.id}")
    ids = [one.id for one in standard.criteria]
    reader.same_ids(folder / "benchmark.yaml", file.scores, ids)
    reader.same_ids(folder / "model.yaml", model, ids)
    _check_documents(reader, folder / "benchmark.yaml", file, standard)
    texts, reasons = {}, {}
    for language in reader.languages(folder):
        path = folder / language / "model.yaml"
        text = reader.read(folder / language / "benchmark.yaml", BenchmarkText)
        said = reader.shaped(path, REASONS, reader.raw(path))
        if text is not None and said is not None:
            _check_text(reader, folder / language, file, text)
            reader.same_ids(path, said, ids)
            texts[language], reasons[language] = text, said
    return Benchmark(file, texts, model, reasons)


def _check_documents(
    reader: ContentReader, path: Path, file: BenchmarkFile, standard: Standard
) -> None:
    known = {one.id for one in file.documents}
    reader.unique(path, "documents.id", [one.id for one in file.documents])
    codes = set(standard.rubric_text("en").evidence)
    for document in file.documents:
        if document.evidence not in codes:
            reader.fault(path, f"documents.{document.id}", f"no evidence {document.evidence}")
    for criterion_id, score in file.scores.items():
        for one in sorted(set(score.shown_in) - known):
            reader.fault(path, f"scores.{criterion_id}.shown_in", f"no document {one}")


def _check_text(
    reader: ContentReader, folder: Path, file: BenchmarkFile, text: BenchmarkText
) -> None:
    path = folder / "benchmark.yaml"
    reader.same_ids(path, text.documents, [one.id for one in file.documents])
    reader.same_ids(path, text.scores, file.scores)
    for document_id, paper in text.documents.items():
        for score in file.scores.values():
            last = score.shown_in.get(document_id, "0").replace("-", ", ").split(", ")[-1]
            if int(last) > len(paper.pages):
                reader.fault(path, f"documents.{document_id}", f"has no page {last}")
