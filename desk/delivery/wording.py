"""Words and templates outside of a request: the same catalogs and the same folder as the pages, without Flask."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

PACKAGE: Final = Path(__file__).parents[1]
LANGUAGES: Final = ("id", "en")


def resource(name: str) -> Path:
    """Return a folder that lies beside the package in a checkout and inside it in the wheel."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / "_resources" / name


def known_language(language: str) -> str:
    """Return the language when we speak it, else Indonesian."""
    return language if language in LANGUAGES else LANGUAGES[0]


def gettext_of(language: str) -> Callable[[str], str]:
    """Return the function that translates a message id."""
    return _catalog(language).gettext


def ngettext_of(language: str) -> Callable[[str, str, int], str]:
    """Return the function that translates a message id by a number."""
    return _catalog(language).ngettext


def render(template: str, language: str, values: dict[str, Any]) -> str:
    """Return a template of the folder `templates/mail` in a language; only .html escapes its values."""
    return _environment(language).get_template(template).render(values)


@cache
def _catalog(language: str) -> NullTranslations:
    return Translations.load(resource("translations"), [language])


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([resource("templates") / "mail", resource("templates")]),
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=True),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(_catalog(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
