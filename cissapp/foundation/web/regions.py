"""Fields in which a region is chosen: the regions of the top level, each with those below it in a group."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, groupby, islice
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import Choice  # type: ignore[attr-defined] # the types are of an older version

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.web import filters
from cissapp.foundation.web.languages import in_order_of

Choices = list[tuple[str, str]]


# More than the districts of several countries, fewer than the communities of one.
MOST_OFFERED = 500

ALL_DISTRICTS = _l("%(region)s: all districts")


class RegionField(SelectField):
    """A choice of one region; those of lower levels are grouped under their top-level region.

    The first line of a group is the top-level region itself, worded by `whole`, so that nobody takes it
    for a heading only. The choices stay one flat list of code and name, as those of any other field.
    """

    def __init__(self, *arguments: Any, whole: Any = ALL_DISTRICTS, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.whole = whole

    def pre_validate(self, form: Any) -> None:
        """Refuse a region that is not among the choices; compare codes alone, since there may be 163."""
        if self.validate_choice and all(choice[0] != self.data for choice in self.choices or ()):
            raise ValidationError(_("Choose the region."))

    def has_groups(self) -> bool:
        """Return whether a region has others below it among the choices."""
        return any(str(choice[0]).count("-") > 1 for choice in self.choices or ())

    def iter_groups(self) -> Iterator[tuple[Any, list[Any]]]:
        """Yield the groups with their lines; a region with none below it is in no group."""
        flat = [(str(choice[0]), str(choice[1])) for choice in self.choices or ()]
        for _top, found in groupby(flat, key=lambda choice: top_of(choice[0])):
            (code, name), *below = found
            if not below:
                yield None, [self._line(code, name)]
                continue
            whole = self._line(code, str(self.whole) % {"region": name})
            yield name, [whole, *(self._line(*one) for one in below)]

    def _line(self, code: str, name: str) -> Any:
        return Choice(value=code, label=name, selected=code == self.data, render_kw={})


def top_of(code: str) -> str:
    """Return the code of the top-level region of a region."""
    return "-".join(code.split("-")[:2])


def region_choices(
    packs: Iterable[CountryPack], language: str, *, within: Collection[str] | None = None
) -> Choices:
    """List the regions that are in force by name, each followed by those below it.

    With several countries each stands after its country. `within` keeps those of some codes, and the
    regions above them.
    """
    by_name = in_order_of(language)
    named = sorted(((pack.name(language), pack) for pack in packs), key=lambda one: by_name(one[0]))
    choices: Choices = []
    for country, pack in named:
        before = f"{country} – " if len(named) > 1 else ""
        kept = None if within is None else {above for one in within for above in pack.path(one)}
        for code in _in_order(pack, pack.top(), language):
            if kept is None or code in kept:
                choices.append((code, before + pack.region_name(code, language)))
                choices += _below(pack, code, language, kept)
    return choices


def filter_choices(
    packs: Iterable[CountryPack],
    language: str,
    chosen: str | None,
    *,
    within: Collection[str] | None = None,
) -> Choices:
    """List the regions to filter a list by: all, or the upper levels of many and those around the chosen one.

    Around it are the regions that it is part of, and those directly below it or one of them, unless these are
    too many as well; so each region can be reached by choosing one after the other, or by its name in a search.
    The chosen one is always among them, even if a reform ended it or `within` has none of its kind: a saved
    filter or a link must not widen to everything. `within` is as in `region_choices`.
    """
    packs = list(packs)
    own = next((pack for pack in packs if chosen in pack.regions), None)
    if own is None or chosen is None:
        return _offered(packs, language, None, within)
    choices = _offered(packs, language, chosen, None if within is None else {*within, chosen})
    return with_ended(choices, own, chosen, language)


def _offered(
    packs: list[CountryPack], language: str, chosen: str | None, within: Collection[str] | None
) -> Choices:
    """List the regions in force that a filter offers."""
    known = None
    if within is not None:
        known = {above for pack in packs for one in within for above in pack.path(one)}
    if sum(len(pack.regions) for pack in packs) <= MOST_OFFERED or (
        known is not None and len(known) <= MOST_OFFERED
    ):
        return region_choices(packs, language, within=within)
    offered = {code for level in offered_levels(_levels(packs, known)) for code in level}
    for pack in packs:
        if chosen and chosen in pack.regions:
            path = pack.path(chosen)
            few = (level for level in map(pack.ever_below, path) if len(level) <= MOST_OFFERED)
            around = {*path, *chain.from_iterable(few)}
            offered |= around if known is None else around & known
    return region_choices(packs, language, within=offered)


def offered_levels(levels: Iterable[Iterable[str]]) -> Iterator[list[str]]:
    """Yield the levels of regions from the top while there are few regions; the first in any case.

    Of one that is not offered, no more is read than shows it.
    """
    offered = 0
    for level in levels:
        codes = list(islice(level, max(MOST_OFFERED + 1 - offered, 0)) if offered else level)
        offered += len(codes)
        if offered > MOST_OFFERED and offered > len(codes):
            return
        yield codes


def _levels(packs: list[CountryPack], known: Collection[str] | None) -> Iterator[Iterator[str]]:
    """Yield those regions in force of each level that are known; None: all are."""
    level = [(pack, code) for pack in packs for code in pack.ever_below("")]
    while level:
        yield (
            code for pack, code in level if (known is None or code in known) and pack.in_force(code)
        )
        level = [(pack, lower) for pack, code in level for lower in pack.ever_below(code)]


def _below(
    pack: CountryPack, code: str, language: str, kept: Collection[str] | None, before: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the regions below a region; at deeper levels each name includes those between."""
    # One with thousands below it may have none that is kept.
    wanted = [one for one in pack.ever_below(code) if kept is None or one in kept]
    in_force = [one for one in wanted if pack.in_force(one)]
    for lower in _in_order(pack, in_force, language):
        name = before + pack.region_name(lower, language)
        yield lower, name
        yield from _below(pack, lower, language, kept, f"{name}, ")


def _in_order(pack: CountryPack, codes: list[str], language: str) -> list[str]:
    if len(codes) < 2:  # most have none below them
        return codes
    by_name = in_order_of(language)
    return sorted(codes, key=lambda code: by_name(pack.region_name(code, language)))


def with_ended(choices: Choices, pack: CountryPack, code: str, language: str) -> Choices:
    """Add a region that is not in force, so that the form does not silently choose another or none."""
    region = pack.regions.get(code)
    if region is None or any(code == known for known, _name in choices):
        return choices
    name = pack.region_name(code, language)
    if region.until_on is None:
        return [*choices, (code, name)]
    return [
        *choices,
        (code, _("%(region)s, until %(day)s", region=name, day=filters.day(region.until_on))),
    ]
