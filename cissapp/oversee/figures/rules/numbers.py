"""Thresholds: what counts as long, as many and as soon."""

from cissapp.oversee.figures.rules.measures import Need, Step
from cissapp.people.schools.rules import Progress

# A school at one step for longer than this counts among those that need help.
LONG_DAYS = {
    Need.LONG_TRAINING: 180,
    Need.WAITING_FOR_REVIEW: 60,
    Need.NOT_SUBMITTED: 90,
    Need.OPEN_QUESTIONS: 30,
}
WAITS_AT = {
    Need.LONG_TRAINING: (Progress.IN_TRAINING,),
    Need.WAITING_FOR_REVIEW: (Progress.SUBMITTED, Progress.IN_REVIEW),
    Need.NOT_SUBMITTED: (Progress.TRAINED,),
    Need.OPEN_QUESTIONS: (Progress.CHANGES_REQUESTED,),
}
# A school has reached a step if it was ever at one of these places.
REACHED_BY = {
    Step.IN_TRAINING: tuple(one for one in Progress if one is not Progress.REGISTERED),
    Step.SUBMITTED: (
        Progress.SUBMITTED,
        Progress.IN_REVIEW,
        Progress.CHANGES_REQUESTED,
        Progress.DECIDED,
    ),
    Step.IN_REVIEW: (Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.DECIDED),
}
DUE_DAYS = 30
# A median or a share of fewer schools says more about one school than about a country.
SCHOOLS_LEAST = 10
TO_HELP_MOST = 5
EACH_MOST = 2
# A certificate that was renewed early ends later than the usual 24 months from now.
MONTHS_AHEAD = 36
# Reasons of changes are kept for a year and the month that has begun.
MONTHS_BACK = 13
WEAK_BELOW = 2
