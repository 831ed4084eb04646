"""Sealed texts open for their purpose and their owner, with the key of today or an old one, and for nothing else."""

import pytest
from flask import Flask

from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.signing.sealing import SealBroken, seal, seal_anew, unseal

KEY, OLD = "k" * 32, "o" * 32


@pytest.fixture(autouse=True)
def _application():
    app = Flask(__name__)
    secret_keys.init_app(app, KEY, ())
    with app.app_context():
        yield app


def opened(sealed: str, purpose: str = "app", bound_to: str = "Ada") -> str | None:
    try:
        return unseal(sealed, purpose=purpose, bound_to=bound_to)
    except SealBroken:
        return None


def test_it_opens_as_it_was_sealed_and_never_looks_the_same():
    sealed = [seal("secret", purpose="app", bound_to="Ada") for _ in range(2)]

    assert [opened(one) for one in sealed] == ["secret"] * 2
    assert sealed[0] != sealed[1]
    assert "secret" not in sealed[0]


def test_another_purpose_owner_or_mark_opens_nothing():
    sealed = seal("secret", purpose="app", bound_to="Ada")
    # The last letter of the code has bits that say nothing.
    changed = [
        sealed[:at] + ("A" if mark != "A" else "B") + sealed[at + 1 :]
        for at, mark in enumerate(sealed.rstrip("=")[:-1])
    ]

    assert opened(sealed, purpose="provider") is None
    assert opened(sealed, bound_to="Eve") is None
    assert [opened(one) for one in [*changed, "", "1.", "1.AAAA", sealed[:20]]] == [None] * (
        len(changed) + 4
    )


def test_an_old_key_still_opens_and_a_foreign_one_does_not():
    first, second, foreign = Flask("old"), Flask("new"), Flask("foreign")
    secret_keys.init_app(first, OLD, ())
    secret_keys.init_app(second, KEY, [OLD])
    secret_keys.init_app(foreign, "f" * 32, [KEY])
    with first.app_context():
        sealed = seal("secret", purpose="app", bound_to="Ada")
    with second.app_context():
        assert opened(sealed) == "secret"
        anew = seal_anew(sealed, purpose="app", bound_to="Ada")
        assert anew
        assert seal_anew(anew, purpose="app", bound_to="Ada") is None
    with foreign.app_context():
        assert (opened(sealed), seal_anew(sealed, purpose="app", bound_to="Ada")) == (None, None)
        assert opened(anew) == "secret"
