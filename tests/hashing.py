"""Hashes the passwords of the tests in no time: what a hash costs is one test's matter, not that of each sign-in."""

from argon2 import PasswordHasher

from cissapp.people.accounts.services import passwords

# What the application hashes with: `tests/people/accounts/test_passwords.py` looks at it.
SERIOUS: list[PasswordHasher] = []


def make_cheap() -> None:
    """Let this process hash with as little work as there is."""
    if SERIOUS:
        return
    SERIOUS.append(passwords._hasher)
    passwords._hasher = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
