"""Reads the invented applications in `modules/benchmarks/`; the model's scores are in separate files."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.packed import Texts
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.schema.benchmarks import BenchmarkFile, BenchmarkText, Level
from cissapp.foundation.content.schema.parts import CriterionId, Text
from cissapp.foundation.content.values import Benchmark, Standard

LEVELS = TypeAdapter(dict[CriterionId, Level])
TEXT = TypeAdapter(BenchmarkText)
REASONS = TypeAdapter(dict[CriterionId, Text])


EARLIER = "benchmarks-earlier"


def benchmarks(reader: ContentReader, standard: Standard) -> tuple[Benchmark, ...]:
    """Read every benchmark; there must be at least as many as everyone assesses."""
    folders = _folders(reader.root / "benchmarks")
    wanted = standard.decision.calibration.dossiers
    if len(folders) < wanted:
        reader.fault("benchmarks", "", f"has {len(folders)}, but everybody assesses {wanted}")
    return _read(reader, folders, standard)


def earlier_benchmarks(
    reader: ContentReader, earlier: Mapping[str, Standard], now: Iterable[Benchmark]
) -> tuple[Benchmark, ...]:
    """Read the benchmarks of earlier versions of the standard: their results are still read."""
    found: list[Benchmark] = []
    for above in _folders(reader.root / EARLIER):
        if above.name not in earlier:
            reader.fault(above, "", "standard-earlier has no standard of this version")
            continue
        found += _read(reader, _folders(above), earlier[above.name])
    reader.unique(reader.root / EARLIER, "id", [one.id for one in (*now, *found)])
    return tuple(found)


def _folders(above: Path) -> list[Path]:
    return sorted(path for path in above.iterdir() if path.is_dir()) if above.is_dir() else []


def _read(
    reader: ContentReader, folders: Iterable[Path], standard: Standard
) -> tuple[Benchmark, ...]:
    return tuple(one for folder in folders if (one := _benchmark(reader, folder, standard)))


def _benchmark(reader: ContentReader, folder: Path, standard: Standard) -> Benchmark | None:
    file = reader.read(folder / "benchmark.yaml", BenchmarkFile)
    model = reader.shaped(folder / "model.yaml", LEVELS, reader.raw(folder / "model.yaml"))
    if file is None or model is None:
        return None
    if file.id != folder.name:
        reader.fault(folder / "benchmark.yaml", "id", f"the folder must be called {file.id}")
    ids = [one.id for one in standard.criteria]
    reader.same_ids(folder / "benchmark.yaml", file.scores, ids)
    reader.same_ids(folder / "model.yaml", model, ids)
    _check_documents(reader, folder / "benchmark.yaml", file, standard)
    texts, reasons = _words(reader, folder, file, ids)
    return Benchmark(file, Texts(texts), model, reasons, standard.rubric.version)


def _words(
    reader: ContentReader, folder: Path, file: BenchmarkFile, ids: list[str]
) -> tuple[dict[str, BenchmarkText], dict[str, dict[str, str]]]:
    texts: dict[str, BenchmarkText] = {}
    reasons: dict[str, dict[str, str]] = {}
    for language in reader.languages(folder):
        paths = folder / language / "benchmark.yaml", folder / language / "model.yaml"
        if language != ENGLISH and not all(path.exists() for path in paths):
            continue
        raw, raw_reasons = (reader.raw(path) for path in paths)
        text = reader.shaped(paths[0], TEXT, raw)
        said = reader.shaped(paths[1], REASONS, raw_reasons)
        if text is None or said is None:
            continue
        if language == ENGLISH:
            _check_text(reader, folder / language, file, text)
            reader.same_ids(paths[1], said, ids)
        if all([reader.take(paths[0], raw), reader.take(paths[1], raw_reasons)]):
            texts[language], reasons[language] = text, said
    return texts, reasons


def _check_documents(
    reader: ContentReader, path: Path, file: BenchmarkFile, standard: Standard
) -> None:
    known = {one.id for one in file.documents}
    reader.unique(path, "documents.id", [one.id for one in file.documents])
    codes = set(standard.rubric_text("en").evidence)
    for document in file.documents:
        if document.evidence not in codes:
            reader.fault(
                path, f"documents.{document.id}", f"there is no evidence {document.evidence}"
            )
    for criterion_id, score in file.scores.items():
        for one in sorted(set(score.shown_in) - known):
            reader.fault(path, f"scores.{criterion_id}.shown_in", f"there is no document {one}")


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
