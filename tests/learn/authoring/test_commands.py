"""`ciss content questions`: from a module into a file, and from a file into drafts."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from cissapp.cli import main
from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.loader import load
from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.formats.gift import read_gift
from tests.learn.authoring.formats.samples import FILLING
from tests.shipped import FOLDER, LESSON, MODULE, copied


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    return copied(tmp_path / "modules")


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    path = tmp_path / "from-moodle.txt"
    path.write_text("::Who?::Who may report?{=anybody#Yes. ~nobody}\n\n::Say::Tell us.{}\n")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["content", "questions", *(str(word) for word in words)])


def taken_in(file: Path, modules: Path, into: Path, *more: str) -> Result:
    options = ("--format", "gift", "--module", MODULE.id, "--topic", "2")
    return run(
        *("import", file, *options, "--lesson", "rights"),
        *("--into", into, "--modules", modules, *more),
    )


def test_a_draft_is_written_and_the_check_names_what_is_still_to_be_written(
    modules: Path, gift: Path, tmp_path: Path
):
    into = tmp_path / "drafts"

    done = taken_in(gift, modules, into)

    keys, texts = into / FOLDER / "questions.yaml", into / FOLDER / "en" / "questions.yaml"
    assert (done.exit_code, done.output) == (
        0,
        (
            "Not imported:\n"
            "  line 3: Say: an essay: people would have to mark it\n"
            "2 questions in the file: 1 imported, 1 not imported.\n"
            f"Drafts written to {keys} and {texts}. Complete each place marked TO WRITE.\n"
        ),
    )
    assert sorted(path for path in into.rglob("*") if path.is_file()) == sorted([keys, texts])
    for path in (keys, texts):
        there = modules / path.relative_to(into)
        there.write_text(f"{there.read_text()}\n{path.read_text()}")
    number = len(yaml.safe_load((modules / FOLDER / "questions.yaml").read_text())) - 1
    with pytest.raises(BrokenContent) as broken:
        load(modules)
    assert {(one.file, one.key, one.message) for one in broken.value.faults} == {
        (f"{FOLDER}/{file}", key, "has not been written yet")
        for file, key in (
            ("questions.yaml", f"{number}.source.title"),
            ("questions.yaml", f"{number}.source.url"),
            ("en/questions.yaml", "who.fact"),
            ("en/questions.yaml", "who.options.b.why"),
        )
    }


def test_a_dry_run_only_reports(modules: Path, gift: Path, tmp_path: Path):
    done = taken_in(gift, modules, tmp_path / "drafts", "--dry-run")

    assert done.exit_code == 0
    assert done.output.endswith("2 questions in the file: 1 imported, 1 not imported.\n")
    assert not (tmp_path / "drafts").exists()


def test_a_draft_is_never_written_over_a_file_or_into_the_content(
    modules: Path, gift: Path, tmp_path: Path
):
    into = tmp_path / "drafts"
    there = into / FOLDER / "en" / "questions.yaml"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    before = (modules / FOLDER / "questions.yaml").read_text()

    over = taken_in(gift, modules, into)
    inside = taken_in(gift, modules, modules / "drafts")

    assert (over.exit_code, over.output) == (
        1,
        (
            f"from-moodle.txt: {there} already exists and was not overwritten. "
            "Choose another folder.\n"
        ),
    )
    assert there.read_text() == "mine"
    assert [path.name for path in into.rglob("*") if path.is_file()] == ["questions.yaml"]
    assert (inside.exit_code, inside.output) == (
        1,
        f"from-moodle.txt: Drafts must not be written to {modules}. Choose a folder outside it.\n",
    )
    assert (modules / FOLDER / "questions.yaml").read_text() == before


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfe\x00", "The file is not UTF-8 text. Save it again with that encoding."),
        (b"x" * 2_000_001, "The file is larger than 2 MB."),
        (b"<quiz/>", "This is an XML file, not GIFT. Import it with --format moodle-xml."),
    ],
)
def test_a_file_that_is_refused_gets_one_sentence(
    modules: Path, tmp_path: Path, raw: bytes, said: str
):
    path = tmp_path / "strange.txt"
    path.write_bytes(raw)

    done = taken_in(path, modules, tmp_path / "drafts")

    assert (done.exit_code, done.output) == (1, f"strange.txt: {said}\n")


def test_an_unknown_module_or_lesson_is_named_with_those_that_are_there(
    modules: Path, gift: Path, tmp_path: Path
):
    strange = ("--into", tmp_path / "drafts", "--modules", modules, "--topic", "1")
    lesson = run(
        *("import", gift, "--format", "gift", "--module", MODULE.id),
        *("--lesson", "no-such", *strange),
    )
    module = run(
        *("import", gift, "--format", "gift", "--module", f"../{MODULE.id}"),
        *("--lesson", LESSON.id, *strange),
    )

    assert lesson.exit_code == module.exit_code == 1
    there = ", ".join(one.id for one in MODULE.lessons)
    assert f"has no lesson no-such. Its lessons are: {there}" in lesson.output
    assert module.output.startswith(f"There is no module ../{MODULE.id}. The modules are: ")


def test_a_module_is_exported_and_what_the_format_lacks_is_named(modules: Path, tmp_path: Path):
    out = tmp_path / "out.txt"
    words = ("export", MODULE.id, "--format", "gift", "--modules", modules)

    done = run(*words, "--output", out)
    again = run(*words, "--output", out)

    pool = next(one for one in load(modules).modules if one.id == MODULE.id).questions
    carried = [
        one.id for one in pool if one.key.kind not in {QuestionKind.SCENARIO, QuestionKind.ORDERING}
    ]
    report = read_gift(out.read_text(), FILLING)
    assert done.exit_code == 0
    assert [one.id for one in report.imported] == carried
    assert report.dropped == ()
    assert done.output.count("\n  question ") == len(pool) - len(carried)
    assert done.output.endswith(f"{len(carried)} of {len(pool)} questions written.\n")
    assert (again.exit_code, again.output.splitlines()[-1]) == (
        1,
        f"{out} already exists and was not overwritten. Choose another name.",
    )


def test_a_pool_with_faults_is_not_exported(modules: Path):
    (modules / FOLDER / "en" / "questions.yaml").write_text("{}")

    done = run("export", MODULE.id, "--format", "moodle-xml", "--modules", modules)

    assert done.exit_code == 1
    assert done.output.startswith("Fix these errors first:\n")
    assert [one.id for one in MODULE.questions if f"{one.id}: is missing" not in done.output] == []
