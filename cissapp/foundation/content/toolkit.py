"""The toolkit as the application uses it: clauses, questions and products with their words by language."""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from cissapp.foundation.content.languages import ENGLISH, Translated
from cissapp.foundation.content.schema.toolkit import (
    ClauseKey,
    ClauseWords,
    ElementWords,
    FieldWords,
    PolicyQuestionKey,
    ProductKey,
    ProductWords,
)


class PolicyQuestion(Translated[FieldWords], Struct, frozen=True):
    """A question of the policy studio."""

    key: PolicyQuestionKey
    texts: Mapping[str, FieldWords]

    @property
    def id(self) -> str:
        """The permanent id."""
        return self.key.id


class Clause(Translated[ClauseWords], Struct, frozen=True):
    """A clause of the library."""

    key: ClauseKey
    texts: Mapping[str, ClauseWords]

    @property
    def id(self) -> str:
        """The permanent id."""
        return self.key.id

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that it serves, each once, in the order of its elements."""
        return tuple(dict.fromkeys(one.partition(".")[0] for one in self.key.elements))


class Product(Translated[ProductWords], Struct, frozen=True):
    """A file that readers take away from a lesson."""

    key: ProductKey
    texts: Mapping[str, ProductWords]

    @property
    def id(self) -> str:
        """The permanent id."""
        return self.key.id


class Toolkit(Struct, frozen=True, dict=True):
    """The contents of `modules/toolkit/`; empty if the folder is missing.

    `sections` are in the order of a policy; `elements` are the parts of level 2 of a criterion, under names
    such as `A3.deputy`. The words of both are by language.
    """

    version: str = ""
    sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: tuple[PolicyQuestion, ...] = ()
    elements: Mapping[str, Mapping[str, ElementWords]] = field(default_factory=dict)
    clauses: tuple[Clause, ...] = ()
    products: tuple[Product, ...] = ()

    @cached_property
    def clause_by_id(self) -> dict[str, Clause]:
        """The clauses by id."""
        return {one.id: one for one in self.clauses}

    @cached_property
    def product_by_id(self) -> dict[str, Product]:
        """The products by id."""
        return {one.id: one for one in self.products}

    @cached_property
    def product_by_lesson(self) -> dict[tuple[str, str], Product]:
        """The products by module and lesson."""
        return {(one.key.module, one.key.lesson): one for one in self.products}

    def section(self, section_id: str, language: str) -> str:
        """Return the title of a section in the language, or in English."""
        words = self.sections[section_id]
        return words.get(language) or words[ENGLISH]

    def element(self, element_id: str, language: str) -> ElementWords:
        """Return the words of an element in the language, or in English."""
        words = self.elements[element_id]
        return words.get(language) or words[ENGLISH]

    def elements_of(self, criterion_id: str) -> list[str]:
        """List the elements of a criterion by their full names."""
        return [one for one in self.elements if one.partition(".")[0] == criterion_id]
