"""The smallest honest application of this kind, to compare ours with: sign-in, a page of three selects, a save.

It uses what ours uses (Flask, Flask-Login, SQLAlchemy's ORM, Jinja, Argon2) and does nothing else: no CSRF tokens,
no translation, no permissions beyond being signed in. `DB` names its database, which it fills if it is empty.
"""

import os
import time

from argon2 import PasswordHasher
from flask import Flask, redirect, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from sqlalchemy import ForeignKey, create_engine, event, func, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker
from werkzeug.wrappers import Response

PASSPHRASE = "Learn3r!x"
MODULES, LESSONS, PEOPLE = 5, 12, 1000
SUMMARY = "What a school does so that its pupils are safe on the net, and who does it. " * 7
PAGE = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head><body>
<header><a href="/">Home</a> <span>{{ person.name }}</span></header><main><h1>{{ title }}</h1>
{% for lesson in lessons %}<section><h2><a href="/lesson/{{ lesson.id }}">{{ lesson.title }}</a></h2>
<p>{{ lesson.summary }}</p><progress max="1" value="{{ read.get(lesson.id, 0) }}"></progress>
<form method="post" action="/read/{{ lesson.id }}"><button>{{ "Done" if read.get(lesson.id) else "Start" }}</button>
</form></section>{% endfor %}</main></body></html>"""

engine = create_engine(os.environ.get("DB", "sqlite:///yardstick.db"), pool_size=8, max_overflow=0)


class Base(DeclarativeBase):
    """Base class of the tables."""


class Person(UserMixin, Base):
    """A person who signs in."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]


class Lesson(Base):
    """A lesson to read."""

    __tablename__ = "lessons"
    id: Mapped[int] = mapped_column(primary_key=True)
    module: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    summary: Mapped[str]


class Progress(Base):
    """Which person has read which lesson."""

    __tablename__ = "progress"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)


class Answer(Base):
    """A saved answer."""

    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    question: Mapped[int]
    choice: Mapped[int]
    at: Mapped[float]


if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def _durable(connection, _record) -> None:  # type: ignore[no-untyped-def]
        """Let acknowledged writes survive power loss, as ours does."""
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")


session = scoped_session(sessionmaker(engine, expire_on_commit=False))
app = Flask(__name__)
app.secret_key = "a yardstick has no secrets"
template = app.jinja_env.from_string(PAGE)
hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
people = LoginManager(app)
people.user_loader(lambda found: session.get(Person, int(found)))
app.teardown_appcontext(lambda _error: session.remove())


@app.post("/login")
def login() -> Response | tuple[str, int]:
    """Sign in."""
    person = session.scalar(select(Person).where(Person.name == request.form["u"]))
    if person is None:
        return "", 403
    hasher.verify(person.password, PASSPHRASE)
    login_user(person)
    return redirect("/page/1")


@app.get("/page/<int:module>")
@login_required  # type: ignore[untyped-decorator] # Flask-Login carries no types
def page(module: int) -> str:
    """Show the lessons of a module, with three selects: one loads the person."""
    lessons = session.scalars(select(Lesson).where(Lesson.module == module).order_by(Lesson.id))
    read = session.scalars(select(Progress.lesson_id).where(Progress.person_id == current_user.id))
    return template.render(
        title=f"Module {module}",
        person=current_user,
        lessons=lessons.all(),
        read=dict.fromkeys(read, 1),
    )


def _answer(person_id: int) -> dict[str, float]:
    form = {name: int(request.form[name]) for name in "qc"}
    return {"person_id": person_id, "question": form["q"], "choice": form["c"], "at": time.time()}


@app.post("/save")
@login_required  # type: ignore[untyped-decorator] # Flask-Login carries no types
def save() -> tuple[str, int]:
    """Save an answer of the signed-in person."""
    session.execute(insert(Answer).values(_answer(current_user.id)))
    session.commit()
    return "", 204


@app.post("/rawsave")
def rawsave() -> tuple[str, int]:
    """Save an answer without sign-in: the bare insert."""
    with engine.begin() as connection:
        connection.execute(insert(Answer.metadata.tables["answers"]).values(_answer(1)))
    return "", 204


def fill() -> None:
    """Create the tables, people and lessons, unless they exist."""
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        if connection.scalar(select(func.count()).select_from(Lesson)):
            return
        word = hasher.hash(PASSPHRASE)
        ids = [(m, m * 100 + number) for m in range(1, MODULES + 1) for number in range(LESSONS)]
        someone = [{"id": n, "name": f"learner{n}", "password": word} for n in range(1, PEOPLE + 1)]
        lessons = [
            {"id": one, "module": module, "title": f"Lesson {one}", "summary": SUMMARY}
            for module, one in ids
        ]
        connection.execute(insert(Person), someone)
        connection.execute(insert(Lesson), lessons)
        half = [{"person_id": p, "lesson_id": one} for p in (1, 2, 3) for module, one in ids[:6]]
        connection.execute(insert(Progress), half)


fill()
