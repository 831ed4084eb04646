"""Guides for everybody, with an account or without."""

from cissapp.foundation.core.errors import N_
from cissapp.people.guide.rules import Guide

ANYBODY = (
    Guide(
        "verify",
        N_("Check a certificate"),
        (
            N_(
                "Type the code below the square on the certificate, or send the PDF file, or a photograph of the certificate."
            ),
            N_("The answer says first whether it is valid today, and then what was checked."),
            N_(
                "Compare the name of the school and the dates with what you have in hand: a copy can be altered, our record cannot."
            ),
            N_(
                "“Could not be checked” does not mean that it is false. Try the code, or try again later."
            ),
        ),
        "verification.verify",
        frozenset({"verification", "verifier", "transparency"}),
    ),
    Guide(
        "meaning",
        N_("What a certificate says, and what not"),
        (
            N_(
                "It says that on the day of the decision the school’s safety policy and its reporting mechanism met the criteria."
            ),
            N_("It never says that a school is safe, and nothing about single people."),
            N_("A school without a certificate may protect children well. The list is no ranking."),
        ),
        "directory.register",
        frozenset({"directory", "verification"}),
    ),
    Guide(
        "child",
        N_("If you are worried about a child"),
        (
            N_(
                "This site takes no reports. The numbers on top of every page reach people who help, also adults."
            ),
            N_("In danger call the police first."),
            N_(
                "Never write about a child here, and upload no picture of anybody: it would be deleted, and the child would not be helped by it."
            ),
        ),
        "home.help_everywhere",
        frozenset({"home"}),
    ),
    Guide(
        "account",
        N_("Your account, your language, your data"),
        (
            N_(
                "Choose the language at the foot of any page. The language of the lessons is chosen on the list of modules."
            ),
            N_(
                "Forgotten your password? “Sign in” has a link that sends a new one to your work address."
            ),
            N_("On a device that others use, sign out when you are done."),
            N_("“Privacy” says what is kept about you, why, and how long."),
        ),
        "home.privacy",
        frozenset({"accounts"}),
    ),
    Guide(
        "typing",
        N_("What you type is kept"),
        (
            N_(
                "Longer forms keep a draft while you type, on your device and with us. Nobody else reads a draft."
            ),
            N_(
                "If the connection is gone, type on: it is kept on your device and saved later. The line beside the button says what is saved."
            ),
            N_("If the same form is open twice, you see both texts and choose."),
        ),
        None,
        frozenset({"drafts"}),
    ),
)
