"""What the decision rule gives, with its facts: for the page of the decider."""

from typing import Any

from flask_babel import gettext as _

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Standard
from cissapp.foundation.web import filters
from cissapp.foundation.web.forms import shown
from cissapp.review.reviews import services
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.outcomes import RuleProposal, rule_result
from cissapp.review.reviews.rules.standard import (
    least_means,
    needs_attested,
    obstacles_to_level,
)
from cissapp.review.reviews.services.needs import confirmed_needs
from cissapp.review.reviews.views.blueprint import with_need_name


def shown_proposal(case: Case, standard: Standard) -> dict[str, Any]:
    """Return the proposal as a page shows it: with its facts, what is lacking, and why levels are barred."""
    proposal = services.proposal_for(case.application, case.reviews, content())
    levels, decision = services.combined_scores(case.reviews), standard.decision
    attested = needs_attested(decision, services.recommended_level(case.reviews))
    met = confirmed_needs(case.application.id, attested)
    barred = {
        str(rule.level): [
            shown(with_need_name(one)).text
            for one in obstacles_to_level(
                rule.level, levels, decision, standard.criteria, needs_met=met
            )
        ]
        for rule in decision.levels
    }
    return {
        "proposal": proposal,
        "facts": _facts(proposal, case, standard) if proposal.level else [],
        "lacking": [shown(with_need_name(one)).text for one in proposal.lacking],
        "barred": {level: why for level, why in barred.items() if why},
    }


def _facts(proposal: RuleProposal, case: Case, standard: Standard) -> list[str]:
    """List why the rule gives a level: the critical criteria, and the means with what is needed."""
    decision, level = standard.decision, proposal.level or 0
    rule = rule_result(services.combined_scores(case.reviews), decision, standard.criteria)
    gate = decision.documents
    parts = list(gate.critical_parts)
    for one in decision.levels:
        parts += one.critical_parts if one.level <= level else []
    critical = _(
        "Every critical criterion in %(parts)s is at level %(least)s or above.",
        parts=", ".join(dict.fromkeys(parts)),
        least=gate.critical_at_least,
    )
    means = [
        _(
            "Mean of part %(part)s: %(mean)s (needed: %(least)s).",
            part=part,
            mean=filters.decimal(rule.means[part]),
            least=filters.decimal(least),
        )
        for part, least in sorted(least_means(decision, level).items())
        if part in rule.means
    ]
    return [str(critical), *map(str, means)]
