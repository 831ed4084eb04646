"""Which services a country prints, which await confirmation, and what replaces them."""

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema import FactState, Helpline
from cissapp.foundation.content.values import Content

HELPLINE, HOTLINE, POLICE = "helpline", "hotline", "police"


def to_confirm(pack: CountryPack) -> list[Helpline]:
    """List services that nobody has confirmed yet: for signed-in people of the country, never visitors."""
    return [line for line in pack.file.helplines if line.state is FactState.CONFIRM]


def services_for(content: Content, country_code: str | None) -> list[Helpline]:
    """List the checked services of a country; where it has none, those that help anywhere."""
    pack = content.countries.get(country_code or "")
    return (pack.helplines if pack else []) or list(content.anywhere)


def hotlines_for(content: Content, pack: CountryPack) -> list[Helpline]:
    """List the checked hotlines of a country; where it has none, those that help anywhere."""
    own = [line for line in pack.helplines if line.kind == HOTLINE]
    return own or [line for line in content.anywhere if line.kind == HOTLINE]


def printed_kinds(content: Content, pack: CountryPack) -> set[str]:
    """Return the kinds of services printed for a country: those with a number, or a hotline's address."""
    kinds = {line.kind for line in pack.helplines if line.numbers}
    return kinds | {line.kind for line in hotlines_for(content, pack)}


def printed_numbers(content: Content, pack: CountryPack) -> set[str]:
    """Return the numbers that pages print for people of a country, as a phone dials them."""
    return {dial for line in [*pack.helplines, *content.anywhere] for dial in line.dial}


def every_number(content: Content) -> set[str]:
    """Return the numbers of all packs, as a phone dials them, confirmed or not."""
    return {
        dial
        for pack in content.countries.values()
        for line in pack.file.helplines
        for dial in line.dial
    }
