"""The ZIP file of a bag: its bytes are the same from release to release."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

from cissapp.foundation.core.errors import Missing
from cissapp.prepare.documents.files.stored_files import DamagedFile
from cissapp.review.briefs.archive.bags import BagContents, BagFile, stream_bag, text_file
from cissapp.review.briefs.archive.manifests import Payload

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
INFO = {"Source-Organization": "Scoala  Mare\nOrhei"}


def fails_with(error: type[Exception]) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read


ENTRIES = [
    text_file("z.txt", "last\n"),
    BagFile("a.pdf", lambda: b"%PDF"),
    BagFile("damaged.pdf", fails_with(DamagedFile)),
    BagFile("removed.pdf", fails_with(Missing)),
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
    assert told["data/not-included.txt"] == "damaged.pdf\nremoved.pdf\n"
    assert told["bag-info.txt"] == (
        "Source-Organization: Scoala Mare Orhei\n"
        "Bagging-Date: 2026-11-25\n"
        "Bag-Software-Agent: CISS\n"
        "Payload-Oxum: 35.4\n"
    )
    assert told["manifest-sha256.txt"] == (
        "761d1fb145ca8c7130231412276df60f34dd34554c4d174b973a45e3222475a9  data/z.txt\n"
        "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027  data/a.pdf\n"
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  data/Ліцей.json\n"
        "5f283129a69735b6a2a527ced85be0f31d22087b3470a308cef98c74e6d1f4e1  data/not-included.txt\n"
    )
    assert told["tagmanifest-sha256.txt"] == (
        "1712ecfb074bf29c4188ad3421032509159a09739fd604f8fe57038b4ddefcc9  bagit.txt\n"
        "42f33a124427f434cab2eedfa59820f6730e5e350130ede585341046dbc59a05  bag-info.txt\n"
        "1e1436aeea138e65fb33d46c1a87d5b6d9ab59b790840edd38bfdd5feb9b8e9d  manifest-sha256.txt\n"
        "b0ce0d6dadb2b98218146e5029471e6f00360f9af41fb0d1989a8113ddce6fd2  manifest-sha512.txt\n"
    )


def test_a_file_is_noted_once_its_last_piece_is_through():
    payload = Payload(["sha256"])
    pieces = payload.pass_on("a.txt", [b"one", b"two"])

    assert (next(pieces), payload.hashes) == (b"one", {})
    assert (list(pieces), payload.oxum) == ([b"two"], "6.1")
    assert payload.hashes == {"a.txt": (hashlib.sha256(b"onetwo").hexdigest(),)}
