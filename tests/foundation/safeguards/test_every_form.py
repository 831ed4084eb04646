"""No form can forget it: every field that takes a text is watched, or says why not; every file is looked at."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import wtforms
from wtforms.fields.core import UnboundField

import cissapp
from cissapp.foundation.web.error_pages import is_kept
from cissapp.foundation.web.forms import NO_SENTENCE, Form
from tests.client import check_page

ROOT = Path(cissapp.__file__).parent
# What is read from a request without a form, and why nothing is told there.
RAW = {
    "foundation/web/forms.py": "the base of all forms: which field takes files, and which takes text",
    "oversee/api/views/asking.py": "what a program sends: addresses and choices, held against a shape",
    "oversee/api/views/changing.py": "a list of schools of a program, read as the file of the page is",
    "people/factors/asking/kept_entries.py": "entries given back after a proof; the form they go to looks at them",
    "people/factors/views/own.py": "codes that the page before has shown, given back as a file",
    "people/accounts/views/pages.py": "entries given back after signing in again; the form they go to looks at them",
    "people/sign_on/views/return_trip.py": "state and code of an organisation: compared, and exchanged once",
    "prepare/awareness/views/pupils.py": "the signed ticket of the page",
    "prepare/assessment/views/criterion.py": "where to go next; which offered text or page to take over",
    "prepare/documents/views/sent_files.py": "the id of an upload",
    "prepare/documents/views/uploads.py": "pieces of a file, which is looked at once it is whole",
    "prepare/mechanism/views/reporting.py": "the id of a suggestion",
    "prepare/facts/views.py": "the marks of contacts that are ticked",
    "prepare/reporting_page/views.py": "which file is taken, in which language",
    "prepare/toolkit/views/product.py": "which button was pressed",
    "learn/learning/views/content_language.py": "one of the languages that are offered; where to go next",
    "learn/learning/views/quizzes.py": "where to go next",
    "learn/learning/views/saving_at_once.py": "numbers of offered choices, of an attempt and of a save",
    "learn/learning/views/sheets.py": "the fields of queued answers; the form they go to looks at them",
    "review/reviews/views/desk.py": "where to go next",
    "foundation/web/errors.py": "whether anything was typed that is given back",
    "foundation/web/error_pages.py": "entries given back after an error; the form they go to looks at them",
    "foundation/web/lost_commits.py": "hashed, to know again what is sent again; nothing of it is kept",
    "foundation/web/content_warnings.py": "the tick of who has looked",
    "foundation/web/drafts/page_drafts.py": "whether a ticket of a draft came along",
    "foundation/web/drafts/ticket.py": "the signed ticket of a draft",
    "people/drafts/views.py": "the fields of a draft, all of which are looked at before one is kept",
}
HIDDEN = {
    # The answers of a decision that were looked at when they were typed, and are again when it is taken.
    "CheckedDecisionForm",
    # The signed ticket of the page; whatever else stands there is refused.
    "PupilForm",
    # What a browser made of a passkey: compared with a signature, and kept as a public key alone.
    "ProofForm",
    "PasskeyForm",
}


# Rooms are loaded when they are first asked for: without this, only the forms of earlier tests would be seen.
for path in sorted(ROOT.rglob("*.py")):
    if "Form)" in path.read_text(encoding="utf-8"):
        import_module(".".join(path.relative_to(ROOT.parent).with_suffix("").parts))


def kinds(parent: type[Form] = Form) -> Iterator[type[Form]]:
    for one in parent.__subclasses__():
        yield one
        yield from kinds(one)


def fields(form: type[Form]) -> Iterator[tuple[str, type[wtforms.Field]]]:
    for name in dir(form):
        field = getattr(form, name, None)
        if isinstance(field, UnboundField):
            yield name, field.field_class


def test_every_text_of_every_form_is_watched_or_says_why_not() -> None:
    texts = {
        (f"{form.__module__}.{form.__name__}", name, kind, form)
        for form in kinds()
        for name, kind in fields(form)
        if issubclass(kind, wtforms.StringField | wtforms.TextAreaField)
        or not issubclass(kind, NO_SENTENCE)
    }

    assert len(texts) > 50
    silent = sorted(
        f"{where}.{name}"
        for where, name, kind, form in texts
        if not form.is_watched(name, kind)
        and len(form.exempt.get(name, "")) < 10
        and not issubclass(kind, NO_SENTENCE)
    )
    assert silent == []


def test_an_exemption_names_a_field_that_is_there() -> None:
    loose = sorted(
        f"{form.__name__}.{name}"
        for form in kinds()
        for name in form.exempt
        if name not in {one for one, _ in fields(form)}
    )

    assert loose == []


def test_no_page_gives_a_password_back() -> None:
    secrets = {
        name for form in kinds() for name, kind in fields(form) if kind is wtforms.PasswordField
    }

    assert len(secrets) > 4
    assert [name for name in sorted(secrets) if is_kept(name)] == []


def test_no_story_hides_in_a_hidden_field() -> None:
    """A hidden field is not watched, so it may hold ids, hashes and choices only."""
    known = {
        "next",
        "seen",
        "version",
        "sha256",
        "checked",
        "attempt",
        "sequence",
        "upload",
        "outcome",
        "level",
        "needs",
    }
    others = sorted(
        f"{form.__name__}.{name}"
        for form in kinds()
        for name, kind in fields(form)
        if issubclass(kind, wtforms.HiddenField)
        and name not in known
        and form.__name__ not in HIDDEN
    )

    assert others == []


def test_nothing_typed_is_read_past_a_form() -> None:
    names = ("form", "values", "get_json", "get_data", "stream", "data")
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
    }

    assert sorted(found ^ set(RAW)) == []


def test_whoever_takes_a_file_looks_at_it() -> None:
    """A module that lets a file be examined also refuses it for signs; the demonstration has its own files."""
    forgetful = []
    for path in ROOT.rglob("*.py"):
        where = str(path.relative_to(ROOT))
        if where.startswith(("operate/demo/", "foundation/intake/")):
            continue
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        called = {
            node.func.id
            for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        # A room may examine what it signed itself, by a function of its own of that name.
        own = {
            alias.asname or alias.name
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            and not (node.module or "").startswith("cissapp.foundation.intake")
            for alias in node.names
        }
        if "examine" in called - own and not {"refuse_signs", "refuse_signs_in_text"} & called:
            forgetful.append(where)

    assert forgetful == []


def test_a_field_called_optional_is_found_refused_empty_though_the_page_was_seen_with_it_filled():
    page = (
        '<!doctype html><html lang="en"><title>Note</title><body><main><h1>Note</h1><div class="field wrong">'
        '<label for="a">Day <span class="optional soft">(optional)</span></label>'
        '<input id="a" name="a"{value}></div></main></body></html>'
    )
    check_page(page.format(value=' value="31 April"'), "filled")

    with pytest.raises(AssertionError, match="empty"):
        check_page(page.format(value=' value=""'), "empty")
