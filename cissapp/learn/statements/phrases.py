"""The words of a statement of learning, on the page and in print."""

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.signing.keys import PublicKey
from cissapp.foundation.web.filters import day
from cissapp.learn.statements.document.facts import (
    LearningStatement,
    PrintedStatement,
    StatedModule,
)
from cissapp.learn.statements.rules import NOT_A_CERTIFICATE


def disclaimer() -> str:
    """Return the sentence that says what a statement of learning is not."""
    return str(_(NOT_A_CERTIFICATE))


def column_names() -> tuple[str, ...]:
    """Name the columns of the table."""
    return (_("Module"), _("Passed on"), _("Quiz"), _("Lessons read"), _("Version"))


def module_rows(modules: tuple[StatedModule, ...]) -> tuple[tuple[str, ...], ...]:
    """Write a row of the table for each module."""
    return tuple(
        (
            f"{one.number}. {one.title}",
            day(one.passed_on) if one.passed_on else _("not passed yet"),
            _("%(percent)s %%", percent=one.percent) if one.percent is not None else "–",
            _("%(read)s of %(total)s", read=one.lessons_read, total=one.lessons),
            str(one.version),
        )
        for one in modules
    )


def printed_statement(statement: LearningStatement, key: PublicKey) -> PrintedStatement:
    """Return everything that is printed on the statement."""
    return PrintedStatement(
        title=_("Statement of learning"),
        school=f"{statement.school_name}, {statement.locality}",
        box=statement.says_not,
        lead=_lead(statement),
        head=column_names(),
        rows=module_rows(statement.modules),
        notes=(
            _("Made on %(day)s by %(address)s. It is correct as of this day.",
              day=day(statement.made_at, "UTC"), address=statement.base_url),
            _("Version: the version of the content on this day."),
            _("Signed by %(name)s, key %(key)s. Any change to the file makes the signature invalid.",
              name=key.organisation, key=key.id),
        ),
        demo=_("Demonstration: the person, school and results are invented.")
        if statement.demo
        else None,
    )  # fmt: skip


def _lead(statement: LearningStatement) -> str:
    if not statement.passed:
        return str(
            ngettext(
                "This person has read %(num)d lesson and has not passed a module yet.",
                "This person has read %(num)d lessons and has not passed a module yet.",
                statement.lessons_read,
            )
        )
    return str(
        ngettext(
            "This person has passed %(num)d module of the training for schools.",
            "This person has passed %(num)d modules of the training for schools.",
            statement.passed,
        )
    )
