"""The contents of a product's page: its state, what it lacks, and how it would be made now."""

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.content.values import Lesson, Module
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.office.filling import places
from cissapp.foundation.office.manuscripts import Logo
from cissapp.people.schools.models import School
from cissapp.people.schools.services import logo_for_papers
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.toolkit import queries
from cissapp.prepare.toolkit.models import ProductAnswer
from cissapp.prepare.toolkit.papers.product_papers import ProductPaper
from cissapp.prepare.toolkit.phrases.filled import SchoolSayings, fill_product, gather_sayings
from cissapp.prepare.toolkit.phrases.products import ShownState, shown_state
from cissapp.prepare.toolkit.phrases.where import MissingValue, missing_values
from cissapp.prepare.toolkit.rules.answers import Answers, fitting, unanswered
from cissapp.prepare.toolkit.rules.making import lacking, offered_languages, state_of
from cissapp.prepare.toolkit.rules.old_papers import is_old
from cissapp.prepare.toolkit.rules.unconfirmed import left_out


class SchoolProduct(Struct, frozen=True, dict=True):
    """A product with a school's details, its saved answers, and its papers and documents by language."""

    school: School
    product: Product
    said: SchoolSayings
    saved: ProductAnswer | None
    papers: Mapping[str, MadePaper]
    documents: Mapping[str, UUID]

    @cached_property
    def offered(self) -> list[str]:
        """The languages in which it can be made, those that pupils read first."""
        agreed = self.said.gathered.agreed
        pupils = agreed.pupil_languages if agreed else []
        every = list(content().languages)
        return offered_languages(pupils, self.school.language, self.product.texts, every)

    def language(self, wanted: str | None) -> str:
        """Return the wanted language of the file, or the first that is offered."""
        return wanted if wanted in self.offered else self.offered[0]

    @property
    def saved_answers(self) -> Answers:
        """The saved answers that are still valid."""
        return fitting(self.product.key.fields, self.saved.answers if self.saved else {})


def gather_product(school: School, product: Product) -> SchoolProduct:
    """Read a school's data for a product, in a constant number of queries."""
    return SchoolProduct(
        school=school,
        product=product,
        said=gather_sayings(school, clock.today()),
        saved=queries.product_answer(school.id, product.id),
        papers=queries.papers_of_product(school.id, product.id),
        documents=queries.product_documents(school.id, product.id),
    )


class FilledProduct(Struct, frozen=True):
    """A product of a school in a language, as it would be made now with these answers."""

    of: SchoolProduct
    language: str
    answers: Answers
    paper: ProductPaper

    @property
    def lacking(self) -> list[str]:
        """The names of missing values of the school and of unanswered own fields that it needs."""
        key = self.of.product.key
        return lacking(key.needs, unanswered(key.fields, self.answers), self.paper.known)

    @property
    def lacking_fields(self) -> list[str]:
        """Those of them that are the product's own fields."""
        own = {one.id for one in self.of.product.key.fields}
        return [one for one in self.lacking if one in own]

    @property
    def lacking_values(self) -> list[MissingValue]:
        """Those of them that the school enters elsewhere, each with its page."""
        return missing_values(self.lacking)

    @property
    def blank_values(self) -> list[MissingValue]:
        """Other values that stay blank until the school enters them, each with its page."""
        lacks = set(self.lacking)
        return missing_values(one for one in self.paper.filled.missing if one not in lacks)

    @property
    def leaves_numbers_out(self) -> bool:
        """Whether a contact is left out because nobody has confirmed it for six months."""
        key = self.of.product.key
        used = {*places(self.of.product.text(self.language).text), *key.needs}
        if key.sheet and key.sheet.fill:
            used.add(key.sheet.fill)
        return bool(left_out(self.of.said.gathered.facts, used, self.of.said.today))

    @property
    def state(self) -> ShownState:
        """The state of the product in this language."""
        made = self.of.papers.get(self.language)
        said = {key: fact.value for key, fact in self.of.said.gathered.facts.items()}
        old = made is not None and is_old(made.facts, said, self.paper.facts)
        answered_at = self.of.saved.saved_at if self.of.saved else None
        made_at = made.made_at if made else None
        return shown_state(state_of(made_at, is_old=old, answered_at=answered_at), made_at)

    @property
    def lesson(self) -> tuple[Module, Lesson | None]:
        """The module and the lesson that make it."""
        module = content().module_by_id[self.of.product.key.module]
        return module, module.lesson(self.of.product.key.lesson)


def filled(of: SchoolProduct, language: str, given: Mapping[str, object]) -> FilledProduct:
    """Fill a product of a school with answers, saved or not, in a language."""
    answers = fitting(of.product.key.fields, given)
    return FilledProduct(
        of, language, answers, fill_product(of.said, of.product, answers, language)
    )


def logo_of(school: School) -> Logo | None:
    """Return the logo of the school's national group for the head of a product; None without one."""
    content_of_logo = logo_for_papers(school.group_id, files())
    return Logo(content_of_logo, school.group.name) if content_of_logo else None
