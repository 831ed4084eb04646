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
                "Begin with module 1. A lesson takes a few minutes to read, and you can stop at any time: you come back to where you were."
            ),
            N_(
                "Check that the right people are there. The head or a deputy and the designated person each pass the modules."
            ),
            N_(
                "Whoever works on the application may do so before all modules are passed. You need not wait for each other."
            ),
            N_(
                "Plan two hours a week. Whoever supports you in the national group sees how far you are and can answer questions."
            ),
        ),
        "applications.school",
        frozenset({"applications"}),
    ),
    Guide(
        "modules",
        N_("Learn, and pass a module"),
        (
            N_("Read the lessons in any order. At the foot of each lesson stands the next one."),
            N_(
                "Where a lesson asks you to make something, make it there: it becomes part of your application, and nobody asks for it again."
            ),
            N_("Practise as often as you like. Practice is not counted, and nobody sees it."),
            N_(
                "Start the quiz when you are ready. Every answer is saved at once, and there is no time limit."
            ),
            N_(
                "If you do not pass, the page names the lessons to read again, and when you can try again."
            ),
            N_(
                "When you have passed all five modules, your statement of learning can be printed. It is yours, not the school’s."
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
                "Without a connection open the same page. Lessons and prepared quizzes are there; your answers are kept on the device."
            ),
            N_(
                "When the connection is back, the answers are sent by themselves. Wait until the page says that they are saved."
            ),
            N_(
                "Each lesson can be printed. On a device that others use, delete the modules when you are done."
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
                "Choose the file. PDF, Word (.docx) and OpenDocument files are accepted; an old version stays readable beside the new one."
            ),
            N_(
                "If your policy is on paper, photograph it page by page. The photographs become one document, and a page that cannot be read is named."
            ),
            N_(
                "Before you add a document, make sure that it names no child, shows nobody and tells no case. If it looks as if it did, the page asks you to look again."
            ),
            N_(
                "Say for each document of what kind it is, of which day, and until when it is valid."
            ),
            N_(
                "After a document is submitted, it cannot be changed. A new version is for the next round."
            ),
        ),
        "documents.documents",
        frozenset({"documents", "acknowledgements"}),
    ),
    Guide(
        "reporting",
        N_("Describe how one can report at your school"),
        (
            N_(
                "Add every way by which a child or an adult can tell somebody: a person, a box, a form, a telephone number."
            ),
            N_(
                "For each way say who is reached, who stands in for them, and how soon somebody looks."
            ),
            N_(
                "Add the time limits, the rules about keeping what was reported, and the services outside your school that help."
            ),
            N_("What you describe here fills the answers about reporting in the self-assessment."),
            N_(
                "A drill with an invented message shows whether it works. The national group sends it."
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
                "There are 44 criteria in three parts: policy, reporting, education. Begin with the critical ones, which have a star."
            ),
            N_(
                "Read the four sentences and choose the one that is true today. An honest 1 is worth more than a 3 that nobody can show."
            ),
            N_(
                "Choose the document and the page that shows it. At critical criteria also say in a sentence or two how you meet them."
            ),
            N_(
                "Where you are below your aim, say who will do what by when. These actions are your plan."
            ),
            N_("Everything is saved as you go. Close the page and come back whenever you like."),
        ),
        "assessment.self_assessment",
        frozenset({"assessment", "plan"}),
    ),
    Guide(
        "submit",
        N_("Submit your application, and what happens then"),
        (
            N_(
                "Open “Would this pass?” first. It lists what a reviewer would ask, most important first."
            ),
            N_(
                "Check everything on one page, and submit it. From then on it cannot be changed until the review is done."
            ),
            N_(
                "The national group checks whether it is complete, then one person reviews it and another one decides. None of them has helped you before."
            ),
            N_(
                "Each step has a date. The page of your application shows who works on it now, and until when."
            ),
            N_(
                "If a reviewer asks something, you receive a mail. Answer on the page, not by mail."
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
                "The letter lists every criterion that is not met yet, with the reason and what would show it."
            ),
            N_(
                "Minor gaps: mend only these, and submit again by the date in the letter. The other criteria are not judged again."
            ),
            N_(
                "Major gaps: take the time you need, and apply again when you are ready. What you have is kept."
            ),
            N_(
                "If you think that the decision is wrong, appeal by the date in the letter. Others than those who decided will hear you."
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
                "Print the certificate, or put the badge on the school’s site. Anybody can check it by its code."
            ),
            N_(
                "It says that your policy and your reporting mechanism met the criteria. Please never write that the school “is safe”."
            ),
            N_(
                "If one of the people named in your application leaves, say so on the page of the certificate: you have time to name somebody else."
            ),
            N_(
                "Once a year you confirm in ten minutes that people, numbers and dates are still right."
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
                "Open “People” and invite by work address. The invitation is a link that works once and for some days."
            ),
            N_(
                "Say which duty the colleague has. At least two people have to pass the modules: the head or a deputy, and the designated person."
            ),
            N_(
                "Before you leave the school, invite the person who follows you, and then ask the national group to close your account. All work stays with the school."
            ),
        ),
        "enrolment.people",
        frozenset({"enrolment"}),
    ),
)
