"""Guides for the people of a national group."""

from cissapp.foundation.core.errors import N_
from cissapp.people.guide.rules import Guide

REVIEWER = (
    Guide(
        "conflict",
        N_("Declare conflicts of interest"),
        (
            N_(
                "Before you open a case you declare whether anything connects you with the school: work, family, money, or help that you gave it."
            ),
            N_(
                "Whoever helped a school does not assess it, whoever assesses does not decide, and an appeal goes to others. The system holds to this."
            ),
            N_(
                "If a connection comes up later, say so at once on the page of the case. Somebody else takes it over, and nothing is held against you."
            ),
        ),
        "reviews.queue",
        frozenset({"independence"}),
    ),
    Guide(
        "completeness",
        N_("Check whether an application is complete"),
        (
            N_(
                "You only look whether everything is there and can be opened, not whether it is good."
            ),
            N_(
                "Say for each point whether it is there. What is missing goes back to the school in one list."
            ),
            N_("Do it within the working days shown: the school waits for it."),
        ),
        "reviews.queue",
        frozenset({"reviews"}),
    ),
    Guide(
        "review",
        N_("Review an application"),
        (
            N_(
                "Open the case from “Cases”. Criteria stand on the left, the document in the middle, the question on the right."
            ),
            N_(
                "Read what the school says and look at the page it names. Then choose the level whose sentence is true."
            ),
            N_(
                "Give a reason that the school can work with: what you saw, where, and what is missing for the next level. Prepared sentences can be taken over and changed."
            ),
            N_(
                "With the keyboard: 0 to 3 choose a level, n and p go to the next and the previous criterion, ? shows all keys. You can turn the keys off."
            ),
            N_(
                "If you need something from the school, ask on the page. The clock of your deadline stops while it answers."
            ),
            N_("When all criteria have a level, send your recommendation. Somebody else decides."),
        ),
        "reviews.queue",
        frozenset({"reviews", "briefs", "discussions"}),
    ),
    Guide(
        "decide",
        N_("Decide on an application"),
        (
            N_(
                "First come the criteria where the reviews differ, then the critical and the low ones. The rest is folded."
            ),
            N_(
                "Outcome and level are chosen by the rule, with the facts beneath. Another outcome needs your reason."
            ),
            N_(
                "Read the letter before you sign. It goes to the school, and a certificate is made at once if there is one."
            ),
        ),
        "reviews.queue",
        frozenset({"reviews"}),
    ),
    Guide(
        "calibration",
        N_("Calibration: do we judge alike?"),
        (
            N_(
                "Practice files and second reviews show how far reviewers agree. They are there to learn, not to rank anybody."
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
        N_("Visit a school, or call by video"),
        (
            N_(
                "Propose two or three dates. The school chooses one, and both receive it for the calendar."
            ),
            N_(
                "Take the checklist with you on paper or on the phone. Talk with adults of the school only, take no pictures, and write down no name of a child."
            ),
            N_(
                "Afterwards the reviewer and one more person of the group sign the record. What you saw belongs to the criterion it is about."
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
                "The coordinator names you as mentor of a school. You see its open steps, and what the school shows you."
            ),
            N_(
                "Answer questions, read what the school shows you, agree on a time to talk. The list shows who waits for whom."
            ),
            N_(
                "You will not review, decide or hear an appeal of this school. That protects the school and you."
            ),
        ),
        None,
        frozenset({"mentoring"}),
    ),
)

COORDINATOR = (
    Guide(
        "schools",
        N_("Register schools, and invite their people"),
        (
            N_(
                "Add a school by hand, or import a list. Each row of the list says what became of it, and the same list can be sent again."
            ),
            N_(
                "Wishes to join come from the public page. Check the school against the register, then invite it or say why not."
            ),
            N_(
                "Invite the head and the designated person by their work addresses. The mail says who invites, why, and until when."
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
                "The list shows what each school waits for, how long nothing has happened, and when somebody last did something."
            ),
            N_(
                "Choose schools, write one message, and look at it in each language. Everybody receives it in their own, with what they still need."
            ),
            N_(
                "Before it goes out you see how many people it reaches. You can stop it while it goes out."
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
                "For each case the page proposes who can take it: without a conflict of interest, with the fewest open cases."
            ),
            N_(
                "You may choose somebody else of those who can. Who cannot is listed with the reason."
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
        N_("A complaint, or a certificate that must rest"),
        (
            N_(
                "Anybody can complain about a certified school that does not keep its promises. A complaint about a child goes to the help lines, never here."
            ),
            N_(
                "You can pass it on to the school, which replies. Then say what you found, by the day that the page shows; only a suspension needs a reason."
            ),
            N_(
                "Suspend a certificate if what it says is no longer true. Everybody who checks it sees that at once. The secretariat withdraws it if need be."
            ),
        ),
        "complaints.cases",
        frozenset({"complaints", "upkeep", "certificates"}),
    ),
    Guide(
        "open-points",
        N_("Confirm numbers and open points of your country"),
        (
            N_(
                "Help lines and rules that nobody has confirmed are marked, and strangers do not see them."
            ),
            N_(
                "Call each number yourself, or ask the service. Then tell the secretariat who confirmed it and when."
            ),
        ),
        "enrolment.open_countries",
        frozenset({"enrolment"}),
    ),
)
