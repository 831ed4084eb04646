"""Writes the folder for mirrors: page, snapshot, keys, checkpoint and sums."""

import hashlib
from datetime import date, datetime
from pathlib import Path

from cissapp.certify.transparency import queries as log
from cissapp.foundation.signing.keys.keys_file import published
from cissapp.verify.verifier.page.assembly import assemble_page
from cissapp.verify.verifier.rules import PageSource
from cissapp.verify.verifier.services.snapshot import current_snapshot

VERIFY, SNAPSHOT, KEYS = "verify.html", "snapshot.json", "keys.json"
CHECKPOINT, SUMS, README = "checkpoint.txt", "SHA256SUMS", "README.txt"


def publish_mirror(source: PageSource, folder: Path, *, at: datetime) -> dict[str, int]:
    """Write everything that a mirror needs; return the size of each file in bytes."""
    text = current_snapshot(source, at=at)
    checkpoint = log.checkpoint()
    made = {
        VERIFY: assemble_page(source, text),
        SNAPSHOT: text,
        KEYS: published(source.ring),
        CHECKPOINT: log.published_note(checkpoint) if checkpoint else "",
        README: readme(source, at.date()),
    }
    contents = {name: content.encode() for name, content in made.items()}
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items()
    )
    contents[SUMS] = sums.encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        _replace(folder / name, content)
    return {name: len(content) for name, content in contents.items()}


def _replace(path: Path, content: bytes) -> None:
    """Replace a file atomically: a reader gets either the old or the new one, complete."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def readme(source: PageSource, day: date) -> str:
    """Render the text on what the folder is and how to mirror it."""
    return README_TEXT.format(
        base_url=source.base_url, day=day.isoformat(), days=source.valid_for_days
    )


README_TEXT = """\
How to check CISS certificates without us
=========================================

Made on {day} at {base_url}.

verify.html     Checks certificates (PDF), credentials (JSON, JWT, badges) and proofs of the log.
                Save it, open it with a double click. It needs no internet and sends nothing.
snapshot.json   What stood in the register on that day. It is inside verify.html already.
                A newer one can be dropped on an older verify.html.
keys.json       The public keys. They are inside verify.html already.
checkpoint.txt  The signed head of the public log on that day.
SHA256SUMS      Check the files with: sha256sum -c SHA256SUMS

To mirror: copy the whole folder to any web server or share, once a week is enough.
Serve it as plain files; nothing is executed. Do not change verify.html: its policy names the hash
of each script in it, and the snapshot is signed.
A snapshot calls nothing valid that is older than {days} days; what was withdrawn stays withdrawn.

Compare the first line of SHA256SUMS with one that you have from another place, such as
{base_url}/verifier or another mirror of the same day, before you rely on a copy.
"""
