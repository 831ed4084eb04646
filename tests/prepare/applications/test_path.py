"""The way of a head, reckoned: nothing is counted twice, and the command tells it."""

from cissapp.foundation.content.installed import content
from cissapp.prepare.applications.commands import path
from cissapp.prepare.applications.rules.path import path_of_head


def test_each_minute_is_in_one_part_and_the_command_sums_them(app):
    with app.app_context():
        parts = path_of_head(content())
        lessons = [one.plan for module in content().modules for one in module.lessons]

    of = {part.name: part.minutes for part in parts}
    assert of["lessons read"] == sum(one.minutes for one in lessons)
    assert of["activities that make pieces"] + of["other activities"] == sum(
        one.doing for one in lessons
    )
    told = app.test_cli_runner().invoke(path, []).output.splitlines()
    assert len(told) == 1 + len(parts) + 1
    assert told[-1].split()[1:] == [
        str(sum(getattr(part, name) for part in parts)) for name in ("pages", "clicks", "minutes")
    ]


def test_visitors_are_told_the_hours_that_the_application_takes(app, client):
    with app.app_context():
        of = {part.name: part.minutes for part in path_of_head(content())}
    lessons = {"lessons read", "quizzes", "activities that make pieces", "other activities"}

    hours = round(sum(minutes for name, minutes in of.items() if name not in lessons) / 60)

    assert hours == 5
    assert "about five hours together with step 2" in client.get("/").get_data(as_text=True)
