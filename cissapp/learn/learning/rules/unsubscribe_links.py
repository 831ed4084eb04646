"""The address that stops reminders: it identifies the person, is signed, and never expires."""

from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

# Keeps values signed for other purposes from working here, and this one from working elsewhere.
SALT = "learning reminders stop"


def stop_token(user_id: UUID, secret: str) -> str:
    """Return the token of a person, which is the same each time."""
    return str(URLSafeSerializer(secret, salt=SALT).dumps(user_id.hex))


def read_stop_token(token: str, *secrets: str) -> UUID | None:
    """Return the id of the person a token names; None unless one of the secrets, newest first, signed it."""
    try:
        return UUID(hex=URLSafeSerializer(secrets[::-1], salt=SALT).loads(token))
    except (BadData, ValueError, TypeError, AttributeError):
        return None
