"""The invented dossiers: whole, with traps, and every fault named."""

import shutil
from pathlib import Path

import pytest
import yaml

from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.loader import load
from cissapp.review.calibration.benchmarks.drawing import PageOverflow, draw_document
from config import ROOT
from tests.shipped import copied

MODULES = ROOT / "modules"


@pytest.fixture(scope="module")
def shipped():
    return load(MODULES)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path / "modules")


def faults_of(root: Path) -> set[str]:
    with pytest.raises(BrokenContent) as broken:
        load(root)
    return {str(one) for one in broken.value.faults}


def changed(path: Path, change) -> None:
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


def test_every_criterion_has_a_level_of_the_model_and_a_reason(shipped):
    ids = set(shipped.standard.by_id)

    assert [one.id for one in shipped.benchmarks] == ["at-the-mill", "by-the-forest"]
    for one in shipped.benchmarks:
        assert set(one.model) == set(one.reasons_in("en")) == set(one.file.scores) == ids
        assert set(one.model.values()) >= {0, 1, 2}


def test_a_benchmark_belongs_to_the_version_that_its_model_was_made_by(shipped):
    known = {key: one.version for key, one in shipped.benchmark_by_id.items()}

    assert known == {
        "at-the-mill": "2.0", "by-the-forest": "2.0", "by-the-river": "1.0", "on-the-hill": "1.0",
    }  # fmt: skip


def test_benchmarks_of_a_version_without_a_standard_and_ids_twice_are_named(copy: Path):
    shutil.copytree(
        copy / "benchmarks" / "at-the-mill", copy / "benchmarks-earlier/1.0/at-the-mill"
    )
    (copy / "benchmarks-earlier" / "0.9").mkdir()

    assert faults_of(copy) == {
        "benchmarks-earlier: id: at-the-mill is listed twice",
        "benchmarks-earlier/0.9: standard-earlier has no standard of this version",
    }


def test_a_benchmark_has_traps_and_never_calls_for_a_second_review(shipped):
    from cissapp.review.reviews.rules.places import aims_high

    standard = shipped.standard
    for one in shipped.benchmarks:
        own = {key: score.level for key, score in one.file.scores.items()}
        assert sum(own[key] != level for key, level in one.model.items()) >= 5
        assert not aims_high(own, standard.decision, standard.criteria)
        assert {*one.file.names} == {*shipped.countries}
        assert all(len(names) >= 3 for names in one.file.names.values())


def test_what_is_read_holds_nothing_of_the_key(shipped):
    for one in shipped.benchmarks:
        read = one.text("en").model_dump_json()
        assert not any(reason in read for reason in one.reasons_in("en").values())
        assert "trap" not in read.casefold()
        assert "model" not in read.casefold()


def test_every_page_fits_on_its_sheet(shipped):
    for one in shipped.benchmarks:
        for language, text in one.texts.items():
            for paper in text.documents.values():
                file = draw_document(
                    paper.title, ["Liceul „Constantin Rotaru”, Telenești"], paper.pages
                )
                assert file.startswith(b"%PDF"), language
    with pytest.raises(PageOverflow):
        draw_document("Too long", [], [["word " * 2000]])


def test_every_fault_of_a_benchmark_is_named(copy: Path):
    folder = copy / "benchmarks" / "at-the-mill"
    changed(folder / "model.yaml", lambda value: value.pop("A1"))
    changed(folder / "en" / "model.yaml", lambda value: value.pop("B9"))
    changed(folder / "en" / "benchmark.yaml", lambda value: value["scores"].pop("C1"))
    changed(
        folder / "benchmark.yaml", lambda value: value["scores"]["A2"].update(shown_in={"x": "1"})
    )

    assert faults_of(copy) == {
        "benchmarks/at-the-mill/model.yaml: A1: is missing",
        "benchmarks/at-the-mill/en/model.yaml: B9: is missing",
        "benchmarks/at-the-mill/en/benchmark.yaml: C1: is missing",
        "benchmarks/at-the-mill/benchmark.yaml: scores.A2.shown_in: there is no document x",
    }


def test_there_are_as_many_as_everybody_assesses(copy: Path):
    shutil.rmtree(copy / "benchmarks" / "by-the-forest")

    assert faults_of(copy) == {"benchmarks: has 1, but everybody assesses 2"}
    shutil.rmtree(copy / "benchmarks")
    assert faults_of(copy) == {"benchmarks: has 0, but everybody assesses 2"}


def test_pages_that_a_document_does_not_have_are_named(copy: Path):
    folder = copy / "benchmarks" / "by-the-forest"
    changed(
        folder / "benchmark.yaml",
        lambda value: value["scores"]["A2"].update(shown_in={"plan": "1-7"}),
    )

    assert faults_of(copy) == {
        "benchmarks/by-the-forest/en/benchmark.yaml: documents.plan: has no page 7"
    }
