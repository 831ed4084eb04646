"""The stores of files: written once, durable before it is said, never outside."""

import os
import urllib.request
import warnings
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.network import bucket as buckets
from cissapp.foundation.core.network.bucket import S3FileStore
from cissapp.foundation.core.storage import LocalStore, StoreAway, store_at


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


def files_under(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def test_a_file_is_read_as_it_was_written(store):
    content = bytes(range(256)) * 4000

    store.put("evidence/ab/cd", content)

    assert store.get("evidence/ab/cd") == content
    assert files_under(store.root) == ["evidence/ab/cd"]


def test_a_long_file_is_written_and_read_without_being_held(store):
    store.put("list", BytesIO(b"first second"))

    with store.open("list") as file:
        assert (file.read(5), file.seek(6), file.read()) == (b"first", 6, b"second")


def test_a_key_is_never_written_twice(store):
    store.put("one", b"first")

    with pytest.raises(FileExistsError):
        store.put("one", b"second")

    assert (store.get("one"), files_under(store.root)) == (b"first", ["one"])


def test_a_file_that_is_not_there_says_so(store):
    with pytest.raises(FileNotFoundError):
        store.get("none")
    with pytest.raises(FileNotFoundError):
        store.open("none")
    store.delete("none")


def test_a_removed_file_is_gone(store):
    store.put("one", b"first")

    store.delete("one")

    assert files_under(store.root) == []


def test_every_file_is_listed_with_its_moment(store):
    store.put("evidence/ab/cd", b"one")
    store.put("uploads/x/1", b"two")
    (store.root / "evidence" / "ab" / ".cd.0123").write_bytes(b"half")

    listed = {one.key: one.stored_at for one in store.stored()}

    assert set(listed) == {"evidence/ab/cd", "uploads/x/1", "evidence/ab/.cd.0123"}
    assert all(abs((clock.now() - at).total_seconds()) < 60 for at in listed.values())


def test_a_store_that_is_not_there_yet_lists_nothing(store):
    assert list(store.stored()) == []


@pytest.mark.parametrize(
    "key",
    ["../outside", "a/../../outside", "/etc/passwd", "a/../..", "..", "./../files-of-others/x"],
)
def test_no_key_leads_out_of_the_store(store, key):
    store.check()
    before = files_under(store.root.parent)

    for use in (lambda: store.put(key, b"x"), lambda: store.get(key), lambda: store.delete(key)):
        with pytest.raises(ValueError, match="a key must not lead out of the store"):
            use()

    assert files_under(store.root.parent) == before


def test_a_link_inside_the_store_leads_nowhere(store, tmp_path):
    store.check()
    (store.root / "link").symlink_to(tmp_path)

    with pytest.raises(ValueError, match="a key must not lead out of the store"):
        store.put("link/outside", b"x")


def test_the_file_is_synced_before_it_gets_its_name_and_the_folder_after(store, monkeypatch):
    done = []
    sync, link = os.fsync, os.link

    def fsync(number):
        what = Path(f"/proc/self/fd/{number}").readlink()
        done.append("folder synced" if what.is_dir() else "file synced")
        sync(number)

    def named(old, new):
        done.append("named")
        link(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", named)

    store.check()
    store.put("ab/cd", b"content")

    # The folder itself, and the one above, in which it is new.
    assert done == ["file synced", "named", "folder synced", "folder synced"]


def test_a_write_that_fails_leaves_no_file(store, monkeypatch):
    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        store.put("ab/cd", b"content")

    with pytest.raises(FileNotFoundError):
        store.get("ab/cd")
    assert files_under(store.root) == []


def test_a_store_that_cannot_be_written_is_no_store(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OSError, match="file"):
        LocalStore(tmp_path / "file" / "below").check()


@pytest.mark.parametrize("url", ["", "files", "s3://", "http://host/x", "file://host"])
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match="must begin with file:/// or s3://bucket"):
        store_at(url)


def test_many_files_at_once_are_all_there(store):
    barrier = Barrier(8)

    def put(number):
        barrier.wait()
        for one in range(10):
            store.put(f"same-folder/{number}-{one}", b"%d" % number)

    threads = [Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(files_under(store.root)) == 80


# --- S3 --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def s3():
    """The address of a server that speaks S3, with one bucket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server_of = pytest.importorskip("moto.server", reason="no S3 server (moto)")
        server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        bucket = urllib.request.Request(f"{address}/bucket", method="PUT")
        urllib.request.urlopen(bucket).close()
        yield address
        server.stop()


@pytest.fixture
def bucket(s3, monkeypatch):
    settings = {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    store = store_at("s3://bucket/country/files")
    assert isinstance(store, S3FileStore)
    yield store
    for key in ("one", "evidence/ab/cd"):
        store.delete(key)


def test_every_object_under_the_prefix_is_listed(bucket):
    bucket.put("evidence/ab/cd", b"one")
    bucket.put("one", b"two")

    listed = {one.key: one.stored_at for one in bucket.stored()}

    assert set(listed) == {"evidence/ab/cd", "one"}
    assert all(abs((clock.now() - at).total_seconds()) < 60 for at in listed.values())
    assert list(store_at("s3://bucket/country/other").stored()) == []


def test_an_object_is_read_as_it_was_written(bucket):
    content = bytes(range(256)) * 4000

    bucket.put("evidence/ab/cd", BytesIO(content))
    bucket.check()

    assert bucket.get("evidence/ab/cd") == content
    with bucket.open("evidence/ab/cd") as file:
        assert (file.read(2), file.seek(255), file.read()) == (b"\0\1", 255, content[255:])
    other = store_at("s3://bucket/another/prefix")
    with pytest.raises(FileNotFoundError):
        other.get("evidence/ab/cd")


def test_a_long_object_is_read_in_pieces_that_have_a_timeout_each(bucket, monkeypatch):
    monkeypatch.setattr(buckets, "PIECE_BYTES", 300_000)
    content, asked = bytes(range(256)) * 4000, []
    bucket.put("one", content)
    bucket.put("evidence/ab/cd", b"")
    may_ask = bucket.outage.may_ask
    monkeypatch.setattr(bucket.outage, "may_ask", lambda: asked.append(1) or may_ask())

    with bucket.open("one") as file:
        assert file.read() == content
    assert len(asked) == 5  # how large it is, and four pieces
    with bucket.open("evidence/ab/cd") as file:
        assert file.read() == b""


def test_an_object_is_never_written_twice(bucket):
    bucket.put("one", b"first")

    with pytest.raises(FileExistsError, match="one"):
        bucket.put("one", b"second")

    assert bucket.get("one") == b"first"


def test_a_taken_key_is_the_same_error_as_on_a_disk(bucket):
    bucket.put("one", b"first")

    with pytest.raises(FileExistsError):
        bucket.put("one", b"second")


class TornFile(BytesIO):
    def read(self, size=-1):
        if self.tell():
            raise OSError("the disk is gone")
        return super().read(size)


def test_of_a_file_that_cannot_be_read_to_its_end_nothing_is_stored(bucket, tmp_path):
    for store in (bucket, LocalStore(tmp_path)):
        with pytest.raises(OSError, match="the disk is gone"):
            store.put("one", TornFile(bytes(6_000_000)))

        with pytest.raises(FileNotFoundError):
            store.get("one")
        assert list(store.stored()) == []


def test_an_object_that_is_not_there_says_so(bucket):
    with pytest.raises(FileNotFoundError):
        bucket.get("none")
    with pytest.raises(FileNotFoundError):
        bucket.open("none")
    bucket.delete("none")


def test_no_key_leads_out_of_the_prefix(bucket):
    with pytest.raises(ValueError, match="illegal character sequence"):
        bucket.put("../one", b"x")


def test_a_bucket_that_is_away_is_an_oserror_and_no_file_looks_lost(bucket):
    for ask in ("check", "get", "open", "put"):
        store = store_at("s3://nobody-has-it/files")
        arguments = {"check": (), "get": ("one",), "open": ("one",), "put": ("one", b"x")}[ask]
        with pytest.raises(StoreAway, match=r"(?s)nobody-has-it: .*bucket does not exist"):
            getattr(store, ask)(*arguments)


def test_the_settings_alone_lead_to_a_store(s3, monkeypatch):
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    settings = {
        "endpoint": s3,
        "region": "us-east-1",
        "access_key_id": "key",
        "secret_access_key": "secret",
    }
    store = store_at("s3://bucket/by-settings", **settings)

    store.put("one", b"first")

    assert store.get("one") == b"first"
    store.delete("one")
    assert list(store.stored()) == []
