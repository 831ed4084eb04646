"""Content out to translators' tools and back: nothing is lost, and what does not fit is named."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.translations import TextState
from cissapp.learn.translation.commands import status, translations
from cissapp.learn.translation.formats import read_po, read_xliff, write_po, write_xliff
from cissapp.learn.translation.rules import units_of
from tests.shipped import FOLDER, SHIPPED, copied
from tests.shipped import LESSON as CHOSEN

MODULE = FOLDER
LESSON = f"{MODULE}/{CHOSEN.id}.md"
KINDS = ["po", "xlf"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the content with a language that nobody has begun."""
    root = copied(tmp_path / "modules")
    with (root / "languages.yaml").open("a") as file:
        file.write("- {code: fr, name: Français}\n")
    return root


def run(*arguments: object, code: int = 0) -> str:
    command = status if arguments[0] == "status" else translations
    words = [str(one) for one in (arguments[1:] if command is status else arguments)]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == code, result.output
    return result.output


def exported(root: Path, kind: str, *patterns: str) -> Path:
    path = root.parent / f"out.{kind}"
    path.unlink(missing_ok=True)
    chosen = [part for one in patterns for part in ("--only", one)]
    run("export", "fr", path, *chosen, "--modules", root)
    return path


def translated(path: Path) -> Path:
    """Fill a file as a translator's tool would: every text gets other words with the same places."""
    data = path.read_bytes()
    reading, writing = (read_po, write_po) if path.suffix == ".po" else (read_xliff, write_xliff)
    content = load(path.parent / "modules")
    units = {one.context: one for one in units_of(content.translations, "fr", _entries(content))}
    filled = [_replaced(units[sent.context], f"fr {sent.english}") for sent in reading(data)]
    path.write_bytes(writing(filled, "fr"))
    return path


def _entries(content):
    return sorted(content.translations.entries)


def _replaced(unit, own):
    return type(unit)(unit.entry, unit.key, unit.english, own, unit.state)


@pytest.mark.parametrize("kind", KINDS)
def test_all_content_goes_out_and_comes_back(copy: Path, kind: str):
    path = translated(exported(copy, kind))
    output = run("import", "fr", path, "--modules", copy)

    content = load(copy)
    entries = _entries(content)
    assert f" texts in {len(entries):,} entries changed" in output
    assert {content.translations.state(one, "fr") for one in entries} == {TextState.DRAFT}
    for entry in entries:
        english = content.translations.entries[entry]["en"]
        own = content.translations.entries[entry]["fr"]
        assert english.keys() == own.keys(), entry
        assert all("fr " in own[key] for key in english), entry
    assert [one for one in content.noted if "/fr/" in one.file] == []
    assert "0 entries changed" in run("import", "fr", path, "--modules", copy)


def test_a_po_file_is_one_for_gettext(copy: Path):
    path = translated(exported(copy, "po", "standard/*"))

    subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", path], check=True)


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_fit_is_named_and_the_rest_is_taken(copy: Path, kind: str):
    path = translated(
        exported(copy, kind, LESSON, "standard/certificate.yaml", f"{MODULE}/module.yaml")
    )
    lesson = copy / MODULE / "en" / f"{CHOSEN.id}.md"
    lesson.write_text(
        lesson.read_text(encoding="utf-8") + "\n\nOne more paragraph.\n", encoding="utf-8"
    )
    worried = SHIPPED.standard.certificate_texts["en"].worried
    assert "%(numbers)s" in worried
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"fr {worried}", "Si vous %(other)s"),
        encoding="utf-8",
    )

    output = run("import", "fr", path, "--modules", copy, code=1)

    assert (
        "Not imported: standard/certificate.yaml|worried: has the placeholders %(other)s" in output
    )
    assert f"Not imported: {LESSON}|body/" in output
    content = load(copy)
    assert not (copy / MODULE / "fr" / f"{CHOSEN.id}.md").exists()
    assert content.translations.state(f"{MODULE}/module.yaml", "fr") is TextState.DRAFT


def test_a_dry_run_writes_nothing(copy: Path):
    path = translated(exported(copy, "po", f"{MODULE}/module.yaml"))
    output = run("import", "fr", path, "--dry-run", "--modules", copy)

    assert " in 1 entry would change" in output
    assert not (copy / MODULE / "fr").exists()


def test_an_editor_changes_a_sentence_and_sees_the_difference(copy: Path):
    run("import", "fr", translated(exported(copy, "po", LESSON)), "--modules", copy)
    path = exported(copy, "po", LESSON)
    own = load(copy).translations.entries[LESSON]["fr"]["title"]
    path.write_text(
        path.read_text(encoding="utf-8").replace(f'"{own}"', '"Les droits 👍"'), encoding="utf-8"
    )

    output = run("import", "fr", path, "--modules", copy)
    assert f"{LESSON}|title\n- {own}\n+ Les droits 👍\n" in output
    kept = [one.read_text(encoding="utf-8") for one in (copy / MODULE / "fr").rglob("*.md")]
    assert [one for one in kept if "title: Les droits 👍\n" in one]
    assert load(copy).modules[0].lesson(CHOSEN.id).text("fr").title == "Les droits 👍"


def test_who_has_read_is_noted_and_ends_with_the_next_change(copy: Path):
    run("import", "fr", translated(exported(copy, "po", f"{MODULE}/*")), "--modules", copy)
    run(
        "read",
        "fr",
        "--by",
        "Anne Durand",
        "--on",
        "2026-12-01",
        "--only",
        LESSON,
        "--modules",
        copy,
    )
    assert load(copy).translations.state(LESSON, "fr") is TextState.READ

    path = copy / MODULE / "en" / f"{CHOSEN.id}.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub("title:.*", "title: Other rights", text, count=1), encoding="utf-8")
    assert load(copy).translations.state(LESSON, "fr") is TextState.STALE
    assert load(copy).translations.changed(LESSON, "fr") == {"title"}
    output = run("read", "fr", "--by", "Anne Durand", "--only", LESSON, "--modules", copy, code=1)
    assert f"missing or stale: {LESSON}" in output
    run("made", "fr", "--only", LESSON, "--modules", copy)
    assert load(copy).translations.state(LESSON, "fr") is TextState.DRAFT


def test_the_status_counts_every_entry(copy: Path):
    run("import", "fr", translated(exported(copy, "po", f"{MODULE}/*")), "--modules", copy)
    lines = run("status", "--modules", copy, "--texts").splitlines()

    entries = [one for one in load(copy).translations.entries if one.startswith(MODULE)]
    own = lines[lines.index("fr Français") :]
    row = next(one for one in own if MODULE in one).split()
    assert row[1:5] == ["0", str(len(entries)), "0", "0"]
    assert "    missing: standard/rubric.yaml#A1" in own


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.po", b'msgid "a"\nmsgstr "\xff"\n', "this is not a PO file"),
        ("a.xlf", b"<xliff/>", "this is not an XLIFF 1.2 file"),
        ("a.xlf", b"<", "this is not an XLIFF file"),
        ("a.xlf", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "this is not an XLIFF file"),
        ("a.xlf", b"<?xml version='1.0' encoding='x'?><xliff/>", "this is not an XLIFF file"),
        ("a.txt", b"", "the name must end in one of .po, .xlf, .xliff"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(copy: Path, name, data, message):
    path = copy.parent / name
    path.write_bytes(data)

    assert message in run("import", "fr", path, "--modules", copy, code=1)


def test_a_foreign_file_changes_nothing(copy: Path):
    path = copy.parent / "foreign.po"
    path.write_text('msgctxt "other|key"\nmsgid "Hello"\nmsgstr "Bonjour"\n', encoding="utf-8")

    output = run("import", "fr", path, "--modules", copy, code=1)
    assert "Not imported: other|key: the programme has no text with this key" in output


def test_a_language_that_is_none_is_refused(copy: Path):
    assert "de is not a language" in run("export", "de", copy / "x.po", "--modules", copy, code=1)
    assert "en is not a language" in run("export", "en", copy / "x.po", "--modules", copy, code=1)


def test_terms_and_lengths_are_warned_of(copy: Path):
    terms = [
        {
            "english": "reporting mechanism",
            "said": {"fr": ["mécanisme de signalement"]},
            "not_said": {"fr": ["dénonciation"]},
        }
    ]
    (copy / "terms.yaml").write_text(yaml.safe_dump(terms), encoding="utf-8")
    folder = copy / MODULE / "fr"
    folder.mkdir()
    plan = yaml.safe_load((copy / MODULE / "en" / "module.yaml").read_text(encoding="utf-8"))
    english = {
        **plan,
        "title": "The reporting mechanism",
        "summary": "A summary of at least forty signs, no less.",
    }
    own = {**plan, "title": "La dénonciation", "summary": "Un résumé " * 12}
    (copy / MODULE / "en" / "module.yaml").write_text(yaml.safe_dump(english), encoding="utf-8")
    (folder / "module.yaml").write_text(yaml.safe_dump(own), encoding="utf-8")

    output = run("warnings", "fr", "--only", f"{MODULE}/module.yaml", "--modules", copy)
    assert (
        "title: “reporting mechanism” should be translated as “mécanisme de signalement”" in output
    )
    assert "title: “dénonciation” should not be used" in output
    assert "summary: has 119 characters, the English text 43" in output


def test_the_records_are_a_text_a_line(copy: Path):
    run("import", "fr", translated(exported(copy, "po", f"{MODULE}/*")), "--modules", copy)

    text = (copy / "translations" / "fr.json").read_text(encoding="utf-8")
    assert len(text.splitlines()) == len(json.loads(text)) + 2
