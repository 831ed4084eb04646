"""Guides for people of a school."""

from cissapp.foundation.core.errors import N_
from cissapp.people.guide.rules import Guide

SCHOOL = (
    Guide(
        "first-day",
        N_("Your first day"),
        (
            N_(
                "Open “Our school”. It shows the steps to certification and the one thing to do next."
            ),
            N_(
                "Begin with module 1. A lesson takes a few minutes to read. You can stop at any time and come back to where you were."
            ),
            N_(
                "Check that the right people are there. The head or a deputy, and the designated person, must each pass the modules."
            ),
            N_(
                "You can work on the application before all modules are passed. You do not need to wait for each other."
            ),
            N_(
                "Plan two hours a week. The person who supports you in the national group can see your progress and answer questions."
            ),
        ),
        "applications.school",
        frozenset({"applications"}),
    ),
    Guide(
        "modules",
        N_("Learn, and pass a module"),
        (
            N_(
                "Read the lessons in any order. You will find the next one at the foot of each lesson."
            ),
            N_(
                "If a lesson asks you to make something, make it there. It becomes part of your application, and you will not be asked for it again."
            ),
            N_("Practise as often as you like. Practice is not counted, and nobody sees it."),
            N_(
                "Start the quiz when you are ready. Every answer is saved at once, and there is no time limit."
            ),
            N_(
                "If you do not pass, the page shows which lessons to read again and when you can try again."
            ),
            N_(
                "When you have passed all five modules, you can print your statement of learning. It is yours, not the school’s."
            ),
        ),
        "learning.modules",
        frozenset({"learning", "statements"}),
    ),
    Guide(
        "offline",
        N_("Learn with a poor connection, or on paper"),
        (
            N_("Open “Available offline” while you have a connection, and choose the modules."),
            N_(
                "Open the same page when you have no connection. The lessons and prepared quizzes are there, and your answers are kept on your device."
            ),
            N_(
                "When you are back online, your answers are sent automatically. Wait until the page says that they are saved."
            ),
            N_(
                "You can print each lesson. On a shared device, delete the modules when you have finished."
            ),
        ),
        "learning.offline",
        frozenset({"learning"}),
    ),
    Guide(
        "documents",
        N_("Add your safety policy and other documents"),
        (
            N_(
                "Choose the file. You can add PDF, Word (.docx) and OpenDocument files. An old version can still be read beside the new one."
            ),
            N_(
                "If your policy is on paper, photograph it page by page. The photos become one document, and you are told which pages cannot be read."
            ),
            N_(
                "Before you add a document, make sure that it does not name a child, show anyone or describe a case. If it seems to, the page asks you to look again."
            ),
            N_("For each document, enter its type, its date and how long it is valid."),
            N_(
                "You cannot change a document after you submit it. A new version is for the next round."
            ),
        ),
        "documents.documents",
        frozenset({"documents", "acknowledgements"}),
    ),
    Guide(
        "reporting",
        N_("Describe how to report at your school"),
        (
            N_(
                "Add every way that a child or an adult can tell someone: a person, a box, a form or a telephone number."
            ),
            N_(
                "For each way, say who it reaches, who stands in for them, and how soon someone looks."
            ),
            N_(
                "Add the time limits, the rules about keeping what was reported, and the outside services that help."
            ),
            N_(
                "What you describe here fills in the answers about reporting in the self-assessment."
            ),
            N_(
                "A drill with an invented message shows whether it works. The national group sends the message."
            ),
        ),
        "mechanism.reporting",
        frozenset({"mechanism", "drills"}),
    ),
    Guide(
        "self-assessment",
        N_("Assess your own school"),
        (
            N_(
                "There are 44 criteria in three parts: policy, reporting and education. Begin with the critical ones, which have a star."
            ),
            N_(
                "Read the four sentences and choose the one that is true today. An honest 1 is worth more than a 3 that nobody can show."
            ),
            N_(
                "Choose the document and the page that show it. For critical criteria, also explain in a sentence or two how you meet them."
            ),
            N_(
                "Where you are below your aim, say who will do what and by when. These actions are your plan."
            ),
            N_("Everything is saved as you go. Close the page and come back whenever you like."),
        ),
        "assessment.self_assessment",
        frozenset({"assessment", "plan"}),
    ),
    Guide(
        "submit",
        N_("Submit your application, and what happens next"),
        (
            N_(
                "First open “Would this pass?”. It lists what a reviewer would ask, most important first."
            ),
            N_(
                "Check everything on one page, then submit it. After that, you cannot change it until the review is done."
            ),
            N_(
                "The national group checks whether it is complete. Then one person reviews it and another decides. None of them has helped you before."
            ),
            N_(
                "Each step has a date. Your application page shows who is working on it now, and when it is due."
            ),
            N_(
                "If a reviewer asks you something, you get an email. Answer on the page, not by email."
            ),
        ),
        "applications.application",
        frozenset({"applications", "reviews", "discussions"}),
    ),
    Guide(
        "gaps",
        N_("If something is missing after the review"),
        (
            N_(
                "The letter lists every criterion that you do not meet yet, with the reason and what would show that you meet it."
            ),
            N_(
                "Minor gaps: put only these right, and submit again by the date in the letter. The other criteria are not reviewed again."
            ),
            N_(
                "Major gaps: take the time you need, and apply again when you are ready. Your answers and documents are kept."
            ),
            N_(
                "If you think the decision is wrong, appeal by the date in the letter. People who did not make the decision will hear you."
            ),
        ),
        "applications.application",
        frozenset({"applications", "appeals"}),
    ),
    Guide(
        "certificate",
        N_("Use your certificate, and keep it"),
        (
            N_(
                "Print the certificate, or put the badge on the school’s website. Anyone can check it by its code."
            ),
            N_(
                "It says that your policy and your reporting mechanism met the criteria. Never write that the school “is safe”."
            ),
            N_(
                "If one of the people named in your application leaves, say so on the certificate page. You will have time to name someone else."
            ),
            N_(
                "Once a year, you confirm that people, numbers and dates are still right. It takes ten minutes."
            ),
            N_(
                "Renewal opens before the certificate ends. Most of your application is filled in from the last round."
            ),
        ),
        "certificates.of_school",
        frozenset({"certificates", "upkeep", "credentials"}),
    ),
    Guide(
        "colleagues",
        N_("Invite a colleague, or hand over"),
        (
            N_(
                "Open “People” and invite them by work email address. The invitation is a link that works once, for a few days."
            ),
            N_(
                "Choose your colleague’s role at the school. At least two people have to pass the modules: the head or a deputy, and the designated person."
            ),
            N_(
                "Before you leave the school: a head opens “People” and hands it over to the new head, and both get an email. Everyone else tells the national group, which asks the secretariat to close the account. All work stays with the school."
            ),
        ),
        "enrolment.people",
        frozenset({"enrolment"}),
    ),
)
