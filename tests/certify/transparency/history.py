"""An invented register with its log, as the files of a private export, and ways to tamper with them."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.rules import merkle, notes
from cissapp.certify.transparency.rules.entries import FORMAT, REPEATED, base64_of, commitment
from cissapp.certify.transparency.rules.notes import Signature, SignedNote
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import Keyring

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
# Numbers of certificates and what happened to them; a bar ends a transaction.
STORY = (
    "1 reserved | 1 issued | 2 reserved | 3 reserved 2 issued | 3 issued | 1 suspended | 2 suspended |"
    " 1 reinstated | 4 reserved | 1 replaced 4 issued | 2 withdrawn | 5 reserved | 5 voided |"
    " 4 suspended | 3 suspended | 4 withdrawn |"
)
Payload = dict[str, Any]


def told(story: str = STORY) -> list[tuple[Payload, bool]]:
    """Give the rows of a register as values, and whether each ends its transaction."""
    words, rows = story.split(), []
    while words:
        number, event, *words = words
        last = words[:1] == ["|"]
        words = words[1:] if last else words
        issued = event not in {"reserved", "voided"}
        rows.append(
            (
                {
                    "format": "ciss-register-2",
                    "number": f"MD-2026-{number:>05}",
                    "event": event,
                    "at": (BEGAN + timedelta(days=len(rows))).isoformat(),
                    "by": None,
                    "facts_sha256": sha256(f"facts {number}".encode()).hexdigest(),
                    "file_sha256": sha256(f"file {number}".encode()).hexdigest()
                    if issued
                    else None,
                },
                last,
            )
        )
    return rows


def salt_of(payload: Payload) -> bytes:
    return sha256(f"salt {payload['number']} {payload['event']}".encode()).digest()


@dataclass
class Files:
    """The files of an export, each a list of its lines."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    checkpoints: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    register: list[dict[str, Any]] = field(default_factory=list)

    def write(self, folder: Path, *, private: bool = True) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        parts = {"entries": self.entries, "checkpoints": self.checkpoints}
        if private:
            parts |= {"events": self.events, "register": self.register}
        for name, lines in parts.items():
            (folder / f"{name}.jsonl").write_text("".join(f"{canonical(one)}\n" for one in lines))
        return folder

    def copy(self) -> "Files":
        return deepcopy(self)

    def last(self) -> str:
        """The last checkpoint."""
        return str(self.checkpoints[-1]["note"])


def checkpoint(ring: Keyring, leaves: list[bytes]) -> str:
    """Sign the tree of these leaf hashes."""
    key = log_keys.key_of_log(ring)
    assert key
    text = notes.Checkpoint(key.name, len(leaves), merkle.root(leaves)).text
    return str(SignedNote(text, (Signature(key.name, key.key_id, ring.sign_log(text.encode())),)))


def built(rows: list[tuple[Payload, bool]], ring: Keyring) -> Files:
    """Make register, entries and checkpoints of a story, as the programme would have."""
    files, previous, leaves = Files(), "0" * 64, []
    for payload, last in rows:
        text = canonical(payload)
        row = {
            "payload": text,
            "previous_hash": previous,
            "hash": sha256(f"{previous}{text}".encode()).hexdigest(),
        }
        files.register.append(row)
        previous = row["hash"]
        if payload["event"] not in {"reserved", "voided"}:
            event = canonical(
                {
                    "format": FORMAT,
                    "row": row["hash"],
                    **{name: payload[name] for name in REPEATED},
                }
            )
            data = commitment(salt_of(payload), event)
            index = len(leaves)
            leaves.append(merkle.leaf_hash(data))
            files.events.append(
                {"index": index, "salt": base64_of(salt_of(payload)), "event": event}
            )
            files.entries.append(
                {"index": index, "data": base64_of(data), "leaf_hash": base64_of(leaves[-1])}
            )
            if last:
                files.checkpoints.append({"note": checkpoint(ring, leaves)})
    return files


def ring_in(folder: Path, organisation: str = "ECPAT for tests") -> Keyring:
    """Keys in a folder, made once."""
    if not keys.exist(folder):
        keys.create_keys(folder, organisation=organisation, at=datetime(2020, 1, 1, tzinfo=UTC))
    return keys.load(folder)


# --- tampering -----------------------------------------------------------------------------------

Change = Callable[[list[tuple[Payload, bool]]], None]
LOGGED = [
    place
    for place, (payload, _last) in enumerate(told())
    if payload["event"] not in {"reserved", "voided"}
]


def _place(index: int) -> int:
    """Give the row of the register that an entry stands for."""
    return LOGGED[index]


def edit(rows: list[tuple[Payload, bool]]) -> None:
    rows[_place(5)][0]["number"] = "MD-2026-00009"


def delete_first(rows: list[tuple[Payload, bool]]) -> None:
    del rows[_place(0)]


def delete_middle(rows: list[tuple[Payload, bool]]) -> None:
    del rows[_place(6)]


def delete_last(rows: list[tuple[Payload, bool]]) -> None:
    del rows[_place(len(LOGGED) - 1)]


def insert(rows: list[tuple[Payload, bool]]) -> None:
    forged = {**rows[_place(3)][0], "number": "MD-2026-00008", "event": "issued"}
    rows.insert(_place(4), (forged, True))


def reorder(rows: list[tuple[Payload, bool]]) -> None:
    one, other = _place(3), _place(4)
    rows[one], rows[other] = rows[other], rows[one]


def back_date(rows: list[tuple[Payload, bool]]) -> None:
    rows[_place(8)][0]["at"] = BEGAN.isoformat()


def swap_hash(rows: list[tuple[Payload, bool]]) -> None:
    one, other = rows[_place(0)][0], rows[_place(2)][0]
    one["file_sha256"], other["file_sha256"] = other["file_sha256"], one["file_sha256"]


def truncate(rows: list[tuple[Payload, bool]]) -> None:
    del rows[_place(9) :]


# What is done, and the first entry that is then not as it was.
KINDS: dict[str, tuple[Change, int]] = {
    "edit": (edit, 5),
    "delete the first": (delete_first, 0),
    "delete one in the middle": (delete_middle, 6),
    "delete the last": (delete_last, len(LOGGED) - 1),
    "insert": (insert, 4),
    "reorder": (reorder, 3),
    "date back": (back_date, 8),
    "swap hashes": (swap_hash, 0),
    "truncate": (truncate, 9),
}
