"""Pseudonyms for people whose account was erased, and how their names are found in texts. Pure."""

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from cissapp.foundation.core.roles import Role

# In one language: a pseudonym appears in rows, documents and mails, and must be the same everywhere.
WORDS = {
    Role.SCHOOL_MANAGER: "School member",
    Role.REVIEWER: "Reviewer",
    Role.COORDINATOR: "Coordinator",
    Role.MINISTRY: "Ministry member",
    Role.REGION_OFFICER: "Region officer",
    Role.SECRETARIAT: "Secretariat member",
    Role.GUEST: "Guest",
}
SHORTEST = 4
# Reserved for addresses to which nothing is ever delivered (RFC 2606).
NOWHERE = "erased.invalid"


def pseudonym_of(person_id: UUID, role: Role, others: Collection[str]) -> str:
    """Return a person's pseudonym, such as "Reviewer 7F3A", always the same one for the same account.

    It is longer if `others` already contains it.
    """
    digest = hashlib.sha256(person_id.bytes).hexdigest().upper()
    names = (f"{WORDS[role]} {digest[:length]}" for length in range(SHORTEST, len(digest) + 1))
    return next(name for name in names if name not in others)


def address_of(person_id: UUID) -> str:
    """Return the address that replaces a person's own: no mail server accepts it."""
    return f"{person_id.hex}@{NOWHERE}"


class NamedPerson:
    """A name and an address as they may appear in texts."""

    def __init__(self, name: str, email: str) -> None:
        self.email = email
        words = name.split()
        orders = {" ".join(words), " ".join(reversed(words))} if len(words) == 2 else {name.strip()}
        # A single word is as likely to be an ordinary word as a name.
        self.names = orders if len(words) > 1 else set()

    def searched(self, *, names: bool) -> list[str]:
        """List the spellings to search for in the database."""
        texts = {self.email, *(self._spellings() if names else ())}
        # JSON columns escape quotes; older rows also escape every letter beyond ASCII.
        in_json = {
            json.dumps(one, ensure_ascii=form)[1:-1] for one in texts for form in (True, False)
        }
        return sorted(texts | in_json)

    def _spellings(self) -> Iterator[str]:
        for name in self.names:
            yield from (name, name.upper(), name.lower(), name.title())

    def replaced(self, value: Any, pseudonym: str, *, names: bool) -> Any:
        """Return a value, including nested JSON, with the pseudonym in place of the address and the name."""
        if isinstance(value, str):
            return self._pattern(names=names).sub(pseudonym, value)
        if isinstance(value, list):
            return [self.replaced(part, pseudonym, names=names) for part in value]
        if isinstance(value, dict):
            return {
                self.replaced(key, pseudonym, names=names): self.replaced(
                    part, pseudonym, names=names
                )
                for key, part in value.items()
            }
        return value

    def _pattern(self, *, names: bool) -> re.Pattern[str]:
        whole = [re.escape(self.email)]
        if names:
            whole += [r"\s+".join(map(re.escape, name.split())) for name in sorted(self.names)]
        return re.compile(rf"(?<!\w)(?:{'|'.join(whole)})(?!\w)", re.IGNORECASE)
