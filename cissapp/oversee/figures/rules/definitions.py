"""What each figure counts and excludes, its source and time of counting: for page, files and programs."""

from collections.abc import Mapping

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.oversee.figures.rules.columns import DEFINITIONS, NAMES, Column


class Definition(Struct, frozen=True):
    """A figure in words: its name, what it counts, leaves out and claims, its source and when it is counted."""

    name: str
    counts: str
    source: str
    moment: str
    leaves_out: str = ""
    claim: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the definition, in reading order."""
        told = (self.counts, self.leaves_out, self.claim, self.source, self.moment)
        return tuple(sentence for sentence in told if sentence)


NOW = N_("Counted at the time shown. For a month: at the end of the month, in UTC.")
NIGHT = N_("Counted last night. For a month: at the end of the month, in UTC.")
PLACES = N_("Source: the step each school has reached in the programme.")
CERTIFICATES = N_("Source: the public register of certificates.")
HISTORY = N_("Source: the history of each school in the programme.")
DECISIONS = N_("Source: the decisions of the national groups.")
DEADLINES = N_("Source: the deadlines of applications.")
ACCOUNTS = N_("Source: the accounts of the national groups.")
STATISTICS = N_(
    "Source: the state’s own statistics. Their date and origin are shown beside the share."
)

# Whoever reads a figure away from the programme may take "certified" for "safe".
CLAIM = N_(
    "A certificate says that a school’s safety policy and its way to report met the criteria on a date. It never says that a school is safe."
)
SMALL = N_("Hidden where it would reveal a small number of schools.")
COUNTRIES = N_(
    "Shown only for whole countries. Hidden where it would reveal a small number of schools."
)

BY_CERTIFICATE = {
    Column.CERTIFIED,
    Column.LEVEL_1,
    Column.LEVEL_2,
    Column.LEVEL_3,
    Column.EXPIRING,
    Column.EXPIRED,
}
LEFT_OUT = {
    Column.SCHOOLS: N_("Invented schools that reviewers practise with do not count."),
    Column.CERTIFIED: N_("Suspended, withdrawn and expired certificates do not count."),
}

INDICATORS: Mapping[str, Definition] = {
    **{
        column.value: Definition(
            NAMES[column],
            DEFINITIONS[column],
            CERTIFICATES if column in BY_CERTIFICATE else PLACES,
            NOW,
            LEFT_OUT.get(column, ""),
            CLAIM if column is Column.CERTIFIED else "",
        )
        for column in Column
    },
    "not_begun": Definition(N_("Not begun"), N_("The same as “Registered”."), PLACES, NOW),
    "on_the_way": Definition(
        N_("On the way"),
        N_("Schools that have begun the training and have no certificate in force."),
        PLACES,
        NOW,
    ),
    "schools_share": Definition(
        N_("Share of all schools"),
        N_("Certified schools as a share of all schools in the area, rounded down."),
        STATISTICS,
        NOW,
        N_("No share is shown until the number of all schools is confirmed."),
    ),
    "pupils_share": Definition(
        N_("Share of all pupils"),
        N_("Pupils of the certified schools, as recorded in the register today, as a share of all pupils."),
        STATISTICS,
        NIGHT,
        N_("No share is shown until the number of all pupils is confirmed."),
    ),
    "by_month": Definition(
        N_("Certified by month"),
        N_("Schools with a certificate in force at the end of each month, by level."),
        HISTORY,
        N_("Each month is counted once. A correction is published as a new version that says why."),
    ),
    "reasons": Definition(
        N_("Why the number of certified schools changed"),
        N_("Schools that the public list of certified schools has gained and lost since the month compared with, by reason. A school that was lost and certified again counts for both."),
        HISTORY,
        NIGHT,
        N_("Shown for the last twelve months. How many certificates have expired is shown separately only where the expired certificates are shown."),
    ),
    "reached": Definition(
        N_("Schools that reached a step"),
        N_("Schools that have ever reached the step, even if they are at another step now."),
        HISTORY,
        NIGHT,
        SMALL,
    ),
    "median_days": Definition(
        N_("Days between two steps"),
        N_("Half of the schools took this many days or fewer after reaching the previous step."),
        HISTORY,
        NIGHT,
        N_("Not shown for fewer than ten schools, or where it would reveal a small number of schools."),
    ),
    "waiting": Definition(
        N_("Schools at a step now"),
        N_("Schools that are at the step now and have not reached the next one."),
        PLACES,
        NOW,
    ),
    "renewals_begun": Definition(
        N_("Renewals begun"),
        N_("Schools whose certificate expires within 90 days and that have started their next application."),
        HISTORY,
        NIGHT,
        COUNTRIES,
    ),
    "ending": Definition(
        N_("Certificates expiring"),
        N_("Certificates in force, by the month of their last day. A school that has been certified again counts once, with the later date."),
        CERTIFICATES,
        NIGHT,
    ),
    "open_cases": Definition(
        N_("Open cases"),
        N_("Applications that are submitted, under review, or waiting for an answer from the school."),
        PLACES,
        NOW,
    ),
    "reviewers": Definition(
        N_("Reviewers"),
        N_("People who review in the country’s national groups."),
        ACCOUNTS,
        NIGHT,
        N_("Coordinators and guests do not count."),
    ),
    "due": Definition(
        N_("Due in 30 days"),
        N_("Schools for which the national group has a deadline within 30 days, or one that has passed."),
        DEADLINES,
        NIGHT,
        COUNTRIES,
    ),
    "expected": Definition(
        N_("Expected in 90 days"),
        N_("Schools that have finished the training but not submitted, and schools whose certificate expires within 90 days and that have not started again."),
        HISTORY,
        NIGHT,
        COUNTRIES,
    ),
    "to_help": Definition(
        N_("Regions to help"),
        N_("Up to five regions, and up to two for each reason. The reasons are taken in turn, in this order: no school in the programme; in training for over 180 days; waiting for the review for over 60 days; trained for over 90 days and not submitted; a certificate that expires within 90 days; no answer to the review for over 30 days. For each reason, the region with the most such schools comes first. Regions with the same number are taken in order of name."),
        HISTORY,
        NIGHT,
        N_("A number that is too small to be shown does not count as a reason. A region where the programme cannot work now is left out, unless a school there takes part."),
    ),
    "weak": Definition(
        N_("Weak criteria"),
        N_("Share of reviewed schools with a score below 2 on a criterion, from the latest decision on each school and any appeal against it."),
        DECISIONS,
        NIGHT,
        N_("Shown only for whole countries and for ten or more reviewed schools. Scores are added to a criterion once they concern ten more schools, so that no change tells about a single one. A criterion that does not apply to a school does not count for it."),
    ),
}  # fmt: skip
