"""Which token (PKCS #11) holds the P-256 part of a key: `<id>.pkcs11.json` in the folder of the keys."""

import json
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from cissapp.foundation.signing.keys import files
from cissapp.foundation.signing.keys.errors import BrokenKeys


class TokenPlace(Struct, frozen=True):
    """The place of a key: the library for the token, the labels, the file with the PIN."""

    library: str
    token_label: str
    key_label: str
    pin_file: str

    def text(self) -> str:
        """Write it for the folder of the keys."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def read(path: Path) -> TokenPlace:
    """Read where a key lies; raise `BrokenKeys`."""
    try:
        files.refuse_exposed(path, secret=False)
        return TokenPlace(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BrokenKeys(f"{path} cannot be read: {error}") from error
