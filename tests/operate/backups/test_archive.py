"""The file of a backup: written and read as a stream, opened by its keys alone, and refused if a byte is another one."""

import io
import tarfile
from base64 import b64decode
from pathlib import Path

import pytest

from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.archive.places import FolderPlace, place_of
from cissapp.operate.backups.archive.tar_stream import PieceReader, Source, archive_of, members_of
from cissapp.operate.backups.rules import BadBackup
from cissapp.operate.backups.services.checking import check, read_again
from tests.foundation.core.test_storage import bucket, s3
from tests.operate.backups.test_rules import MANIFEST

__all__ = ["bucket", "s3"]

CONTENT = {
    "settings.env": b"A=1\n",
    "files/ab/" + "д" * 90: bytes(range(256)) * 9000,
    "files/e": b"",
}


def written(content: dict[str, bytes] = CONTENT, manifest=None) -> bytes:
    sources = [Source(name, len(data), [data]) for name, data in content.items()]

    def told(members) -> bytes:
        from msgspec.structs import replace

        return replace(manifest or MANIFEST, members=tuple(members)).text.encode()

    return b"".join(archive_of(sources, told))


@pytest.fixture(scope="module")
def identity():
    return encryption.new_identity()


@pytest.fixture(scope="module")
def encrypted(identity) -> bytes:
    to = io.BytesIO()
    encryption.encrypt(iter([written()]), to, [identity.to_public()])
    return to.getvalue()


def test_it_is_a_tar_for_others_too():
    with tarfile.open(fileobj=io.BytesIO(written())) as tar:
        found = {one.name: tar.extractfile(one).read() for one in tar}

    assert {name: found[name] for name in CONTENT} == CONTENT
    assert list(found)[-1] == "manifest.json"


def test_what_was_encrypted_is_read_again(encrypted, identity):
    other = encryption.new_identity()

    found = check(io.BytesIO(encrypted), [other, identity])

    assert [one.name for one in found.manifest.members] == list(CONTENT)
    assert found == check(io.BytesIO(written()), [])
    assert not any(name.encode() in encrypted for name in ("settings.env", "manifest"))
    taken = {}
    read_again(
        io.BytesIO(encrypted),
        [identity],
        found.manifest,
        lambda one: taken.update({one.name: b"".join(one.pieces())}),
    )
    assert taken == CONTENT


def test_another_key_or_none_opens_nothing(encrypted):
    with pytest.raises(BadBackup, match="encrypted for other keys"):
        check(io.BytesIO(encrypted), [encryption.new_identity()])
    with pytest.raises(BadBackup, match="--identity"):
        check(io.BytesIO(encrypted), [])


@pytest.mark.parametrize("at", [30, 200, 500, 70_000, -300_000, -1])
def test_a_changed_byte_is_found_wherever_it_is(encrypted, identity, at):
    broken = bytearray(encrypted)
    broken[at] ^= 1

    with pytest.raises(BadBackup):
        check(io.BytesIO(bytes(broken)), [identity])


@pytest.mark.parametrize("left", [0, 10, 100, 300, 70_000, -300_000, -1])
def test_a_file_that_ends_too_early_is_found(encrypted, identity, left):
    with pytest.raises(BadBackup):
        check(io.BytesIO(encrypted[:left]), [identity])


@pytest.mark.parametrize("left", [0, 512, 5000, 100_000, -1024 - 512])
def test_an_open_one_that_ends_too_early_is_found(left):
    with pytest.raises(BadBackup):
        check(io.BytesIO(written()[:left]), [])


def test_what_was_changed_or_leads_elsewhere_is_found():
    plain = written()
    at = plain.index(b"A=1\n")

    for other in (
        plain[:at] + b"A=2\n" + plain[at + 4 :],
        written({**CONTENT, "files/../up": b""}),
        written({**CONTENT, "etc/passwd": b""}),
    ):
        with pytest.raises(BadBackup):
            check(io.BytesIO(other), [])


def test_a_link_in_it_is_refused():
    to = io.BytesIO()
    with tarfile.open(fileobj=to, mode="w") as tar:
        link = tarfile.TarInfo("files/a")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    to.seek(0)

    with pytest.raises(BadBackup, match="does not belong in one"):
        list(members_of(to))


def test_it_changed_between_two_looks(identity):
    manifest = check(io.BytesIO(written()), []).manifest
    other = written({**CONTENT, "settings.env": b"A=2\n"})

    with pytest.raises(BadBackup, match="changed while it was being read"):
        read_again(io.BytesIO(other), [], manifest, list[object]().append)


def test_what_grows_while_it_is_read_is_no_backup():
    sources = [Source("files/a", 3, [b"four"])]

    with pytest.raises(BadBackup, match="files/a changed"):
        encryption.encrypt(
            archive_of(sources, lambda _members: b""),
            io.BytesIO(),
            [encryption.new_identity().to_public()],
        )


def test_pieces_are_read_as_a_file():
    assert PieceReader(iter([b"ab", b"", b"cde"])).read() == b"abcde"


# The word "nothing", encrypted with the passphrase and the least work that the format knows: the library takes
# seconds of work, each time, and lets nobody choose.
CLOSED = b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBQcHBxU24ydXQyM1Zyc3JUcHIyTjJnIDEKZ2tOMFZlNjRZ"
    "K0ZodjNiTnIreFd0bmszaGRKTWIyUGtCZTcwQ21VTU9acwotLS0gS0ZqTVcxclF5UENJZGNub3EySm5KampWbE8w"
    "ZTlHS0tITzlpYmx6djRlVQoXa0x+gjSvE3xFOiH0rSytLTrmu4NV3e/DxaEKmaS8kWxAa9EqtM0="
)


def test_a_key_with_a_passphrase(identity):
    text = encryption.identity_text(identity)
    closed = encryption.with_passphrase(text, "six random words")

    assert encryption.needs_passphrase(closed)
    assert not encryption.needs_passphrase(text)
    found = encryption.read_identities(closed, "six random words")
    assert [str(one) for one in found] == [str(identity)]
    with pytest.raises(BadBackup, match="passphrase"):
        encryption.read_identities(CLOSED, "another")
    with pytest.raises(BadBackup, match="no age key"):
        encryption.read_identities(CLOSED, "six random words")
    for no_key in (b"", b"nothing", b"AGE-SECRET-KEY-1", b"\xff"):
        with pytest.raises(BadBackup):
            encryption.read_identities(no_key)
    with pytest.raises(BadBackup, match="not an age public key"):
        encryption.read_recipients(["ssh-ed25519 AAAA"])


# --- places --------------------------------------------------------------------------------------


def test_a_name_appears_only_when_the_file_is_whole(tmp_path):
    place = FolderPlace(tmp_path)

    with pytest.raises(RuntimeError), place.writing("ciss-20261128T033712Z.age") as file:
        file.write(b"half")
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".ciss-20261127T033712Z.age.part").write_bytes(b"of a run that was killed")
    with place.writing("ciss-20261128T033712Z.age") as file:
        file.write(b"whole")
    (found,) = tmp_path.iterdir()
    assert (found.name, found.stat().st_mode & 0o777) == ("ciss-20261128T033712Z.age", 0o600)
    assert [one.size for one in place.names()] == [5]
    with pytest.raises(BadBackup, match="already exists"), place.writing(found.name):
        pass


def test_a_disk_without_room_is_told_before(tmp_path):
    with pytest.raises(BadBackup, match="are needed"):
        FolderPlace(tmp_path).room_for(1 << 60)


@pytest.mark.parametrize(
    ("to", "folder", "name"),
    [("/b", "/b", None), ("/b/x.age", "/b", "x.age"), ("/b/x.tar", "/b", "x.tar")],
)
def test_a_folder_or_a_file(to, folder, name):
    place, found = place_of(to, {})

    assert (place.folder, found) == (Path(folder), name)


def test_a_bucket_has_a_backup_once_it_is_whole(bucket):
    place, name = place_of("s3://bucket/of/backups", {})
    content = bytes(range(256)) * 50_000  # more than one part
    assert (name, place.names()) == (None, [])
    place.room_for(1)

    with pytest.raises(RuntimeError), place.writing("ciss-20261127T033712Z.age") as file:
        file.write(content)
        raise RuntimeError
    assert place.names() == []
    with place.writing("ciss-20261128T033712Z.age") as file:
        file.write(content)

    assert [(one.name, one.size) for one in place.names()] == [
        ("ciss-20261128T033712Z.age", len(content))
    ]
    with place.reading("ciss-20261128T033712Z.age") as file:
        assert b"".join(iter(lambda: bytes(file.read(100_000)), b"")) == content
    one, found = place_of("s3://bucket/of/backups/ciss-20261128T033712Z.age", {})
    assert (found, len(one.names())) == ("ciss-20261128T033712Z.age", 1)
    place.delete("ciss-20261128T033712Z.age")
    assert place.names() == []
    with pytest.raises(BadBackup, match="The backup store"), place.reading("ciss-none.age") as file:
        file.read(1)


def test_a_second_backup_leaves_the_file_of_the_first_alone_and_removes_what_a_killed_one_left(
    tmp_path,
):
    place, left = FolderPlace(tmp_path), tmp_path / ".ciss-20260101T000000Z.age.part"
    left.touch()

    with place.writing("ciss-20260102T000000Z.age") as first:
        with place.writing("ciss-20260103T000000Z.age") as second:
            second.write(b"second")
        with (
            pytest.raises(BadBackup, match="Another backup is being made"),
            place.writing("ciss-20260102T000000Z.age"),
        ):
            pass
        first.write(b"first")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "ciss-20260102T000000Z.age": b"first",
        "ciss-20260103T000000Z.age": b"second",
    }
