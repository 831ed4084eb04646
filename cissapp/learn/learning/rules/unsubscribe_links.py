"""The address that stops reminders: it names the person, is signed, and never ends."""

from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

# No other signed value of ours opens this address, and this one opens no other.
SALT = "learning reminders stop"


def stop_token(user_id: UUID, secret: str) -> str:
    """Write the token of a person; the same one each time."""
    return str(URLSafeSerializer(secret, salt=SALT).dumps(user_id.hex))


def read_stop_token(token: str, *secrets: str) -> UUID | None:
    """Read whom a token names that one of the secrets signed, the newest first; None, if it is not one of ours."""
    try:
        return UUID(hex=URLSafeSerializer(secrets[::-1], salt=SALT).loads(token))
    except (BadData, ValueError, TypeError, AttributeError):
        return None
