"""Which version of the criteria a case is under, where a newer one has been published."""

from cissapp.foundation.content.values import Content


def versions_of(version: str, content: Content) -> tuple[str, str] | None:
    """Return the version of a case and the current one; None if they are the same."""
    now = content.standard.rubric.version
    return None if version == now else (version, now)
