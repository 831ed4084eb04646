"""Reads `modules/toolkit/`: the library of clauses, and the products of the lessons."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.packed import Texts
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.schema.toolkit import (
    ClauseKey,
    ClauseWords,
    ElementWords,
    FieldKind,
    FieldWords,
    PolicyLibraryFile,
    ProductsFile,
    ProductWords,
    ToolkitField,
)
from cissapp.foundation.content.toolkit import Clause, PolicyQuestion, Product, Toolkit
from cissapp.foundation.content.values import Module, Standard

FOLDER = "toolkit"
PLACE = re.compile(r"\{(\w+)\}")
PARTS: dict[str, TypeAdapter[Any]] = {
    "sections": TypeAdapter(str),
    "questions": TypeAdapter(FieldWords),
    "elements": TypeAdapter(ElementWords),
    "clauses": TypeAdapter(ClauseWords),
}
PRODUCT_WORDS = TypeAdapter(ProductWords)
# Placeholders that any text may use, and those that it must list in `needs` or ask for itself.
ALWAYS = frozenset(
    {"school", "locality", "region", "country", "today", "school_year", "helplines", "page"}
)
OF_SCHOOL = frozenset(
    {
        *("head", "designated", "deputy", "languages", "crime_hours", "answer_days", "plan_days"),
        *("about_head", "about_person", "out_of_hours", "holiday_cover", "parents_contact"),
        *("confidentiality", "no_retaliation", "about_staff", "evidence_rule"),
        *("people", "channels", "outside", "escalation", "told", "actions"),
    }
)


def read_toolkit(
    reader: ContentReader, standard: Standard | None, modules: Iterable[Module]
) -> Toolkit:
    """Read the toolkit; one without a folder is empty."""
    folder = reader.root / FOLDER
    if not folder.is_dir():
        return Toolkit()
    library = reader.read(folder / "policy.yaml", PolicyLibraryFile)
    products = reader.read(folder / "products.yaml", ProductsFile)
    if library is None or products is None:
        return Toolkit()
    words = {name: dict[str, dict[str, Any]]() for name in PARTS}
    product_words: dict[str, dict[str, ProductWords]] = {}
    for language in reader.languages(folder):
        _read_policy_words(reader, language, library, words)
        path = folder / language / "products.yaml"
        if language == ENGLISH or path.exists():
            ids = [one.id for one in products.products]
            read = reader.pieces(path, PRODUCT_WORDS, reader.raw(path), ids)
            for one, text in read.items():
                product_words.setdefault(one, {})[language] = text
    _check_library(reader, library, words, standard)
    _check_products(reader, products, product_words, standard, modules)
    return Toolkit(
        version=library.version,
        sections={one: words["sections"].get(one, {}) for one in library.sections},
        questions=tuple(
            PolicyQuestion(one, Texts(words["questions"].get(one.id, {})))
            for one in library.questions
        ),
        elements={one: Texts(words["elements"].get(one, {})) for one in library.element_ids},
        clauses=tuple(
            Clause(one, Texts(words["clauses"].get(one.id, {}))) for one in library.clauses
        ),
        products=tuple(
            Product(one, Texts(product_words.get(one.id, {}))) for one in products.products
        ),
    )


def _read_policy_words(
    reader: ContentReader,
    language: str,
    library: PolicyLibraryFile,
    words: dict[str, dict[str, dict[str, Any]]],
) -> None:
    """Read the words of the library in a language, each piece an entry of its own."""
    path = reader.root / FOLDER / language / "policy.yaml"
    if language != ENGLISH and not path.exists():
        return
    raw = reader.raw(path)
    if not isinstance(raw, dict):
        return
    wanted = {
        "sections": list(library.sections),
        "questions": [one.id for one in library.questions],
        "elements": library.element_ids,
        "clauses": [one.id for one in library.clauses],
    }
    for part, ids in wanted.items():
        found = reader.pieces(
            path, PARTS[part], _named(raw.get(part), part), [f"{part}.{one}" for one in ids]
        )
        for one, text in found.items():
            words[part].setdefault(one.partition(".")[2], {})[language] = text


def _named(raw: Any, part: str) -> Any:
    """Prefix each key with its part, so that a section and a clause of the same name are two entries."""
    return {f"{part}.{key}": one for key, one in raw.items()} if isinstance(raw, dict) else raw


# --- what must agree ---------------------------------------------------------------------------


def _check_library(
    reader: ContentReader,
    library: PolicyLibraryFile,
    words: dict[str, dict[str, dict[str, Any]]],
    standard: Standard | None,
) -> None:
    path = reader.root / FOLDER / "policy.yaml"
    reader.unique(path, "questions", [one.id for one in library.questions])
    reader.unique(path, "clauses", [one.id for one in library.clauses])
    for clause in library.clauses:
        _check_clause(reader, library, clause, words["clauses"].get(clause.id, {}).get(ENGLISH))
    everywhere = [one for one in library.clauses if not one.countries]
    covered = {element for clause in everywhere for element in clause.elements}
    for element in library.element_ids:
        if element not in covered:
            reader.fault(path, f"elements.{element}", "no clause for every country covers it")
    if standard:
        wanted = {one.id for one in standard.criteria if one.part in "AB"}
        reader.same_ids(path, library.elements, wanted)
    for question in library.questions:
        found = words["questions"].get(question.id, {}).get(ENGLISH)
        if found:
            english = reader.root / FOLDER / ENGLISH / "policy.yaml"
            reader.same_ids(english, found.options, question.options)


def _check_clause(
    reader: ContentReader, library: PolicyLibraryFile, clause: ClauseKey, text: ClauseWords | None
) -> None:
    """Check that a clause refers only to what exists, and needs every value that it prints."""
    path, at = reader.root / FOLDER / "policy.yaml", f"clauses.{clause.id}"
    asked = {one.id: one for one in library.questions}
    used = _places(text.text, text.younger or "", text.older or "") if text else set()
    for key, named, known in (
        ("section", [clause.section], library.sections),
        ("elements", clause.elements, library.element_ids),
        ("needs", clause.needs, {*asked, *OF_SCHOOL, *ALWAYS}),
        ("when", clause.when, asked),
        ("needs", used - ALWAYS, clause.needs),
        *((f"when.{one}", chosen, _options(asked.get(one))) for one, chosen in clause.when.items()),
    ):
        _unknown(reader, f"{at}.{key}", named, known, path=path)


def _check_products(
    reader: ContentReader,
    file: ProductsFile,
    words: dict[str, dict[str, ProductWords]],
    standard: Standard | None,
    modules: Iterable[Module],
) -> None:
    path = reader.root / FOLDER / "products.yaml"
    reader.unique(path, "products", [one.id for one in file.products])
    lessons = [(module.id, lesson.id) for module in modules for lesson in module.lessons]
    found = [(one.module, one.lesson) for one in file.products]
    if sorted(found) != sorted(lessons):
        for module, lesson in sorted(set(lessons) ^ set(found)):
            reader.fault(path, f"{module}.{lesson}", "must have exactly one product")
    codes = set(standard.rubric_text(ENGLISH).evidence) if standard else set()
    for product in file.products:
        if product.evidence and codes and product.evidence not in codes:
            reader.fault(path, f"{product.id}.evidence", f"there is no evidence {product.evidence}")
        own = {one.id for one in product.fields}
        known = {*own, *OF_SCHOOL, *ALWAYS}
        _unknown(reader, f"{product.id}.needs", product.needs, known, path=path)
        text = words.get(product.id, {}).get(ENGLISH)
        if text:
            english = reader.root / FOLDER / ENGLISH / "products.yaml"
            reader.same_ids(english, text.fields, own)
            reader.same_ids(english, text.specimen, own)
            if product.sheet:
                reader.same_ids(english, text.columns, product.sheet.columns)
            _unknown(reader, product.id, _places(text.text), known, path=english)


def _places(*texts: str) -> set[str]:
    return {name for text in texts for name in PLACE.findall(text)}


def _options(question: ToolkitField | None) -> Iterable[str]:
    if question is None:
        return ()
    return ("yes", "no") if question.kind is FieldKind.YES_NO else question.options


def _unknown(
    reader: ContentReader, key: str, used: Iterable[str], known: Iterable[str], *, path: Path
) -> None:
    have = set(known)
    for one in sorted(one for one in set(used) if one not in have):
        reader.fault(path, key, f"{one} is unknown, or is not listed here")
