"""The ZIP file of a bag: its bytes are the same from release to release."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime

from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.review.briefs.archive.bags import BagContents, BagFile, stream_bag, text_file
from cissapp.review.briefs.archive.manifests import Payload

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
INFO = {"Source-Organization": "Scoala  Mare\nOrhei"}


def gone() -> bytes:
    raise DamagedFile


ENTRIES = [
    text_file("z.txt", "last\n"),
    BagFile("a.pdf", lambda: b"%PDF"),
    BagFile("gone.pdf", gone),
    text_file("Ліцей.json", "{}"),
]


def test_the_tag_files_say_what_the_bag_holds():
    with zipfile.ZipFile(
        io.BytesIO(b"".join(stream_bag(BagContents("school", ENTRIES, INFO, AT))))
    ) as bag:
        names = [one.removeprefix("school/") for one in bag.namelist()]
        told = {one: bag.read(f"school/{one}").decode() for one in names}

    assert names == [
        "data/z.txt",
        "data/a.pdf",
        "data/Ліцей.json",
        "data/not-included.txt",
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "manifest-sha512.txt",
        "tagmanifest-sha256.txt",
        "tagmanifest-sha512.txt",
    ]
    assert told["data/not-included.txt"] == "gone.pdf\n"
    assert told["bag-info.txt"] == (
        "Source-Organization: Scoala Mare Orhei\n"
        "Bagging-Date: 2026-11-25\n"
        "Bag-Software-Agent: CISS\n"
        "Payload-Oxum: 20.4\n"
    )
    assert told["manifest-sha256.txt"] == (
        "761d1fb145ca8c7130231412276df60f34dd34554c4d174b973a45e3222475a9  data/z.txt\n"
        "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027  data/a.pdf\n"
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  data/Ліцей.json\n"
        "162027ff03f3d98e3a44ccc41b21ddbd35203f41b49b36fed0fa854641b965e0  data/not-included.txt\n"
    )
    assert told["tagmanifest-sha256.txt"] == (
        "1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9  bagit.txt\n"
        "fd24be9c9ab850b67db1b71376f7c0a9271c549170ed13b01c9fd3c49fe6bcb4  bag-info.txt\n"
        "17f6367f6aa1c63b1904bb03b3ec37254c2dbefd31ba2ea74123a1c4ddc99849  manifest-sha256.txt\n"
        "131c07ffabeb19a3e295793aa52946585b741ee32765bb766ab93e53f180a785  manifest-sha512.txt\n"
    )


def test_a_file_is_noted_once_its_last_piece_is_through():
    payload = Payload(["sha256"])
    pieces = payload.pass_on("a.txt", [b"one", b"two"])

    assert (next(pieces), payload.hashes) == (b"one", {})
    assert (list(pieces), payload.oxum) == ([b"two"], "6.1")
    assert payload.hashes == {"a.txt": (hashlib.sha256(b"onetwo").hexdigest(),)}
