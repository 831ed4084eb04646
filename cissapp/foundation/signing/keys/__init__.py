"""The keys that certificates are signed with, in a folder that only the service can read.

- `root.pem`: the root that vouches for every issuing key. `root.key.pem`, its private part, belongs on
  another machine; small installations and the demonstration keep it here.
- `2026-A.pem`, `2026-A.key.pem`, `2026-A.ed25519.key.pem`: an issuing key of the installation; of a
  national group it is `MD-2026-A`. P-256 signs PDF files, Ed25519 signs credentials.
- `2026-A.pkcs11.json` in place of `2026-A.key.pem`: the private part is in a token.
- `log.key.pem`: signs the checkpoints of the log.
- `keys.json`: the public parts of all, for anybody who checks a certificate offline.

`keys.json`, format "ciss-keys-2" ("ciss-keys-1" lacks `group`, `credential`, `retired`, `compromised`, `log`):

    {"format": "ciss-keys-2",
     "keys": [{"id": "2026-A", "group": null or "MD", "certificate": PEM, "root": PEM,
               "from": ISO, "until": ISO, "sha256": hex of the certificate's SHA-256,
               "credential": {"publicKeyMultibase": "z6Mk…",
                              "endorsement": {"statement": TEXT, "signature": BASE64 of DER}},
               "retired": ISO or null, "compromised": ISO or null}],
     "log": {"name": "ciss.example/log", "publicKeyMultibase": "z6Mk…", "root": PEM,
             "endorsement": {"statement": TEXT, "signature": BASE64 of DER}}}

An endorsement is signed by the root: ECDSA on P-256 with SHA-256 over the bytes of the statement.
"""

from cissapp.foundation.signing.keys.errors import AwayKeys, BrokenKeys, ExposedKeys, NoKeys
from cissapp.foundation.signing.keys.keys_file import PUBLIC, again, exist, load, load_public, parse
from cissapp.foundation.signing.keys.lifecycle import (
    adopt,
    complete,
    compromised,
    create_keys,
    log_name,
    retire,
    root_beside,
)
from cissapp.foundation.signing.keys.ring import Keyring, LogKey, PublicKey, counts

__all__ = [
    "PUBLIC",
    "AwayKeys",
    "BrokenKeys",
    "ExposedKeys",
    "Keyring",
    "LogKey",
    "NoKeys",
    "PublicKey",
    "adopt",
    "again",
    "complete",
    "compromised",
    "counts",
    "create_keys",
    "exist",
    "load",
    "load_public",
    "log_name",
    "parse",
    "retire",
    "root_beside",
]
