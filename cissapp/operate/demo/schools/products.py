"""What a demo school has made of the toolkit: two finished products, and a third with its first answer."""

from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.toolkit import services
from cissapp.prepare.toolkit.phrases.filled import fill_product, gather_sayings
from cissapp.prepare.toolkit.services import MadeProduct

MADE = 2


def make_products(school: School, head: User, *, content: Content, at: datetime) -> None:
    """Make the first products whose needs the school has already answered, and begin the next one."""
    said = gather_sayings(school, at.date())
    made = 0
    for product in content.toolkit.products:
        answers: dict[str, object] = dict(product.text(school.language).specimen)
        if made == MADE:
            half = dict(list(answers.items())[:1])
            services.save_answers(school, product, half, by=head, at=at)
            return
        paper = fill_product(said, product, answers, school.language)
        if set(product.key.needs) <= paper.known:
            services.save_answers(school, product, answers, by=head, at=at)
            made_product = MadeProduct(product, school.language, paper.facts)
            services.record_made(school, made_product, by=head, at=at)
            made += 1
