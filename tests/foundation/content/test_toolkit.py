"""The toolkit: keys and words agree, every clause needs what it prints, every lesson has one product."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from cissapp.foundation.content.languages import read_languages
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.content.toolkits import read_toolkit
from config import ROOT

LANGUAGES = read_languages(ROOT / "modules")
STANDARD: Any = SimpleNamespace(
    criteria=[SimpleNamespace(id="A1", part="A"), SimpleNamespace(id="C1", part="C")],
    rubric_text=lambda _language: SimpleNamespace(evidence={"POL": "Policy"}),
)
MODULES: Any = [SimpleNamespace(id="policy", lessons=[SimpleNamespace(id="first")])]

POLICY = {
    "version": "1",
    "sections": ["scope"],
    "questions": [
        {"id": "devices", "section": "scope", "kind": "choices", "options": ["own", "school"]},
        {"id": "volunteers", "section": "scope", "kind": "yes_no"},
    ],
    "elements": {"A1": ["groups"]},
    "clauses": [
        {
            "id": "scope-who",
            "section": "scope",
            "version": 1,
            "elements": ["A1.groups"],
            "when": {"volunteers": ["yes"]},
            "needs": ["devices", "people"],
        }
    ],
}
POLICY_WORDS = {
    "sections": {"scope": "Whom it covers"},
    "questions": {
        "devices": {"text": "Which?", "options": {"own": "own phones", "school": "of the school"}},
        "volunteers": {"text": "Do volunteers help?"},
    },
    "elements": {"A1.groups": {"name": "Everybody is named", "signs": ["everybody"]}},
    "clauses": {"scope-who": {"title": "Whom", "text": "At {school}: {devices}.\n\n{people}"}},
}
PRODUCTS = {
    "products": [
        {
            "id": "sheet",
            "module": "policy",
            "lesson": "first",
            "kind": "table",
            "evidence": "none",
            "minutes": 5,
            "fields": [{"id": "place", "kind": "text"}],
            "sheet": {"columns": ["what"], "rows": 3},
        }
    ]
}
PRODUCT_WORDS = {
    "sheet": {
        "title": "Sheet",
        "use": "For all.",
        "fields": {"place": {"label": "Where?"}},
        "text": "At {place}.",
        "columns": {"what": "What"},
        "specimen": {"place": "hall"},
    }
}


def changed(value: Any, path: str, new: Any) -> Any:
    """Return the value with something else at a path such as `clauses.0.needs`."""
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        return [
            (changed(one, rest, new) if rest else new) if str(place) == name else one
            for place, one in enumerate(value)
        ]
    return {**value, name: changed(value[name], rest, new) if rest else new}


def read(root: Path, **files: Any) -> tuple[Toolkit, list[str]]:
    (root / "toolkit" / "en").mkdir(parents=True)
    for name, usual in (
        ("policy", POLICY),
        ("products", PRODUCTS),
        ("en/policy", POLICY_WORDS),
        ("en/products", PRODUCT_WORDS),
    ):
        path = root / "toolkit" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(files.get(name, usual)), encoding="utf-8")
    reader = ContentReader(root, LANGUAGES)
    return read_toolkit(reader, STANDARD, MODULES), [str(one) for one in reader.faults]


def test_a_whole_toolkit_has_no_fault(tmp_path: Path):
    toolkit, faults = read(tmp_path)

    assert faults == []
    assert toolkit.clause_by_id["scope-who"].criteria == ("A1",)
    assert toolkit.section("scope", "uk") == "Whom it covers"
    assert toolkit.elements_of("A1") == ["A1.groups"]
    assert toolkit.product_by_lesson["policy", "first"].key.evidence is None
    assert toolkit.questions[0].text("ro").options["own"] == "own phones"


def test_without_its_folder_it_is_empty(tmp_path: Path):
    assert read_toolkit(ContentReader(tmp_path, LANGUAGES), STANDARD, MODULES) == Toolkit()


@pytest.mark.parametrize(
    ("file", "path", "new", "fault"),
    [
        (
            "policy",
            "clauses.0.needs",
            ["people"],
            "toolkit/policy.yaml: clauses.scope-who.needs: devices is unknown, or is not listed here",
        ),
        (
            "policy",
            "clauses.0.when",
            {"volunteers": ["perhaps"]},
            (
                "toolkit/policy.yaml: clauses.scope-who.when.volunteers: "
                "perhaps is unknown, or is not listed here"
            ),
        ),
        (
            "policy",
            "clauses.0.countries",
            ["UA"],
            "toolkit/policy.yaml: elements.A1.groups: no clause for every country covers it",
        ),
        (
            "en/policy",
            "questions.devices.options",
            {"own": "own phones"},
            "toolkit/en/policy.yaml: school: is missing",
        ),
        (
            "products",
            "products.0.lesson",
            "second",
            "toolkit/products.yaml: policy.first: must have exactly one product",
        ),
        (
            "products",
            "products.0.evidence",
            "XYZ",
            "toolkit/products.yaml: sheet.evidence: there is no evidence XYZ",
        ),
        (
            "en/products",
            "sheet.text",
            "At {nowhere}.",
            "toolkit/en/products.yaml: sheet: nowhere is unknown, or is not listed here",
        ),
        ("en/products", "sheet.columns", {}, "toolkit/en/products.yaml: what: is missing"),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, file: str, path: str, new: Any, fault: str
):
    usual = {
        "policy": POLICY,
        "products": PRODUCTS,
        "en/policy": POLICY_WORDS,
        "en/products": PRODUCT_WORDS,
    }[file]

    assert fault in read(tmp_path, **{file: changed(usual, path, new)})[1]
