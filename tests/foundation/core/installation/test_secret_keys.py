"""A renewed secret key: everything old is accepted while its key is named, and gone with it."""

from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import BadSignature
from sqlalchemy import select

from cissapp.foundation.core.db import new_id, session, unit_of_work
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.signing import sealing
from cissapp.learn.learning import commands as receipt_commands
from cissapp.learn.learning.rules import receipts, unsubscribe_links
from cissapp.oversee.api.rules.webhooks import secret_of, signature, signed_headers
from cissapp.people.factors import services as factors
from cissapp.people.factors.models import AuthenticatorApp
from cissapp.people.factors.services import apps
from cissapp.people.sign_on import services as sign_on
from cissapp.people.sign_on.models import IdentityProvider
from cissapp.people.sign_on.rules import SignOnRefused
from cissapp.people.sign_on.services import providers
from tests.factories import NOW

NEW = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"


@pytest.fixture
def rotate(app: Flask):
    """Renew the key of the application; with `forget` the old one is accepted no more."""
    old = str(app.config["SECRET_KEY"])

    def use(key: str, *old_keys: str) -> None:
        secret_keys.init_app(app, key, old_keys)

    def rotated(*, forget: bool = False) -> None:
        use(NEW, *([] if forget else [old]))

    yield rotated
    use(old)


def test_a_session_and_the_forms_that_are_open_outlive_a_renewal(
    make, sign_in, rotate: Callable[..., None]
):
    browser, again = sign_in(make.manager()), sign_in(make.manager())
    token = browser.token()  # a form that was opened before
    sent = {"data": {"csrf_token": token}, "csrf": False}

    rotate()
    assert browser.get("/account").status_code == 200
    assert browser.post("/sign-out", **sent).status_code == 302

    rotate(forget=True)
    assert again.get("/account").status_code == 302


@pytest.mark.one_database("sqlite")
def test_what_was_signed_and_sealed_is_read_until_the_old_key_is_gone(
    app: Flask, make, rotate: Callable[..., None]
):
    person = make.manager()
    receipt = receipts.receipt_of_answer(person.id, 1, 1, NOW, ["a"])

    def written() -> dict[str, str]:
        key = secret_keys.newest_key()
        return {
            "link": unsubscribe_links.stop_token(person.id, key),
            "receipt": receipts.write_receipt(receipt, receipts.receipt_key(key)),
            "signed": str(secret_keys.signer("a salt").dumps([1])),
            "timed": str(secret_keys.timed_signer("a salt").dumps([1])),
            "sealed": sealing.seal("1", purpose="p", bound_to="b"),
        }

    def readable(kept: dict[str, str]) -> set[str]:
        keys = secret_keys.accepted_keys()
        looks: dict[str, Callable[[str], object]] = {
            "link": lambda text: unsubscribe_links.read_stop_token(text, *keys),
            "receipt": lambda text: next(
                filter(None, (receipt_commands._read(text, key) for key in keys)), None
            ),
            "signed": lambda text: secret_keys.signer("a salt").loads(text),
            "timed": lambda text: secret_keys.timed_signer("a salt").loads(text, max_age=60),
            "sealed": lambda text: sealing.unseal(text, purpose="p", bound_to="b"),
        }
        found = set()
        for name, look in looks.items():
            try:
                found |= {name} if look(kept[name]) else set()
            except (BadSignature, sealing.SealBroken):
                continue
        return found

    with app.app_context():
        old = written()
        rotate()
        new = written()
        assert (readable(old), readable(new)) == (set(old), set(new))
        assert all(old[name] != new[name] for name in old)
        rotate(forget=True)
        assert (readable(old), readable(new)) == (set(), set(new))


def test_sealed_rows_outlive_the_old_key_once_the_work_of_a_day_was_done(
    app: Flask, make, rotate: Callable[..., None]
):
    school = make.school()
    person, provider_id = make.manager(school=school), new_id()
    with app.app_context(), unit_of_work():
        phone = sealing.seal("app", purpose=apps.PURPOSE, bound_to=str(person.id))
        secret = sealing.seal("secret", purpose=providers.PURPOSE, bound_to=str(provider_id))
        session.add_all(
            [
                AuthenticatorApp(user_id=person.id, sealed_secret=phone, added_at=NOW, last_step=0),
                IdentityProvider(
                    id=provider_id,
                    name="Ministry",
                    issuer="https://accounts.example",
                    client_id="ciss",
                    sealed_secret=secret,
                    group_id=school.group_id,
                    added_at=NOW,
                    added_by_id=person.id,
                ),
            ]
        )

    def sealed_anew() -> tuple[int, int]:
        with app.app_context(), unit_of_work():
            return factors.seal_secrets_anew(), sign_on.seal_secrets_anew()

    rotate()
    assert [sealed_anew(), sealed_anew()] == [(1, 1), (0, 0)]
    rotate(forget=True)
    with app.app_context():
        row = session.scalars(select(AuthenticatorApp)).one()
        provider = session.get_one(IdentityProvider, provider_id)
        assert sealing.unseal(row.sealed_secret, purpose=apps.PURPOSE, bound_to=str(person.id))
        assert providers.client_of(provider).secret == "secret"
        assert (factors.count_unopened(), sign_on.count_unopened()) == (0, 0)
        provider.sealed_secret = secret  # as one that was not sealed anew in time
        with pytest.raises(SignOnRefused, match="its stored secret cannot be opened"):
            providers.client_of(provider)
        row.sealed_secret = phone
        assert (factors.count_unopened(), sign_on.count_unopened()) == (1, 1)
        session.rollback()


def test_webhooks_are_signed_for_receivers_with_either_secret(
    app: Flask, rotate: Callable[..., None]
):
    with app.app_context():
        before = secret_of("id", "salt", secret_keys.newest_key())
        rotate()
        secrets = [secret_of("id", "salt", key) for key in secret_keys.accepted_keys()]

    said = signed_headers(secrets, "msg_1", NOW, "{}")["webhook-signature"].split(" ")

    assert len(said) == 2
    assert signature(before, "msg_1", NOW, "{}") == said[1]
