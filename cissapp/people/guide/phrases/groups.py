"""Guides for the people of a national group."""

from cissapp.foundation.core.errors import N_
from cissapp.people.guide.rules import Guide

REVIEWER = (
    Guide(
        "conflict",
        N_("Declare conflicts of interest"),
        (
            N_(
                "Before you open a case, you declare whether anything connects you with the school: work, family, money, or help that you gave it."
            ),
            N_(
                "Someone who has helped a school does not review it. The person who reviews it does not decide, and an appeal goes to other people. The system enforces this."
            ),
            N_(
                "If you discover a connection later, say so at once on the case page. Someone else will take over, and nothing will be held against you."
            ),
        ),
        "reviews.queue",
        frozenset({"independence"}),
    ),
    Guide(
        "completeness",
        N_("Check whether an application is complete"),
        (
            N_("Check only whether everything is there and can be opened, not whether it is good."),
            N_(
                "For each point, say whether it is there. We send the school one list of everything that is missing."
            ),
            N_("Do this within the working days shown, because the school is waiting for it."),
        ),
        "reviews.queue",
        frozenset({"reviews"}),
    ),
    Guide(
        "review",
        N_("Review an application"),
        (
            N_(
                "Open the case from “Cases”. The criteria are on the left, the document is in the middle and the question is on the right."
            ),
            N_(
                "Read what the school says and look at the page it refers to. Then choose the level whose sentence is true."
            ),
            N_(
                "Give a reason that the school can act on: what you saw, where, and what is missing for the next level. You can use and change the prepared sentences."
            ),
            N_(
                "Keyboard: 0 to 3 choose a level, n and p go to the next and previous criterion, and ? shows all keys. You can turn the keys off."
            ),
            N_(
                "If you need something from the school, ask on the page. Your deadline is paused until the school answers."
            ),
            N_("When all criteria have a level, submit your recommendation. Someone else decides."),
        ),
        "reviews.queue",
        frozenset({"reviews", "briefs", "discussions"}),
    ),
    Guide(
        "decide",
        N_("Decide on an application"),
        (
            N_(
                "The criteria where the reviews differ come first, then the critical ones and those with a low level. The rest are collapsed."
            ),
            N_(
                "The rule sets the outcome and the level, and the facts are shown below. If you choose another outcome, give your reason."
            ),
            N_(
                "Read the letter before you sign it. It goes to the school. If there is a certificate, it is created at once."
            ),
        ),
        "reviews.queue",
        frozenset({"reviews"}),
    ),
    Guide(
        "calibration",
        N_("Calibration: do we judge in the same way?"),
        (
            N_(
                "Practice applications and second reviews show how far reviewers agree. They are for learning, not for ranking anyone."
            ),
            N_(
                "Read where you differ from the agreed level, and why. If the agreed level is wrong, say so."
            ),
        ),
        None,
        frozenset({"calibration"}),
    ),
    Guide(
        "visit",
        N_("Visit a school, or hold a video call"),
        (
            N_(
                "Suggest two or three dates. The school chooses one, and you both get it for your calendars."
            ),
            N_(
                "Take the checklist with you on paper or on your phone. Talk only to adults at the school, do not take pictures, and do not write down the name of any child."
            ),
            N_(
                "Afterwards, the reviewer and one other person from the group sign the record. What you saw belongs with the criterion it is about."
            ),
        ),
        "reviews.queue",
        frozenset({"visits", "drills"}),
    ),
    Guide(
        "mentor",
        N_("Support a school as its mentor"),
        (
            N_(
                "The coordinator names you as a school’s mentor. You see its open steps, and what the school shows you."
            ),
            N_(
                "Answer questions, read what the school shows you, and agree a time to talk. The list shows who is waiting for whom."
            ),
            N_(
                "You will not review this school’s application, decide on it or hear its appeal. That protects the school and you."
            ),
        ),
        None,
        frozenset({"mentoring"}),
    ),
)

COORDINATOR = (
    Guide(
        "schools",
        N_("Register schools and invite their people"),
        (
            N_(
                "Add a school by hand, or import a list. Each row of the list shows what happened to it, and you can send the same list again."
            ),
            N_(
                "Requests to join come from the public page. Check the school against the register, then invite it or explain why not."
            ),
            N_(
                "Invite the head and the designated person at their work email addresses. The email says who is inviting them, why, and how long the invitation is valid."
            ),
            N_(
                "On the letterhead of your group, enter an address with an email or a phone number. It is what schools find when they have a question."
            ),
        ),
        "enrolment.register",
        frozenset({"enrolment", "joining"}),
    ),
    Guide(
        "stuck",
        N_("See who is stuck, and write to them"),
        (
            N_(
                "The list shows what each school is waiting for, how long nothing has happened, and when someone last did something."
            ),
            N_(
                "Choose schools, write one message, and check it in each language. Everyone gets it in their own language, with what they still need."
            ),
            N_(
                "Before it goes out, you see how many people it will reach. You can stop it while it is being sent."
            ),
        ),
        "followup.schools",
        frozenset({"followup", "messages"}),
    ),
    Guide(
        "assign",
        N_("Assign reviewers"),
        (
            N_(
                "For each case, the page suggests who can take it: people without a conflict of interest and with the fewest open cases."
            ),
            N_(
                "You can choose someone else from those who are eligible. Those who are not are listed with the reason."
            ),
            N_(
                "If the group has too few independent people, invite a guest or ask the secretariat for another group."
            ),
        ),
        "reviews.queue",
        frozenset({"independence"}),
    ),
    Guide(
        "complaints",
        N_("Handle a complaint, or suspend a certificate"),
        (
            N_(
                "Anyone can complain about a certified school that does not keep its promises. A complaint about a child goes to the helplines, never here."
            ),
            N_(
                "You can pass it on to the school, which replies. Then say what you found, by the date shown on the page. You only need to give a reason for a suspension."
            ),
            N_(
                "Suspend a certificate if what it says is no longer true. Everyone who checks it will see that at once. The secretariat withdraws it if necessary."
            ),
        ),
        "complaints.cases",
        frozenset({"complaints", "upkeep", "certificates"}),
    ),
    Guide(
        "open-points",
        N_("Confirm your country’s numbers and open points"),
        (
            N_(
                "Helplines and rules that nobody has confirmed are marked, and people who are not signed in do not see them."
            ),
            N_(
                "Call each number yourself or ask the service, but make no test calls to the police or an emergency number: check those on their official pages. Then tell the secretariat who confirmed it and when."
            ),
        ),
        "enrolment.open_countries",
        frozenset({"enrolment"}),
    ),
)
