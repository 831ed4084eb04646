"""Guides for ministries, region officers and the secretariat."""

from cissapp.foundation.core.errors import N_
from cissapp.people.guide.rules import Guide

MINISTRY = (
    Guide(
        "figures",
        N_("Read the figures"),
        (
            N_(
                "The page counts schools: how many are in the programme, how many are certified, and where the others are on the way."
            ),
            N_(
                "The map shows the share of certified schools of each region. The table has the same figures, and so has the file to download."
            ),
            N_(
                "“What each figure means” stands below the table. Every file carries the same definitions and the day of counting."
            ),
            N_(
                "You see no scores, no documents and no ranking of a school. The names of certified schools are public."
            ),
        ),
        "oversight.start",
        frozenset({"oversight"}),
    ),
    Guide(
        "small-figures",
        N_("Why a figure is hidden"),
        (
            N_(
                "A dash hides a number below five, so that nobody can tell which school is meant. It can stand for nought too."
            ),
            N_(
                "Some dashes hide a larger number, from which a small one could be worked out. Totals and certified schools are always shown."
            ),
        ),
        "oversight.start",
        frozenset({"oversight"}),
    ),
)

SECRETARIAT = (
    Guide(
        "programme",
        N_("Open a country and a national group"),
        (
            N_(
                "A country needs its pack of content: regions, help lines, rules. Then add the country, and its national group."
            ),
            N_(
                "Invite a coordinator and at least two reviewers. With fewer people nobody can review and decide independently."
            ),
            N_(
                "Go through the open points of the country with the group before the first school is invited."
            ),
        ),
        "enrolment.admin",
        frozenset({"enrolment"}),
    ),
    Guide(
        "panel",
        N_("Name a panel for an appeal"),
        (
            N_(
                "Choose people who had nothing to do with the case. Who cannot is listed with the reason."
            ),
            N_("The panel hears both sides and decides. Its decision is final in the programme."),
        ),
        "appeals.cases",
        frozenset({"appeals"}),
    ),
    Guide(
        "withdraw",
        N_("Withdraw a certificate"),
        (
            N_(
                "Only the secretariat withdraws. The reason is kept, the school is told, and the public log shows the day."
            ),
            N_("A certificate with wrong details is replaced, not withdrawn."),
        ),
        None,
        frozenset({"certificates"}),
    ),
    Guide(
        "translations",
        N_("See how far the translations are"),
        (
            N_(
                "The page lists for each language what is translated, what is out of date, and what a native editor has read."
            ),
            N_(
                "Translators work with their own tools; what they send is checked, and rows with faults are named."
            ),
        ),
        "translation.overview",
        frozenset({"translation"}),
    ),
)
