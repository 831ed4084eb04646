"""A renewed secret key: everything old is accepted while its key is named, and gone with it."""

from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import BadSignature

from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.signing import sealing
from cissapp.learn.learning import commands as receipt_commands
from cissapp.learn.learning.rules import receipts, unsubscribe_links
from cissapp.oversee.api.rules.webhooks import secret_of, signature, signed_headers
from tests.factories import NOW

NEW = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"


@pytest.fixture
def rotate(app: Flask):
    """Renew the key of the application; with `forget` the old one is accepted no more."""
    old = str(app.config["SECRET_KEY"])

    def use(key: str, *old_keys: str) -> None:
        secret_keys.init_app(app, key, old_keys)
        sealing.init_app(app, key, old_keys)

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
