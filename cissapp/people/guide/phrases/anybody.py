"""Guides for everybody, with an account or without, and for a school that has none yet."""

from cissapp.foundation.core.errors import N_
from cissapp.people.guide.rules import Guide

NEWCOMER = (
    Guide(
        "join",
        N_("Your school wants to join"),
        (
            N_("Ask for an invitation with the school’s own email address. It takes five minutes."),
            N_(
                "Open the link that we send to that address, and confirm. The national group then invites you, or explains why not."
            ),
            N_(
                "Two people learn: the head or a deputy, and the designated person for child protection. Plan about four hours each, whenever it suits you."
            ),
            N_(
                "The school then describes its policy and how to report: about five hours of work, which you can share and interrupt at any time."
            ),
            N_(
                "The national group reviews it and writes to you. If something is missing, you learn what and by when, and you can submit again."
            ),
        ),
        "joining.ask",
        frozenset({"joining"}),
    ),
)

ANYBODY = (
    Guide(
        "verify",
        N_("Check a certificate"),
        (
            N_(
                "Enter the code that is printed beside the square on the certificate, or send the PDF file or a photo of the certificate."
            ),
            N_("The answer says first whether it is valid today, and then what was checked."),
            N_(
                "Compare the school’s name and the dates with your copy. A copy can be altered, but our record cannot."
            ),
            N_(
                "“Could not be checked” does not mean that the certificate is false. Try the code, or try again later."
            ),
        ),
        "verification.verify",
        frozenset({"verification", "verifier", "transparency"}),
    ),
    Guide(
        "meaning",
        N_("What a certificate says, and what it does not"),
        (
            N_(
                "It says that, on the day of the decision, the school’s safety policy and reporting mechanism met the criteria."
            ),
            N_("It never says that a school is safe, and it says nothing about individual people."),
            N_(
                "A school without a certificate may protect children well. The list is not a ranking."
            ),
        ),
        "directory.register",
        frozenset({"directory", "verification"}),
    ),
    Guide(
        "child",
        N_("If you are worried about a child"),
        (
            N_(
                "This site does not take reports. The numbers at the top of every page reach people who help. They help adults too."
            ),
            N_("If anyone is in danger, call the police first."),
            N_(
                "Never write about a child here, and do not upload a picture of anyone. It would be deleted, and it would not help the child."
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
                "Choose the language at the foot of any page. Choose the language of the lessons in the list of modules."
            ),
            N_(
                "If you have forgotten your password, use the link on “Sign in”. We will email you a link to set a new one."
            ),
            N_("On a shared device, sign out when you have finished."),
            N_("“Privacy” explains what we keep about you, why, and for how long."),
        ),
        "home.privacy",
        frozenset({"accounts"}),
    ),
    Guide(
        "typing",
        N_("What you type is kept"),
        (
            N_(
                "Longer forms save a draft while you type, on your device and with us. Nobody else can read a draft."
            ),
            N_(
                "If you lose your connection, keep typing. Your text is kept on your device and saved later. The line beside the button shows what has been saved."
            ),
            N_("If the same form is open twice, you will see both texts and can choose."),
        ),
        None,
        frozenset({"drafts"}),
    ),
)
