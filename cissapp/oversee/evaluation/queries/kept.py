"""Reads of everybody's answers: counted nightly in a large programme, on each request in a small one."""

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Module
from cissapp.oversee.evaluation.queries.answers import asked_of, bundles
from cissapp.oversee.evaluation.queries.results import scores
from cissapp.oversee.evaluation.rules import AnswerBundle, QuestionFigures, item_of
from cissapp.oversee.evaluation.rules.groups import ResultGroup
from cissapp.people.schools.queries.kept_figures import DatedFigures, kept_or_new
from cissapp.people.schools.rules import KeptKind

Results = list[ResultGroup]
Answers = dict[str, dict[str, list[AnswerBundle]]]


def results(module_id: str | None = None) -> DatedFigures[Results]:
    """Return the results of a module, or of all modules, and when they were counted."""
    dated = kept_or_new(KeptKind.RESULTS, None, Results, lambda: scores(module_id))
    wanted = [one for one in dated.figures if module_id in {None, one.module_id}]
    return DatedFigures(wanted, dated.as_of)


def items(module: Module, question_id: str | None = None) -> DatedFigures[list[QuestionFigures]]:
    """Return the figures of all questions of a module, or of one, and when they were counted."""
    dated = kept_or_new(
        KeptKind.ANSWERS, None, Answers, lambda: {module.id: bundles(module, question_id)}
    )
    found = dated.figures.get(module.id, {})
    return DatedFigures(
        [
            item_of(one.id, found.get(one.id, []), asked_of(one))
            for one in module.questions
            if question_id in {None, one.id}
        ],
        dated.as_of,
    )


def all_answers() -> Answers:
    """Count the answers of all modules; two statements each."""
    return {module.id: bundles(module) for module in content().modules}
