"""How templates are rendered: components are prepared once, and words are found without asking for the language each time."""

from collections.abc import Callable
from functools import lru_cache, partial
from importlib import import_module
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, cast

from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context, request, url_for
from flask_babel import Domain, get_domain
from jinja2 import Template, pass_eval_context
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

ADDRESSES = 4096
PYTHON = {FunctionType, MethodType}  # what can say what it wants to be handed
PLAIN = PYTHON | {BuiltinFunctionType}
WANTS_EVAL_CONTEXT = pass_eval_context(lambda *_: None).jinja_pass_arg  # type: ignore[attr-defined] # set by it
DOUBLE = '"'
WIDGETS = ("wtforms.widgets.core", "wtforms.widgets")
KNOWN = "ciss_words"  # beside the locale of the request, whose words these are


class PreparedTemplate(Template):
    """A template whose macros are prepared once; Jinja compares every name of the globals at each import."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        names = self.__dict__.get("names_of_globals")
        if names is None:
            names = self.names_of_globals = frozenset(self.globals)
        return super()._get_default_module(None if ctx and ctx.globals_keys <= names else ctx)


class PreparedContext(Context):
    """A context that calls plain functions and macros directly; Jinja inspects each four times first."""

    def call(self, called: Callable[..., Any], /, *args: Any, **values: Any) -> Any:
        """Call what a template calls, as Jinja does."""
        kind = type(called)
        wants = getattr(called, "jinja_pass_arg", None) if kind in PYTHON else None
        if kind is Macro or wants is WANTS_EVAL_CONTEXT:
            args = (self.eval_ctx, *args)
        elif wants is not None or kind not in PLAIN:
            return super().call(called, *args, **values)
        values.pop("_block_vars", None)
        values.pop("_loop_vars", None)
        try:
            return called(*args, **values)
        except StopIteration:
            return self.environment.undefined(f"{called!r} has come to its end")


def _of_request(read: Callable[[], NullTranslations]) -> NullTranslations:
    """Return the words in the language of the page; within `force_locale`, in that one.

    Flask-Babel looks for the request three times, and writes out the name of the language, for each word.
    """
    place = g.get("_flask_babel") if has_app_context() else None
    locale = getattr(place, "babel_locale", None)
    if locale is None:
        return read()
    known = getattr(place, KNOWN, None)
    if known is None or known[0] is not locale:
        known = (locale, read())
        setattr(place, KNOWN, known)
    words: NullTranslations = known[1]
    return words


def _translations(domain: Domain) -> dict[str, Callable[..., str]]:
    """Return the translation functions of templates; Flask-Babel's own look for the application for each word."""

    def written(context: EvalContext, text: str, values: dict[str, Any]) -> str:
        if context.autoescape:
            text = Markup(text)  # noqa: S704 -- our own words; what is put into them is escaped
        return text % values if "%" in text else text

    @pass_eval_context
    def gettext(context: EvalContext, message: str, /, **values: Any) -> str:
        return written(context, domain.get_translations().ugettext(message), values)

    @pass_eval_context
    def ngettext(context: EvalContext, one: str, more: str, num: int, /, **values: Any) -> str:
        return written(
            context, domain.get_translations().ungettext(one, more, num), {"num": num, **values}
        )

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def _kept_addresses() -> Callable[..., str]:
    """Return a `url_for` for templates that caches URLs built from strings: a page has some thirty."""

    @lru_cache(maxsize=ADDRESSES)
    def known(_root: str, endpoint: str, *values: tuple[str, str]) -> str:
        return url_for(endpoint, **dict(values))  # type: ignore[arg-type] # names alone

    def address(endpoint: str, **values: Any) -> str:
        if endpoint.startswith(".") or not all(
            type(value) is str and not name.startswith("_") for name, value in values.items()
        ):
            return url_for(endpoint, **values)
        return known(request.root_path, endpoint, *values.items())

    return address


def url_for_names() -> Callable[..., str]:
    """Return the `url_for` of templates."""
    return cast("Callable[..., str]", current_app.jinja_env.globals["url_for"])


def attributes(**values: Any) -> Markup:
    """Write the attributes of an element as WTForms does, which formats each one as a safe text: half of a long form's calls.

    `True` writes the name alone, `False` nothing.
    """
    written: list[str] = []
    for key, value in sorted(values.items()):
        name = key.rstrip("_")
        if name.startswith(("data_", "aria_")):
            name = name.replace("_", "-")
        if value is True:
            written.append(escape(name))
        elif value is not False:
            text = str(escape(value)).replace(DOUBLE, "&quot;")
            written.append(f'{escape(name)}="{text}"')
    return Markup(" ".join(written))  # noqa: S704 -- escaped, one by one


def _write_attributes_so() -> None:
    """Put the function above in the place of the library's, in each module and class that calls it."""
    core, widgets = (cast("Any", import_module(name)) for name in WIDGETS)
    core.html_params = widgets.html_params = attributes
    core.Input.html_params = core.Button.html_params = staticmethod(attributes)


def init_app(app: Flask) -> None:
    """Let templates, the components that they import, and the fields of forms be rendered in this way."""
    _write_attributes_so()
    app.jinja_env.globals["url_for"] = _kept_addresses()
    with app.app_context():
        domain = get_domain()
    domain.get_translations = partial(_of_request, domain.get_translations)
    # All templates are cached: there are more than the 400 that Jinja keeps by default, and it takes a lock to
    # track which was used last.
    app.jinja_env.cache = {}
    app.jinja_env.template_class = PreparedTemplate
    app.jinja_env.context_class = PreparedContext
    app.jinja_env.globals |= _translations(domain)
