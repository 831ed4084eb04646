"""Guides for ministries, region officers and the secretariat."""

from cissapp.foundation.core.errors import N_
from cissapp.people.guide.rules import Guide

MINISTRY = (
    Guide(
        "figures",
        N_("Read the figures"),
        (
            N_(
                "The page counts schools: how many are in the programme, how many are certified, and how far the others have got."
            ),
            N_(
                "The map shows the share of certified schools in each region. The table and the file to download have the same figures."
            ),
            N_(
                "“What each figure means” is below the table. Every file has the same definitions and the date of the count."
            ),
            N_(
                "You do not see scores, documents or a ranking of schools. The names of certified schools are public."
            ),
            N_(
                "A ministry sees its whole country, a region officer the region with its districts, and the secretariat every country. You may publish all figures that you see: give their date."
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
                "A dash hides a number of five or fewer, so that nobody can tell which school is meant. It can also stand for zero."
            ),
            N_(
                "Some dashes hide a larger number from which a small one could be worked out. Totals and certified schools are always shown."
            ),
        ),
        "oversight.start",
        frozenset({"oversight"}),
    ),
    Guide(
        "office-accounts",
        N_("Get an account for a colleague, or for another region"),
        (
            N_(
                "The secretariat makes the accounts of ministries and regions. Ask the person who invited you. Give your colleague’s name, work email address, and country or region."
            ),
            N_(
                "Nobody shares an account. If someone leaves your office, ask for their account to be closed."
            ),
            N_(
                "If a reform ends your region, the secretariat can change the region of your account. You keep your password."
            ),
        ),
        None,
        frozenset({"oversight"}),
    ),
)

SECRETARIAT = (
    Guide(
        "programme",
        N_("Set up a country and a national group"),
        (
            N_(
                "A country needs its content pack: regions, helplines and rules. Then add the country and its national group."
            ),
            N_(
                "Invite a coordinator and at least two reviewers. With fewer people, nobody can review and decide independently."
            ),
            N_(
                "Go through the country’s open points with the group before you invite the first school."
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
                "Choose people who had nothing to do with the case. Those you cannot choose are listed with the reason."
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
                "Only the secretariat can withdraw a certificate. The reason is kept, the school is told, and the public log shows the date."
            ),
            N_(
                "A certificate is never changed. If its details are wrong, it is withdrawn, and the school gets a new one once it is certified again."
            ),
        ),
        None,
        frozenset({"certificates"}),
    ),
    Guide(
        "translations",
        N_("See how far the translations have got"),
        (
            N_(
                "For each language, the page lists what is translated, what is out of date, and what a native editor has read."
            ),
            N_(
                "Translators work with their own tools. What they send is checked, and rows with errors are listed."
            ),
        ),
        "translation.overview",
        frozenset({"translation"}),
    ),
)
