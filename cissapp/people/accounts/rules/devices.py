"""The kind of device, from the browser's user agent alone, of which nothing else is kept."""

from datetime import datetime, timedelta

# The first match counts: browsers also name those that they descend from.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Chromium", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
LONGEST_NAME = 400
OTHER = "?"
BETWEEN = " on "
# A kind of device that was not used for this long counts as new again.
REMEMBERED_FOR = timedelta(days=90)


def device_of(user_agent: str) -> str:
    """Return the kind of device of a user agent, such as "Firefox on Android", with "?" for unknown parts."""
    name = user_agent[:LONGEST_NAME]
    return BETWEEN.join((_first(BROWSERS, name), _first(SYSTEMS, name)))


def _first(signs: tuple[tuple[str, str], ...], name: str) -> str:
    return next((shown for sign, shown in signs if sign in name), OTHER)


def is_new_device(
    device: str, *, used: dict[str, datetime], joined_at: datetime, at: datetime
) -> bool:
    """Return whether a person who signs in should be told of this kind of device.

    `used` maps each kind to when it was last used. Nobody is told at the first sign-in after joining, nor
    if all recent sessions lack a kind of device.
    """
    if not device:
        return False
    since = at - REMEMBERED_FOR
    recent = {kind for kind, moment in used.items() if moment >= since}
    if recent:
        return device not in recent and recent != {""}
    return bool(used) or joined_at < since
