"""Credentials and lists in the database: made with the certificate, following the register."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.services.publishing import files_made, finish_reservation
from cissapp.certify.credentials import queries, services
from cissapp.certify.credentials.models import EDITION, Credential, StatusList, StatusSnapshot
from cissapp.certify.credentials.open_badges import learned_form
from cissapp.certify.credentials.open_badges.checking import examine
from cissapp.certify.credentials.open_badges.document import ListPlace
from cissapp.certify.credentials.open_badges.proofs import add_proof
from cissapp.certify.credentials.open_badges.status_lists import LASTS
from cissapp.certify.credentials.open_badges.tokens import sign_token
from cissapp.certify.credentials.rules.findings import (
    CredentialPart,
    CredentialWorth,
    FindingReason,
)
from cissapp.certify.credentials.rules.status_bits import (
    ListPurpose,
    StatusMessage,
    bits_of_messages,
)
from cissapp.certify.credentials.services import credential_issuer, credentials, status_lists
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import canonical, session, unit_of_work
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.settings import SelfCheckFailed
from tests.factories import NOW

SOON = NOW + timedelta(hours=1)


class StoredLists:
    """The signed lists of the installation, by their address, as a stranger would fetch them."""

    def get(self, address: str, /) -> str | None:
        """Find the newest signed list at an address; None, if there is none."""
        base_url, _, name = address.rpartition("/status/")
        try:
            found = queries.list_named(name)
        except Missing:
            return None
        snapshot = queries.newest_snapshot(found) if found.base_url == base_url else None
        if snapshot is None or snapshot.bits_sha256 != queries.hash_of_bits(
            queries.bits_of_list(found)
        ):
            return None
        return snapshot.text


def worth(certificate: Certificate, at=SOON, lists=None) -> CredentialWorth:
    """Examine both forms as they are stored; they must agree."""
    row = queries.of_certificate(certificate.id)
    assert row
    ring = credential_issuer().ring
    looks = [
        examine(
            one.encode(), ring, lists=lists or StoredLists(), at=at, issuer=credential_issuer().did
        )
        for one in (row.text, row.jwt)
    ]
    assert looks[0].worth is looks[1].worth
    return looks[0].worth


def changed(certificate: Certificate, what, at=SOON, **values) -> None:
    what(certificate, reason="Because.", by=SYSTEM, at=at, **values)


# --- with the certificate ----------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_a_certificate_comes_with_its_credential(context, make):
    certificate = make.certified()

    row = queries.of_certificate(certificate.id)

    assert row
    document = json.loads(row.text)
    assert document["issuer"]["name"] == "ECPAT Moldova"
    assert document["credentialSubject"]["name"] == certificate.school.name
    assert document["credentialSubject"]["id"] == f"urn:uuid:{certificate.id}"
    assert [one["value"] for one in document["credentialSubject"]["result"]] == [
        "2",
        *(f"{level:.2f}" for level in make.MODULE_LEVELS.values()),
    ]
    hashes = {one.get("narrative") for one in document["evidence"]}
    assert f"SHA-256: {certificate.file_sha256}" in hashes
    assert f"SHA-256: {certificate.facts_sha256}" in hashes
    assert worth(certificate) is CredentialWorth.VALID


@pytest.mark.one_database("sqlite")
def test_no_person_is_named(context, make):
    school = make.school()
    head = make.manager(school)
    certificate = make.certified(school)

    row = queries.of_certificate(certificate.id)

    assert row
    assert not [one for one in (head.name, head.email) if one in row.text + row.jwt]


@pytest.mark.one_database("sqlite")
def test_what_it_says_of_the_school_stands_in_english_and_in_the_school_s_language(context, make):
    row = queries.of_certificate(make.certified(make.school(language="uk")).id)

    assert row
    english, own = json.loads(row.text)["description"].split(" / ")
    texts = content().standard.certificate_texts
    assert english.endswith(texts["en"].not_meaning)
    assert own.endswith(texts["uk"].not_meaning)


@pytest.mark.one_database("sqlite")
def test_a_demonstration_says_so(context, make):
    row = queries.of_certificate(make.certified(demo=True).id)

    assert row
    document = json.loads(row.text)
    assert document["name"].startswith("DEMONSTRATION")
    assert document["description"].startswith("DEMONSTRATION")


def test_places_in_lists_are_drawn_and_differ(context, make):
    rows = [queries.of_certificate(make.certified().id) for _ in range(3)]

    places = {one.status_index for one in rows if one}
    assert len(places) == 3
    assert {one.name for one in queries.lists()} == {"message-1"}


def test_a_free_place_is_drawn_again_until_it_is_free():
    asked: list[int] = []

    def taken(index: int) -> bool:
        asked.append(index)
        return len(asked) < 4

    assert credentials.draw_free_place(taken) == asked[3]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    "change",
    [
        None,
        ("key_id", "another"),
        ("file_sha256", "00" * 32),
        ("place", ListPlace("message-9", 200_000)),
        ("place", ListPlace("message-1", 200_000)),
    ],
)
def test_what_was_signed_ahead_is_kept_if_it_still_holds(app, make, monkeypatch, change):
    """The last change is a place that another credential got meanwhile."""
    first, row = make.certified(), make.reserved()
    ahead = {}

    def taken_meanwhile(made, *, at) -> None:
        credentials.sign_ahead(made, at=at)
        forms = credentials._signed_ahead.get()[row.id]
        ahead["text"] = forms.text
        if change:
            credentials._signed_ahead.set({row.id: replace(forms, **dict([change]))})

    monkeypatch.setattr(queries, "taken_places", lambda _list, indexes: {200_000} & set(indexes))
    with app.app_context(), files_made.connected_to(taken_meanwhile):
        finish_reservation(row.id, make.issuer(), at=SOON)
        found = queries.of_certificate(row.id)

        assert (found.text == ahead["text"]) is (change is None)
        assert worth(found.certificate) is CredentialWorth.VALID
        assert found.status_index != 200_000
        assert worth(queries.of_certificate(first.id).certificate) is CredentialWorth.VALID


@pytest.mark.one_database("sqlite")
def test_the_next_list_is_opened_when_three_quarters_are_taken(context, make, monkeypatch):
    make.certified()
    monkeypatch.setattr(status_lists, "FULL", 1)
    second = queries.of_certificate(make.certified().id)

    assert second
    assert [one.name for one in queries.lists_of(second.certificate_id)] == ["message-2"]
    assert worth(second.certificate) is CredentialWorth.VALID


def test_a_credential_that_is_not_what_it_should_be_stops_the_certificate(make, monkeypatch):
    monkeypatch.setattr(credentials, "sign_token", lambda *_args, **_values: "a.b.c")

    with pytest.raises(SelfCheckFailed):
        make.certified()

    with make._unit():
        assert session.query(Credential).count() == 0


# --- status ------------------------------------------------------------------------------------


def test_the_lists_follow_the_register_at_once(context, make):
    certificate, other = make.certified(), make.certified()
    seen = [worth(certificate)]

    changed(certificate, certificates.suspend, cure_days=60)
    seen.append(worth(certificate))
    changed(certificate, certificates.reinstate)
    seen.append(worth(certificate))
    changed(certificate, certificates.suspend, cure_days=60)
    changed(certificate, certificates.withdraw)
    seen.append(worth(certificate))

    assert seen == [
        CredentialWorth.VALID,
        CredentialWorth.SUSPENDED,
        CredentialWorth.VALID,
        CredentialWorth.WITHDRAWN,
    ]
    assert worth(other) is CredentialWorth.VALID


@pytest.mark.one_database("sqlite")
def test_a_replaced_certificate_is_told_from_a_withdrawn_one(context, make):
    school = make.school()
    older = make.certified(school, cycle=1)
    newer = make.certified(school, cycle=2, at=NOW + timedelta(days=1))

    at = NOW + timedelta(days=1, hours=1)

    assert (worth(older, at), worth(newer, at)) == (CredentialWorth.REPLACED, CredentialWorth.VALID)


@pytest.mark.one_database("sqlite")
def test_bits_are_in_no_column_and_follow_from_the_register(context, make):
    certificate = make.certified()
    row = queries.of_certificate(certificate.id)
    assert row
    (status_list,) = queries.lists_of(certificate.id)
    before = queries.bits_of_list(status_list)

    changed(certificate, certificates.suspend, cure_days=60)

    assert before == bits_of_messages({})
    assert queries.bits_of_list(status_list) == bits_of_messages(
        {row.status_index: StatusMessage.SUSPENDED}
    )


@pytest.mark.one_database("sqlite")
def test_a_signed_list_that_disagrees_with_the_register_is_not_given_out(context, make):
    certificate = make.certified()
    (suspension,) = queries.lists_of(certificate.id)
    old = queries.newest_snapshot(suspension)
    assert old
    changed(certificate, certificates.suspend, cure_days=60)
    # Somebody puts the older list on top again.
    values = {name: getattr(old, name) for name in ("list_id", "text", "bits_sha256", "key_id")}
    session.add(StatusSnapshot(**values, signed_at=SOON, valid_until_at=SOON + LASTS))
    session.flush()

    given = services.list_to_serve(suspension, issuer=credential_issuer(), at=SOON)

    assert given != old.text
    assert worth(certificate) is CredentialWorth.UNKNOWN
    lists = {
        f"{one.base_url}/status/{one.name}": services.list_to_serve(
            one, issuer=credential_issuer(), at=SOON
        )
        for one in queries.lists()
    }
    assert worth(certificate, lists=lists) is CredentialWorth.SUSPENDED


def test_lists_are_signed_anew_each_day_and_not_more_often(context, make):
    make.certified()
    counts = [
        services.sign_changed_lists(issuer=credential_issuer(), at=NOW + timedelta(hours=hours))
        for hours in (1, 21, 22, 42)
    ]

    assert counts == [0, 1, 0, 1]


@pytest.mark.one_database("sqlite")
def test_an_old_list_is_signed_for_the_answer_when_days_were_missed(context, make):
    certificate = make.certified()
    late = NOW + timedelta(days=30)
    kept = worth(certificate, late)
    lists = {
        f"{one.base_url}/status/{one.name}": services.list_to_serve(
            one, issuer=credential_issuer(), at=late
        )
        for one in queries.lists()
    }

    assert (kept, worth(certificate, late, lists)) == (
        CredentialWorth.UNKNOWN,
        CredentialWorth.VALID,
    )


@pytest.mark.one_database("sqlite")
def test_without_keys_a_suspension_still_happens_and_the_list_is_not_to_be_had(
    context, make, monkeypatch
):
    certificate = make.certified()

    def gone(_ring: object) -> None:
        raise keys.NoKeys("gone")

    monkeypatch.setattr(status_lists, "list_key", gone)
    changed(certificate, certificates.suspend, cure_days=60)

    assert worth(certificate) is CredentialWorth.UNKNOWN
    with pytest.raises(keys.NoKeys):
        services.list_to_serve(
            queries.lists_of(certificate.id)[0], issuer=credential_issuer(), at=SOON
        )


# --- later -------------------------------------------------------------------------------------


def test_certificates_from_before_get_their_credential(make, monkeypatch):
    monkeypatch.setattr(credentials, "_signing_key", lambda *_args: None)
    certificates_ = [make.certified() for _ in range(3)]
    with make._unit():
        changed(
            session.get_one(Certificate, certificates_[1].id), certificates.suspend, cure_days=9
        )
    monkeypatch.undo()

    counts = []
    for _ in range(3):
        with make._unit():
            counts.append(services.make_missing(issuer=credential_issuer(), at=SOON, limit=2))

    assert counts == [2, 1, 0]
    with make._unit():
        worths = [worth(session.get_one(Certificate, one.id)) for one in certificates_]
    assert worths == [CredentialWorth.VALID, CredentialWorth.SUSPENDED, CredentialWorth.VALID]


@pytest.mark.one_database("sqlite")
def test_a_list_is_read_once_for_all_credentials_that_are_made_later(make, monkeypatch):
    """It is read from all changes of the register, and a night makes thousands."""
    make.certified()
    monkeypatch.setattr(credentials, "_signing_key", lambda *_args: None)
    for _ in range(3):
        make.certified()
    monkeypatch.undo()
    read, bits_of_list = [], queries.bits_of_list
    monkeypatch.setattr(
        queries, "bits_of_list", lambda status_list: read.append(1) or bits_of_list(status_list)
    )

    with make._unit():
        assert services.make_missing(issuer=credential_issuer(), at=SOON) == 3

    assert len(read) == 1


@pytest.mark.one_database("sqlite")
def test_what_is_made_later_is_looked_at_by_the_library(make, monkeypatch):
    monkeypatch.setattr(credentials, "_signing_key", lambda *_args: None)
    certificate = make.certified()
    monkeypatch.undo()

    class WrongForm:
        fill = staticmethod(lambda _texts: b"what the library does not write")

    monkeypatch.setattr(learned_form, "_learn", lambda _shape: WrongForm)
    with pytest.raises(SelfCheckFailed), make._unit():
        services.make_missing(issuer=credential_issuer(), at=SOON)
    with make._unit():
        assert queries.of_certificate(certificate.id) is None


def of_first_edition(certificate: Certificate, like: Certificate) -> Credential:
    """Keep a credential as an older version wrote it, with two entries of status."""
    row = queries.of_certificate(like.id)
    assert row
    lists = [
        StatusList(purpose=purpose, number=1, base_url=credential_issuer().base_url, made_at=NOW)
        for purpose in (ListPurpose.REVOCATION, ListPurpose.SUSPENSION)
    ]
    session.add_all(lists)
    session.flush()
    ring = credential_issuer().ring
    key = ring.by_id(row.key_id)
    assert key
    raw = {name: one for name, one in json.loads(row.text).items() if name != "proof"}
    raw["credentialStatus"] = [
        {
            "id": f"{one.base_url}/status/{one.name}#7",
            "type": "BitstringStatusListEntry",
            "statusPurpose": one.purpose.value,
            "statusListIndex": "7",
            "statusListCredential": f"{one.base_url}/status/{one.name}",
        }
        for one in lists
    ]
    older = Credential(
        certificate=certificate,
        edition=1,
        text=canonical(add_proof(raw, did=credential_issuer().did, ring=ring, key=key, at=NOW)),
        jwt=sign_token(raw, did=credential_issuer().did, ring=ring, key=key, at=NOW),
        key_id=key.id,
        revocation_list_id=lists[0].id,
        revocation_index=7,
        suspension_list_id=lists[1].id,
        suspension_index=7,
        made_at=NOW,
    )
    session.add(older)
    session.flush()
    return older


def test_a_credential_of_the_first_edition_goes_on_beside_the_new_one(context, make):
    certificate = make.certified()
    older = of_first_edition(certificate, certificate)
    services.sign_changed_lists(issuer=credential_issuer(), at=SOON)
    newer = queries.of_certificate(certificate.id)
    assert newer

    def worths() -> list[CredentialWorth]:
        return [
            examine(one.encode(), credential_issuer().ring, lists=StoredLists(), at=SOON).worth
            for one in (older.text, older.jwt, newer.text)
        ]

    before = worths()
    changed(certificate, certificates.withdraw)

    assert newer.edition == EDITION
    assert (before, worths()) == ([CredentialWorth.VALID] * 3, [CredentialWorth.WITHDRAWN] * 3)


@pytest.mark.one_database("sqlite")
def test_certificates_with_the_first_edition_alone_get_the_one_of_now(make, monkeypatch):
    other = make.certified()
    monkeypatch.setattr(credentials, "_signing_key", lambda *_args: None)
    certificate = make.certified()
    monkeypatch.undo()
    with make._unit():
        of_first_edition(session.get_one(Certificate, certificate.id), other)

    with make._unit():
        counts = [
            services.make_missing(issuer=credential_issuer(), at=SOON, limit=9) for _ in range(2)
        ]

    assert counts == [1, 0]
    with make._unit():
        assert [one.edition for one in queries.all_of_certificate(certificate.id)] == [2, 1]
        assert worth(session.get_one(Certificate, certificate.id)) is CredentialWorth.VALID


def test_nothing_of_it_is_ever_changed_or_removed(app, make):
    make.certified()
    for table in (Credential, StatusList, StatusSnapshot):
        for statement in (
            update(table).values({"id": table.id}),
            text(f"DELETE FROM {table.__tablename__}"),
        ):
            with (
                app.app_context(),
                pytest.raises(DBAPIError, match="append-only"),
                unit_of_work(),
            ):
                session.execute(statement)


def test_a_stolen_key_leaves_what_the_register_dates_before(context, make):
    certificate = make.certified()
    ring = credential_issuer().ring
    stolen = keys.Keyring(
        tuple(one.marked(compromised_at=NOW + timedelta(minutes=1)) for one in ring.keys)
    )
    row = queries.of_certificate(certificate.id)
    assert row

    alone, dated = (
        examine(row.text.encode(), stolen, lists=None, at=SOON, signed_at=signed_at)
        for signed_at in (None, certificate.entries[-1].at)
    )

    assert (alone.reason(CredentialPart.KEY), dated.reason(CredentialPart.KEY)) == (
        FindingReason.PERHAPS_AFTER_THEFT,
        FindingReason.IN_KEY_TIME,
    )


def test_the_file_of_the_evidence_is_the_one_in_the_store(context, make):
    import hashlib

    certificate = make.certified()

    content = files().get(certificate.file_key)

    assert hashlib.sha256(content).hexdigest() == certificate.file_sha256


def test_an_unknown_list_is_not_found(context, make):
    make.certified()
    lists = StoredLists()

    asked = [f"http://ciss.example/status/message-{number}" for number in ("1", "2", "01", "x", "")]

    assert [lists.get(one) is not None for one in [*asked, "x", f"{asked[0]}/"]] == [
        True,
        *[False] * 6,
    ]
