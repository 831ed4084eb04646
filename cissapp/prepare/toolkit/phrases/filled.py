"""A product with the school's details, as it would be made now, and as a specimen of an invented school."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.office.filling import Value
from cissapp.people.schools.models import School
from cissapp.prepare.facts.queries import GatheredFacts, gather, tables_of, values_in
from cissapp.prepare.plan import queries as plan_queries
from cissapp.prepare.plan.models import PlannedAction
from cissapp.prepare.policy.queries.drafts import stand_in_of
from cissapp.prepare.toolkit.papers.product_papers import (
    Around,
    ProductPaper,
    rows_of_block,
    write_product,
)
from cissapp.prepare.toolkit.phrases.actions import table_of_actions, value_of_table
from cissapp.prepare.toolkit.phrases.answers import values_of_answers
from cissapp.prepare.toolkit.phrases.invented import INVENTED_DAY, values_of_invented_school

ACTIONS = "actions"


class SchoolSayings(Struct, frozen=True):
    """The details of a school and the actions of its plan, read once per page."""

    gathered: GatheredFacts
    actions: list[PlannedAction]
    today: date


def gather_sayings(school: School, today: date) -> SchoolSayings:
    """Read the details of a school, in a constant number of queries."""
    return SchoolSayings(gather(school), plan_queries.actions(school.id), today)


def fill_product(
    said: SchoolSayings, product: Product, answers: Mapping[str, object], language: str
) -> ProductPaper:
    """Fill a product with the school's details, in a language."""
    tables = {
        **tables_of(said.gathered, language, said.today),
        ACTIONS: table_of_actions(said.actions, language),
    }
    actions = value_of_table(tables[ACTIONS])
    values = {
        **stand_in_of(said.gathered),
        **values_in(said.gathered, language, said.today),
        **({ACTIONS: actions} if actions else {}),
        **values_of_answers(product, answers, language),
    }
    school = said.gathered.school
    around = replace(_around(school.name, said.today, language), country_code=school.country_code)
    sheet = product.key.sheet
    block = tables.get(sheet.fill) if sheet and sheet.fill else None
    if sheet is None or block is None:
        return write_product(product, language, values, around)
    rows = rows_of_block(sheet, block.columns, block.rows)
    return write_product(product, language, values, around, rows=rows, row_facts=block.facts)


def _around(school: str, today: date, language: str, across: str = "") -> Around:
    with force_locale(language):
        total = str(_("Total"))
    written = format_date(today, format="d MMMM y", locale=language)
    return Around(lines=(school,), foot=f"{school} · {written}", across=across, total=total)


def fill_specimen(product: Product, language: str) -> ProductPaper:
    """Fill a product for an invented school, with a “Specimen” watermark on each page."""
    words, language = product.text(language), product.language(language)
    values: dict[str, Value] = {
        **values_of_invented_school(language),
        **values_of_answers(product, _specimen_answers(product, words.specimen), language),
    }
    with force_locale(language):
        across, school = str(_("Specimen")), str(_("School No. 4 (invented)"))
    around = _around(school, INVENTED_DAY, language, across)
    return write_product(product, language, values, around, rows=words.examples)


def _specimen_answers(product: Product, specimen: Mapping[str, str]) -> dict[str, object]:
    """Return the answers of the invented school; several options are separated by commas."""
    several = {one.id for one in product.key.fields if one.kind == "choices"}
    return {
        name: [part.strip() for part in said.split(",")] if name in several else said
        for name, said in specimen.items()
    }
