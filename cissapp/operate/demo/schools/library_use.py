"""What demo schools adopt from the policy library and which products they make: enough for group counts."""

from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.documents.queries import documents
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.facts.services import record_paper
from cissapp.prepare.policy.rules.clauses import Audience, ClauseChoice
from cissapp.prepare.policy.services import choose_clause
from cissapp.prepare.policy.services.clauses import ClauseFacts, take_printed
from cissapp.prepare.policy.services.texts import touch_draft

TAKEN = ("scope-people", "risks-four", "code-never", "bodies-map")
CHANGED, LEFT_OUT = "code-consequences", "risks-signs"
OWN_WORDS = N_(
    "Anyone who breaks this code speaks to the head in the same week, and the founder is told in writing."
)
REASON = N_("The school council wanted one shorter list of signs in the lessons instead.")
PRODUCTS_AT_MOST = 5


def use_library(school: School, head: User, number: int, *, content: Content, at: datetime) -> None:
    """Adopt some clauses, change or leave out one, and make some products; `number` varies the choice."""
    toolkit = content.toolkit
    known = toolkit.clause_by_id
    taken = [known[one] for one in TAKEN if one in known]
    take_printed(school, taken, school.language, by=head, at=at)
    draft = touch_draft(school, by=head, at=at)
    draft.document_id, draft.taken_at = documents(school.id)[0].id, at
    if number % 3 == 0 and LEFT_OUT in known:
        facts = ClauseFacts(ClauseChoice.LEFT_OUT, reason=in_language(REASON, school.language))
        choose_clause(school, known[LEFT_OUT], facts, frozenset(), by=head, at=at)
    if number % 2 == 0 and CHANGED in known:
        own = {Audience.ADULTS.value: in_language(OWN_WORDS, school.language)}
        facts = ClauseFacts(ClauseChoice.CHANGED, own=own, language=school.language)
        choose_clause(school, known[CHANGED], facts, frozenset(), by=head, at=at)
    for product in toolkit.products[: 1 + number % PRODUCTS_AT_MOST]:
        record_paper(school, PaperKind.PRODUCT, product.id, school.language, {}, by=head, at=at)
