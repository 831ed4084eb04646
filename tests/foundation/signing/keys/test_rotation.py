"""Rotation while certificates are being issued: nothing fails, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

from cissapp.foundation.signing import keys, seal
from tests.certify.certificates.specimen import drawn, facts

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ISSUERS, EACH, ROTATIONS = 4, 12, 8


def test_a_rotation_under_load_fails_no_issue_and_old_certificates_verify(tmp_path: Path):
    keys.create_keys(tmp_path, organisation="ECPAT", at=NOW)
    pdf = drawn(facts())
    begin = Barrier(ISSUERS + 1)

    def issue() -> tuple[str, bytes]:
        held = keys.load(tmp_path)
        key = held.signer_for("MD", NOW)
        content = seal.sign(pdf, ring=held, key=key, reason="", place="")
        key.ed25519.verify(held.sign_credential(key, content), content)
        held.log.public.verify(held.sign_log(content), content)
        return key.id, content

    def issuer() -> list[tuple[str, bytes]]:
        begin.wait()
        return [issue() for _ in range(EACH)]

    def rotate() -> list[str]:
        begin.wait()
        made = []
        for number in range(ROTATIONS):
            at = NOW - timedelta(seconds=ROTATIONS - number)
            group = "MD" if number % 2 else None
            made.append(keys.create_keys(tmp_path, organisation="E", at=at, group=group).id)
        keys.retire(tmp_path, "2026-A", at=NOW)
        return made

    with ThreadPoolExecutor(ISSUERS + 1) as pool:
        issuing = [pool.submit(issuer) for _ in range(ISSUERS)]
        rotating = pool.submit(rotate)
        issued = [one for each in issuing for one in each.result()]
        made = rotating.result()
    last, _content = issue()

    held = keys.load(tmp_path)
    seals = [seal.examine(content, held) for _key, content in issued]
    assert [key.id for key in held.keys if key.group == "MD"] == made[1::2]
    assert len(issued) == ISSUERS * EACH
    assert [one.key.id for one in seals if one.good] == [key_id for key_id, _content in issued]
    assert last == made[-1]


def test_rotations_at_the_same_time_make_a_key_each(tmp_path: Path):
    begin = Barrier(6)

    def rotate(_number: int) -> str:
        begin.wait()
        return keys.create_keys(tmp_path, organisation="ECPAT", at=NOW).id

    with ThreadPoolExecutor(6) as pool:
        made = sorted(pool.map(rotate, range(6)))

    held = keys.load(tmp_path)
    assert made == sorted(key.id for key in held.keys) == [f"2026-{mark}" for mark in "ABCDEF"]
    assert len({key.root for key in held.keys}) == 1
