"""The own statement: explained, fetched as PDF and JSON; nothing empty is signed, nothing private stands in it."""

import json
import shutil
import subprocess
from dataclasses import replace

import pytest

from cissapp.foundation.core.roles import Role
from cissapp.learn.statements.document import page as pdf
from cissapp.learn.statements.document.checking import check_file
from cissapp.learn.statements.document.facts import read_statement
from cissapp.learn.statements.rules import StatementWorth
from config import ROOT
from tests.client import main_text
from tests.learn.statements.specimen import BOX, PEOPLE
from tests.shipped import LESSON, MODULE

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

ADDRESS = "/learn/statement"
SCHEMA = json.loads((ROOT / "docs" / "statement.schema.json").read_text("utf-8"))
FIRST = MODULE.id


def learner(make, language: str = "en", **values):
    name, school, locality = PEOPLE[language]
    of = make.school(name=school, locality=locality)
    return make.manager(of, name=name, language=language, email="private@school.example", **values)


def test_nothing_is_stated_and_signed_before_something_was_read(make, sign_in):
    make.keyring()
    browser = sign_in(learner(make))

    page, paper = browser.get(ADDRESS), browser.get(f"{ADDRESS}.pdf")
    document = browser.get(f"{ADDRESS}.json", headers={"Accept": "application/json"})

    assert "There is nothing to state yet. Read a lesson first." in main_text(page)
    assert "statement.pdf" not in page.get_data(as_text=True)
    assert (paper.status_code, document.status_code) == (409, 409)
    assert document.json["message"] == "There is nothing to state yet. Read a lesson first."


def test_the_page_shows_what_would_be_stated_and_leads_to_both_forms(make, sign_in):
    person = learner(make)
    make.passed_module(person, FIRST)
    page = sign_in(person).get(ADDRESS)

    assert BOX in main_text(page)
    assert f"25 November 2026 100 % 0 of {len(MODULE.lessons)}" in main_text(page)
    for form in ("pdf", "json"):
        assert f'href="{ADDRESS}.{form}"' in page.get_data(as_text=True)


@pytest.mark.parametrize("language", PEOPLE)
def test_both_forms_state_the_same_in_the_language_of_the_page(make, sign_in, language: str):
    ring, person = make.keyring(), learner(make, language)
    make.passed_module(person, FIRST)
    browser = sign_in(person)

    paper, document = browser.get(f"{ADDRESS}.pdf"), browser.get(f"{ADDRESS}.json")
    found = [check_file(one.data, ring) for one in (paper, document)]

    assert [one.worth for one in found] == [StatementWorth.GENUINE, StatementWorth.GENUINE]
    assert found[0].statement == found[1].statement
    stated = found[0].statement
    assert stated
    assert (stated.name, stated.school_name, stated.locality) == PEOPLE[language]
    assert (stated.language, stated.demo, [one.id for one in stated.modules]) == (
        language,
        False,
        [FIRST],
    )
    assert (paper.mimetype, document.mimetype) == ("application/pdf", "application/json")
    assert (
        paper.headers["Content-Disposition"] == 'attachment; filename="statement-of-learning.pdf"'
    )
    assert paper.headers["Cache-Control"] == "no-store"


def test_lessons_read_without_a_pass_are_stated(make, sign_in):
    ring, person = make.keyring(), learner(make)
    browser = sign_in(person)
    browser.post(f"/learn/{FIRST}/{LESSON.id}/read")

    stated = check_file(browser.get(f"{ADDRESS}.json").data, ring).statement

    assert stated
    assert [(one.id, one.lessons_read, one.passed_on, one.percent) for one in stated.modules] == [
        (FIRST, 1, None, None)
    ]
    assert stated.modules[0].version == MODULE.file.version


def validator():
    from jsonschema.validators import (
        validator_for,  # slow to load, and every process reads this file
    )

    return validator_for(SCHEMA)(SCHEMA)


def test_the_document_has_the_documented_shape_and_nothing_private(make, sign_in):
    make.keyring()
    person, other = learner(make), make.manager(name="Somebody Else")
    make.passed_module(person, FIRST)
    make.passed_module(other, "safety-policy")
    browser = sign_in(person)

    document, paper = browser.get(f"{ADDRESS}.json"), browser.get(f"{ADDRESS}.pdf")

    validator().validate(document.json)
    stated = read_statement(pdf.statement_in(paper.data) or "").text()
    for text in (document.get_data(as_text=True), stated):
        assert [
            word for word in ("@", "Somebody", "safety-policy", str(person.id)) if word in text
        ] == []


@pytest.mark.parametrize("spoilt", ["statement", "jws"])
def test_the_schema_can_fail(make, sign_in, spoilt: str):
    make.keyring()
    person = learner(make)
    make.passed_module(person, FIRST)
    document = sign_in(person).get(f"{ADDRESS}.json").json

    assert not validator().is_valid({**document, spoilt: {"email": "a@b.example"}})


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")
def test_pdfsig_says_valid_and_total(make, sign_in, tmp_path):
    make.keyring()
    person = learner(make, "uk")
    make.passed_module(person, FIRST)
    path = tmp_path / "statement.pdf"
    path.write_bytes(sign_in(person).get(f"{ADDRESS}.pdf").data)

    said_ = subprocess.run(
        ["pdfsig", "-nssdir", str(tmp_path), str(path)], capture_output=True, text=True, check=False
    ).stdout

    assert "Signature is Valid." in said_
    assert "Total document signed" in said_
    assert "ETSI.CAdES.detached" in said_


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("language", PEOPLE)
def test_the_paper_says_what_it_is_not(app, make, sign_in, tmp_path, language: str):
    make.keyring()
    person = learner(make, language)
    make.passed_module(person, FIRST)
    path = tmp_path / "statement.pdf"
    content = sign_in(person).get(f"{ADDRESS}.pdf").data
    path.write_bytes(content)
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    stated = read_statement(pdf.statement_in(content) or "")

    assert "".join(stated.says_not.split()) in "".join(text.split())
    assert stated.name in text


def test_a_demonstration_is_marked(app, make, sign_in):
    ring, person = make.keyring(), learner(make)
    make.passed_module(person, FIRST)
    browser, before = sign_in(person), app.config["CISS"]
    app.config["CISS"] = replace(before, demo=True)
    try:
        stated = check_file(browser.get(f"{ADDRESS}.json").data, ring).statement
    finally:
        app.config["CISS"] = before

    assert stated
    assert stated.demo


def test_without_keys_it_is_refused_with_a_sentence(app, make, sign_in, tmp_path):
    person = learner(make)
    make.passed_module(person, FIRST)
    browser, before = sign_in(person), app.config["CISS"]
    app.config["CISS"] = replace(before, keys_dir=tmp_path)
    try:
        answer = browser.get(f"{ADDRESS}.pdf")
    finally:
        app.config["CISS"] = before

    assert (answer.status_code, "There is no key to sign" in main_text(answer)) == (409, True)


def test_a_name_that_cannot_be_printed_is_told_and_the_document_still_works(make, sign_in):
    make.keyring()
    person = make.manager(name="Ann 🏫")
    make.passed_module(person, FIRST)
    browser = sign_in(person)

    paper, document = browser.get(f"{ADDRESS}.pdf"), browser.get(f"{ADDRESS}.json")

    assert (paper.status_code, document.status_code) == (409, 200)
    assert "cannot be printed: U+1F3EB" in main_text(paper)


@pytest.mark.parametrize(
    "role", [one for one in Role if one not in {Role.SCHOOL_MANAGER, Role.GUEST}]
)
def test_only_people_of_schools_have_one(make, sign_in, role: Role):
    browser = sign_in(make.user(role))

    assert [browser.get(f"{ADDRESS}{end}").status_code for end in ("", ".pdf", ".json")] == [
        403
    ] * 3
