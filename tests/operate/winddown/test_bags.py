"""The folder of an export: the same bytes from release to release, and read only if whole."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cissapp.operate.winddown.archive.bags import BadBag, BagWriter, opened

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
SEAL = "051f30f25cb08f7013240203156c23d794eaf20fc6d6d55670df72d4b6e7927b"
# As the first release that could export wrote it.
EARLIER = {
    "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    "bag-info.txt": (
        "Bagging-Date: 2026-11-25\nPayload-Oxum: 19.2\nExternal-Identifier: http://ciss.example\n"
    ),
    "data/README.txt": "Прочти\n",
    "data/tables/2.jsonl": "{}\n[]\n",
    "manifest-sha256.txt": (
        "fc77903cb116e52cc8942cf241a8ae24d8f61a77b0ae368841174f5a5c2e8c29  data/README.txt\n"
        "687b42339fb4baae49aafbeb4c83c2ee7b1e4dedfed04dc677b692ced26fa0d8  data/tables/2.jsonl\n"
    ),
    "tagmanifest-sha256.txt": (
        "1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9  bagit.txt\n"
        "b815f54e8f8fcf3297554f02e6f76c84e22a1e15aeae7bd4f82868509c827cf9  bag-info.txt\n"
        "fa7c98ae4f56acbcd87feb78480eda0ef7668b39eb4b2b5dffed893b00133a72  manifest-sha256.txt\n"
    ),
}


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    for name, text in EARLIER.items():
        path = tmp_path / "earlier" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path / "earlier"


def test_an_export_is_written_as_the_earlier_release_wrote_it(tmp_path):
    writing = BagWriter(tmp_path / "out")
    writing.begin()
    writing.write("tables/2.jsonl", [b"{}\n", b"[]\n"])
    writing.write("README.txt", ["Прочти\n".encode()])
    seal = writing.close(at=AT, info={"External-Identifier": "http://ciss.example"})

    written = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_text()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert (seal, written) == (SEAL, EARLIER)


def test_an_export_of_the_earlier_release_is_opened(earlier):
    bag = opened(earlier)

    assert (bag.seal, set(bag.payload)) == (SEAL, {"README.txt", "tables/2.jsonl"})
    assert bag.read("README.txt") == "Прочти\n".encode()
    assert list(bag.lines("tables/2.jsonl")) == [b"{}\n", b"[]\n"]


def linked(folder: Path) -> None:
    """A listed file is a link to one that has the same bytes."""
    (folder / "data/README.txt").rename(folder.with_name("elsewhere"))
    (folder / "data/README.txt").symlink_to(folder.with_name("elsewhere"))


def fewer_tags(folder: Path) -> None:
    path = folder / "tagmanifest-sha256.txt"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def another_version(folder: Path) -> None:
    path = folder / "bagit.txt"
    path.write_text(path.read_text().replace("1.0", "0.97"))


def a_comment(folder: Path) -> None:
    path = folder / "tagmanifest-sha256.txt"
    path.write_text(f"# nothing\n{path.read_text()}")


@pytest.mark.parametrize("damage", [linked, fewer_tags, another_version, a_comment])
def test_what_is_not_as_we_write_it_is_refused(earlier, damage):
    damage(earlier)

    with pytest.raises(BadBag):
        opened(earlier)
