"""What kind of device a browser says it runs on: by its name alone, of which nothing else is kept."""

from datetime import datetime, timedelta

# The first sign that is found counts: browsers name those that they descend from, too.
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
# A kind of device that was not used for so long is new again.
REMEMBERED_FOR = timedelta(days=90)


def device_of(user_agent: str) -> str:
    """Return the kind of device of a browser's own name, such as "Firefox on Android"; a part that is not known is "?"."""
    name = user_agent[:LONGEST_NAME]
    return BETWEEN.join((_first(BROWSERS, name), _first(SYSTEMS, name)))


def _first(signs: tuple[tuple[str, str], ...], name: str) -> str:
    return next((shown for sign, shown in signs if sign in name), OTHER)


def is_new_device(
    device: str, *, used: dict[str, datetime], joined_at: datetime, at: datetime
) -> bool:
    """Return whether a person who signs in should be told of this kind of device.

    `used` says when each kind was last used. Nobody is told at the first sign-in after joining, nor while
    nothing but sessions without a kind of device is known of the days that count.
    """
    if not device:
        return False
    since = at - REMEMBERED_FOR
    recent = {kind for kind, moment in used.items() if moment >= since}
    if recent:
        return device not in recent and recent != {""}
    return bool(used) or joined_at < since
