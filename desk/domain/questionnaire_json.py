"""A questionnaire as the JSON object it is kept as (its shape is shown in `desk.domain.questionnaires`), and back."""

from collections.abc import Iterable, Mapping
from typing import Any

from desk.domain.facts import JSON
from desk.domain.questionnaires import (
    LANGUAGES,
    About,
    Condition,
    Kind,
    Measure,
    Option,
    Question,
    Questionnaire,
    Variant,
    Words,
)


def as_json(questionnaire: Questionnaire) -> dict[str, JSON]:
    """Return the definition of a questionnaire, as `read` takes it."""
    return {
        "code": questionnaire.code,
        "measure": questionnaire.measure.value,
        "title": _words_json(questionnaire.title),
        "intro": _words_json(questionnaire.intro),
        "questions": [_question_json(each) for each in questionnaire.questions],
    }


def _words_json(words: Words) -> dict[str, JSON]:
    return {"id": words.id, "en": words.en}


def _options_json(options: Iterable[Option]) -> list[JSON]:
    return [{"value": each.value, "text": _words_json(each.text)} for each in options]


def _question_json(question: Question) -> dict[str, JSON]:
    told: dict[str, JSON] = {
        "key": question.key,
        "kind": question.kind.value,
        "about": question.about.value,
        "text": _words_json(question.text),
        "required": question.required,
        "scored": question.scored,
    }
    if question.options:
        told["options"] = _options_json(question.options)
    if question.shown_if is not None:
        bounds = {"at_least": question.shown_if.at_least, "at_most": question.shown_if.at_most}
        told["shown_if"] = {"question": question.shown_if.question, **bounds}
    if question.variants:
        told["variants"] = {
            series: {"text": _words_json(each.text), "options": _options_json(each.options)}
            for series, each in sorted(question.variants.items())
        }
    return told


def read(definition: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire of a definition.

    Raises `ValueError`, `TypeError` or `KeyError` for one that has not the shape; what it says is judged by `check`.
    """
    questions = tuple(_question(each) for each in definition["questions"])
    return Questionnaire(
        str(definition["code"]),
        Measure(definition["measure"]),
        _words(definition["title"]),
        _words(definition["intro"]),
        questions,
    )


def _words(told: Mapping[str, Any]) -> Words:
    if not all(isinstance(told[language], str) for language in LANGUAGES):
        raise TypeError("words are texts")
    return Words(told["id"], told["en"])


def _options(told: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    options = tuple(Option(each["value"], _words(each["text"])) for each in told)
    if any(isinstance(each.value, bool) or not isinstance(each.value, int | str) for each in options):
        raise TypeError("the value of an option is a number or a code")
    return options


def _question(told: Mapping[str, Any]) -> Question:
    condition = told.get("shown_if")
    return Question(
        str(told["key"]),
        Kind(told["kind"]),
        _words(told["text"]),
        About(told.get("about", About.SERVICE)),
        _options(told.get("options", ())),
        bool(told.get("required", False)),
        bool(told.get("scored", False)),
        None if condition is None else _condition(condition),
        {
            str(series): Variant(_words(each["text"]), _options(each.get("options", ())))
            for series, each in dict(told.get("variants", {})).items()
        },
    )


def _condition(told: Mapping[str, Any]) -> Condition:
    bounds = (told.get("at_least"), told.get("at_most"))
    if any(each is not None and (isinstance(each, bool) or not isinstance(each, int)) for each in bounds):
        raise TypeError("the bounds of a condition are numbers")
    return Condition(str(told["question"]), *bounds)
