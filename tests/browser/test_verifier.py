"""The page that checks without a connection, opened as a file, with the network off."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from json import dumps, loads
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from cissapp.certify.certificates.rules import RegisterEvent, in_groups
from cissapp.certify.credentials.open_badges.baking import bake_png, bake_svg
from cissapp.foundation.signing.keys import Keyring
from cissapp.foundation.web.languages import NAMES
from cissapp.verify.verification.checking.offline import check_offline
from cissapp.verify.verification.checking.offline_sources import OfflineSources
from cissapp.verify.verification.checking.snapshots import read_snapshot
from cissapp.verify.verifier.services.snapshot import KeyMark
from tests.browser.conftest import CHROMIUM, WIDTHS
from tests.verify.verification.forgeries import forgeries
from tests.verify.verifier.bench import (
    BASE,
    ISSUED,
    NOW,
    TAKEN,
    Bench,
    Issued,
    after,
    apart,
    changed,
    credential,
    issued,
    proof,
    ring,
)

REFUSED = {"altered", "not_ours"}


def packed(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(dumps(value).encode()).decode().rstrip("=")


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("verifier")
    return Bench(folder, ring(folder / "keys"))


def offline(given: bytes, by: Keyring, snapshot: str) -> str:
    """What the command line says of the same file with the same keys and the same snapshot."""
    known = OfflineSources(by, read_snapshot(snapshot, by))
    found = apart(check_offline, given, known, at=NOW, expiring_days=90)
    return str(found.answer.value)


class Desk:
    """A browser without network that has the page open."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda one: self.asked.append(one.url))
        page.on("pageerror", lambda one: self.errors.append(str(one)))
        page.on("console", lambda one: one.type == "error" and self.errors.append(one.text))

    def open(self, path: Path, at: datetime = NOW) -> "Desk":
        self.page.clock.set_fixed_time(at)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-ready=yes]")
        return self

    def drop(self, **files: bytes | str) -> dict[str, str]:
        """Give files, named with `__` for the point; gives the answer of each."""
        payload = [
            {
                "name": name.replace("__", "."),
                "mimeType": "application/octet-stream",
                "buffer": content if isinstance(content, bytes) else content.encode(),
            }
            for name, content in files.items()
        ]
        self.page.evaluate("document.getElementById('list').replaceChildren()")
        self.page.set_input_files("#files", payload)
        self.page.wait_for_selector("#list > [data-answer]")
        return self.answers()

    def answers(self) -> dict[str, str]:
        cards = self.page.locator("#list > [data-answer]").all()
        return {one.get_attribute("data-name"): one.get_attribute("data-answer") for one in cards}

    def said(self) -> str:
        return str(self.page.locator("#results").inner_text())


@pytest.fixture
def desk(chromium: Any) -> Iterator[Callable[..., Desk]]:
    contexts = []

    def opened(path: Path, at: datetime = NOW, **options: Any) -> Desk:
        context = chromium.new_context(locale="en-GB", offline=True, **options)
        contexts.append(context)
        return Desk(context.new_page()).open(path, at)

    yield opened
    for context in contexts:
        context.close()


def test_valid_expired_suspended_withdrawn_and_replaced_are_told_apart(bench: Bench, desk) -> None:
    events = {
        "valid": RegisterEvent.ISSUED,
        "suspended": RegisterEvent.SUSPENDED,
        "reinstated": RegisterEvent.REINSTATED,
        "withdrawn": RegisterEvent.WITHDRAWN,
        "replaced": RegisterEvent.REPLACED,
    }
    made = {name: issued(bench.ring, number) for number, name in enumerate(events, 1)}
    made["expired"] = issued(
        bench.ring,
        9,
        decided_on=(NOW - timedelta(days=800)).date(),
        valid_from_on=(NOW - timedelta(days=800)).date(),
        valid_until_on=(NOW - timedelta(days=1)).date(),
    )
    made["last_day"] = issued(bench.ring, 10, valid_until_on=NOW.date())
    rows = [after(one, events.get(name, RegisterEvent.ISSUED)) for name, one in made.items()]
    snapshot = bench.snapshot(*rows)
    page = desk(bench.page(snapshot))

    answers = page.drop(**{f"{name}__pdf": one.pdf for name, one in made.items()})

    assert answers == {
        "valid.pdf": "valid",
        "suspended.pdf": "suspended",
        "reinstated.pdf": "valid",
        "withdrawn.pdf": "withdrawn",
        "replaced.pdf": "replaced",
        "expired.pdf": "expired",
        "last_day.pdf": "expiring",
    }
    assert answers == {
        f"{name}.pdf": offline(one.pdf, bench.ring, snapshot) for name, one in made.items()
    }
    assert page.errors == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


def test_what_is_newer_than_the_list_or_not_in_it_is_not_called_valid(bench: Bench, desk) -> None:
    listed = issued(bench.ring, 1)
    newer = issued(bench.ring, 2, decided_on=TAKEN.date())
    page = desk(bench.page(bench.snapshot(listed.known)))

    answers = page.drop(newer__pdf=newer.pdf, never__pdf=issued(bench.ring, 3).pdf)

    assert answers == {"newer.pdf": "unknown", "never.pdf": "unknown"}
    assert "the certificate is newer than the list of 26 November 2026" in page.said()
    assert "this certificate is not in the list of" in page.said()


@pytest.mark.parametrize(
    ("days", "answer", "sentence"),
    [
        (31, "valid", "not suspended or withdrawn, as of 26 November 2026"),
        (32, "unknown", "that is too long ago to count today"),
        (-3, "unknown", "which is too early, so it is wrong"),
        (732, "expired", "The school may renew the certificate within 90 days"),
        (900, "expired", "this period has ended, by this device’s clock"),
    ],
)
def test_a_list_grows_old_and_a_clock_may_be_wrong(
    bench: Bench, desk, days: int, answer: str, sentence: str
) -> None:
    one = issued(bench.ring)
    page = desk(bench.page(bench.snapshot(one.known)), NOW + timedelta(days=days))

    assert page.drop(a__pdf=one.pdf) == {"a.pdf": answer}
    assert sentence in page.said()


def test_a_renewal_waits_for_its_first_day(bench: Bench, desk) -> None:
    one = issued(bench.ring, valid_from_on=(NOW + timedelta(days=9)).date())
    page = desk(bench.page(bench.snapshot(one.known)))

    assert page.drop(a__pdf=one.pdf) == {"a.pdf": "upcoming"}


def test_no_forgery_is_accepted(bench: Bench, desk, tmp_path: Path) -> None:
    one = issued(bench.ring)
    theirs = ring(tmp_path / "theirs")
    made = apart(forgeries, one.pdf, one.facts, bench.ring, theirs)
    for place in range(60, len(one.pdf), len(one.pdf) // 150):
        flipped = bytearray(one.pdf)
        flipped[place] ^= 1 << (place % 8)
        made[f"bit {place}"] = bytes(flipped)
    page = desk(bench.page(bench.snapshot(one.known)))

    names = {f"{place}__pdf": content for place, content in enumerate(made.values())}
    answers = page.drop(genuine__pdf=one.pdf, **names)

    assert answers.pop("genuine.pdf") == "valid"
    assert len(answers) == len(made) > 190
    known_as = dict(zip((f"{place}.pdf" for place in range(len(made))), made, strict=True))
    wrong = {known_as[name]: said for name, said in answers.items() if said not in REFUSED}
    assert wrong == {}
    assert page.errors == []


def test_another_file_under_the_same_code_is_altered_though_our_key_signed_it(
    bench: Bench, desk
) -> None:
    one, better = issued(bench.ring), issued(bench.ring, level=3)
    page = desk(bench.page(bench.snapshot(one.known)))

    assert page.drop(better__pdf=better.pdf) == {"better.pdf": "altered"}


def test_a_key_in_other_hands_counts_for_what_the_register_knew_before(
    tmp_path: Path, desk
) -> None:
    bench = Bench(tmp_path, ring(tmp_path / "keys"))
    early, late, unlisted = (issued(bench.ring, number) for number in (1, 2, 3))
    key = bench.ring.newest().marked(compromised_at=ISSUED + timedelta(hours=1))
    stolen = Bench(tmp_path, replace(bench.ring, keys=(key,)))
    rows = early.known, replace(late.known, issued_at=ISSUED + timedelta(hours=2))
    page = desk(stolen.page(stolen.snapshot(*rows)))

    answers = page.drop(early__pdf=early.pdf, late__pdf=late.pdf, un__pdf=unlisted.pdf)

    assert answers == {"early.pdf": "valid", "late.pdf": "not_ours", "un.pdf": "unknown"}


def test_no_thief_writes_a_credential_under_the_code_of_a_certificate(tmp_path: Path, desk) -> None:
    bench = Bench(tmp_path, ring(tmp_path / "keys"))
    one = issued(bench.ring)
    better = Issued(replace(one.facts, school_name="Another School"), one.pdf, one.known)
    linked, token = credential(better, bench.ring)
    key = bench.ring.newest().marked(compromised_at=ISSUED + timedelta(hours=1))
    stolen = Bench(tmp_path, replace(bench.ring, keys=(key,)))
    page = desk(stolen.page(stolen.snapshot(one.known)))

    answers = page.drop(a__pdf=one.pdf, a__json=linked, a__jwt=token)

    assert answers == {"a.pdf": "valid", "a.json": "unknown", "a.jwt": "unknown"}


def test_a_newer_list_tells_of_a_stolen_key_and_of_what_was_withdrawn(bench: Bench, desk) -> None:
    one, two = issued(bench.ring, 1), issued(bench.ring, 2)
    page = desk(bench.page(bench.snapshot(one.known, two.known)))
    marks = [KeyMark(key.id, None, ISSUED) for key in bench.ring.keys]
    later = TAKEN + timedelta(hours=3)
    newer = bench.snapshot(
        after(one, RegisterEvent.WITHDRAWN), two.known, taken_at=later, keys=tuple(marks)
    )

    before = page.drop(one__pdf=one.pdf, two__pdf=two.pdf)
    taken = page.drop(snapshot__json=newer, one__pdf=one.pdf, two__pdf=two.pdf)

    assert before == {"one.pdf": "valid", "two.pdf": "valid"}
    assert taken == {"snapshot.json": "snapshot", "one.pdf": "withdrawn", "two.pdf": "not_ours"}


def test_a_list_that_the_log_did_not_sign_counts_for_nothing(
    bench: Bench, desk, tmp_path: Path
) -> None:
    one = issued(bench.ring)
    withdrawn = bench.snapshot(after(one, RegisterEvent.WITHDRAWN))
    better = changed(
        withdrawn, lambda raw: raw["statuses"].update(loads(bench.snapshot(one.known))["statuses"])
    )
    foreign = Bench(tmp_path, ring(tmp_path / "theirs")).snapshot(
        one.known, taken_at=TAKEN + timedelta(hours=1)
    )

    inside = desk(bench.page(better)).drop(a__pdf=one.pdf)
    dropped = desk(bench.page(withdrawn)).drop(s__json=foreign, a__pdf=one.pdf)

    assert inside == {"a.pdf": "unknown"}
    assert dropped == {"s.json": "unknown", "a.pdf": "withdrawn"}


# --- credentials ---------------------------------------------------------------------------------


def test_both_forms_of_a_credential_and_its_badges_are_checked(bench: Bench, desk) -> None:
    one = issued(bench.ring)
    linked, token = credential(one, bench.ring)
    page = desk(bench.page(bench.snapshot(one.known)))

    answers = page.drop(
        a__pdf=one.pdf,
        a__json=linked,
        a__jwt=token,
        a__svg=bake_svg('<svg xmlns="http://www.w3.org/2000/svg"></svg>', linked),
        a__png=bake_png(picture(), linked),
    )

    assert answers == dict.fromkeys(["a.pdf", "a.json", "a.jwt", "a.svg", "a.png"], "valid")
    assert "the credential names exactly this file" in page.said()
    assert page.errors == []


def test_a_credential_that_was_changed_or_is_by_others_is_refused(
    bench: Bench, desk, tmp_path: Path
) -> None:
    one = issued(bench.ring)
    linked, token = credential(one, bench.ring)
    foreign, foreign_token = credential(one, ring(tmp_path / "theirs"))
    head, body, mark = token.split(".")
    made = {
        "name__json": linked.replace("Lyceum No. 4", "Lyceum No. 5"),
        "until__json": linked.replace("2028-11-25T23", "2038-11-25T23"),
        "term__json": changed(linked, lambda raw: raw.update(rank="first")),
        "alias__json": changed(linked, lambda raw: raw.update({"https://a.example/b": "c"})),
        "twice__json": linked[:-1] + ',"name":"Another"}',
        "issuer__json": linked.replace("did:web:ciss.example", "did:web:other.example"),
        "key__json": foreign,
        "noproof__json": changed(linked, lambda raw: raw.pop("proof")),
        "key__jwt": foreign_token,
        "mark__jwt": f"{head}.{body}.{'B' if mark[0] != 'B' else 'C'}{mark[1:]}",
        "none__jwt": f"{packed({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "body__jwt": f"{head}.{packed({**loads(unpacked(body)), 'name': 'x'})}.{mark}",
        "iss__jwt": token.replace(head, packed({"alg": "EdDSA", "typ": "JWT", "kid": "x"})),
    }
    page = desk(bench.page(bench.snapshot(one.known)))

    answers = page.drop(**made)

    assert len(answers) == len(made)
    assert {name: said for name, said in answers.items() if said not in REFUSED} == {}


def test_a_credential_is_worth_what_its_certificate_is(bench: Bench, desk) -> None:
    one = issued(bench.ring)
    linked, token = credential(one, bench.ring)
    snapshot = bench.snapshot(after(one, RegisterEvent.SUSPENDED))
    page = desk(bench.page(snapshot))
    given = {"a.json": linked, "a.jwt": token}

    answers = page.drop(a__json=linked, a__jwt=token)

    assert answers == dict.fromkeys(given, "suspended")
    assert answers == {
        name: offline(text.encode(), bench.ring, snapshot) for name, text in given.items()
    }


# --- the log -------------------------------------------------------------------------------------


def test_a_proof_of_the_log_is_checked_with_its_certificate(
    bench: Bench, desk, tmp_path: Path
) -> None:
    one = issued(bench.ring)
    genuine = proof(one, bench.ring, RegisterEvent.ISSUED)
    ended = proof(one, bench.ring, RegisterEvent.ISSUED, RegisterEvent.WITHDRAWN)
    foreign = proof(one, bench.ring, RegisterEvent.ISSUED, of=ring(tmp_path / "theirs"))
    salt = changed(genuine, lambda raw: raw["events"][0].update(salt="A" * 43 + "="))
    moved = changed(genuine, lambda raw: raw["events"][0].update(index=6))
    waiting = changed(genuine, lambda raw: raw.update(checkpoint=None))
    page = desk(bench.page(bench.snapshot(one.known)))

    found = [
        page.drop(a__pdf=one.pdf, p__json=text)["a.pdf"]
        for text in (genuine, ended, foreign, salt, moved, waiting)
    ]

    assert found == ["valid", "withdrawn", "unknown", "unknown", "unknown", "unknown"]
    assert page.drop(p__json=genuine) == {"p.json": "unknown"}


# --- the page itself -----------------------------------------------------------------------------


def test_a_code_alone_is_never_called_valid(bench: Bench, desk) -> None:
    one, gone = issued(bench.ring, 1), issued(bench.ring, 2)
    page = desk(bench.page(bench.snapshot(one.known, after(gone, RegisterEvent.WITHDRAWN))))

    def ask(code: str) -> str:
        page.page.fill("#code", code)
        page.page.press("#code", "Enter")
        page.page.wait_for_selector(f"#list > [data-name='{code}']")
        return page.answers()[code]

    asked = [in_groups(one.facts.code).lower(), f"{BASE}/verify/{gone.facts.code}", "123"]
    assert [ask(code) for code in asked] == ["unknown", "withdrawn", "not_ours"]


@pytest.mark.parametrize("language", list(NAMES))
@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_page_is_whole_in_every_language(
    bench: Bench, desk, check, language: str, width: str
) -> None:
    one = issued(bench.ring)
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    page = desk(bench.page(bench.snapshot(one.known)), viewport=size)

    page.page.select_option("#language", language)
    page.drop(a__pdf=one.pdf)
    page.page.click("details.narrow > summary")
    page.page.foreign = []

    assert page.page.get_attribute("html", "lang") == language
    check(page.page)


def test_without_javascript_it_says_what_it_needs(bench: Bench, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()

    page.goto(bench.page(bench.snapshot()).as_uri())

    assert page.locator("#needed p").count() == len(NAMES)
    assert page.locator("#work").is_hidden()
    context.close()


def test_a_browser_without_cryptography_calls_nothing_valid(bench: Bench, desk) -> None:
    one = issued(bench.ring)
    path = bench.page(bench.snapshot(one.known))
    page = desk(path)
    page.page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")

    page.open(path)

    assert page.drop(a__pdf=one.pdf) == {"a.pdf": "unknown"}
    assert "this browser does not support cryptography" in page.said()


def test_old_browsers_without_linked_data_say_take_the_token(bench: Bench, desk) -> None:
    one = issued(bench.ring)
    linked, token = credential(one, bench.ring)
    page = desk(bench.page(bench.snapshot(one.known)))

    page.page.evaluate("delete window.jsonld; window.jsonld = undefined")

    assert page.drop(a__json=linked, a__jwt=token) == {"a.json": "unknown", "a.jwt": "valid"}
    assert "Use the JWT form" in page.said()
