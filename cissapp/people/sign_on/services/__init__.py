"""Writes of signing in with the account of an organisation: providers, links, sign-in."""

from cissapp.people.sign_on.services.providers import (
    ProviderFacts,
    add_provider,
    count_unopened,
    remove_provider,
    renew_secret,
    seal_secrets_anew,
    switch_all_off,
    switch_off,
    switch_on,
    try_provider,
)
from cissapp.people.sign_on.services.signing_in import (
    end_link,
    join_with,
    link_account,
    record_refusal,
    sign_in_with,
)

__all__ = [
    "ProviderFacts",
    "add_provider",
    "count_unopened",
    "end_link",
    "join_with",
    "link_account",
    "record_refusal",
    "remove_provider",
    "renew_secret",
    "seal_secrets_anew",
    "sign_in_with",
    "switch_all_off",
    "switch_off",
    "switch_on",
    "try_provider",
]
