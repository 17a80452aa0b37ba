"""What the pages of the questionnaires say about a question: its kind, when it is asked, faults, changes."""

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext

from desk.domain.questionnaire_changes import Changed
from desk.domain.questionnaire_check import Fault, Found
from desk.domain.questionnaires import Measure, Question, Questionnaire, Words
from desk.web.context import language
from desk.wording.questionnaires import CHANGES, FAULTS, KIND_TAGS, MEASURES, PARTS, PRIVACIES

SHORTEST: Final = 60  # characters of a question that stand for it in a sentence


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """Words in one language, for templates."""

    language: str

    def of(self, words: Words) -> str:
        """Return a text in the language of the page, in the other one where it is missing there."""
        return words.in_language(self.language) or words.id or words.en

    def kind(self, question: Question) -> str:
        """Return the kind of a question in a word."""
        return gettext(KIND_TAGS[question.kind])

    def measure(self, measure: Measure) -> str:
        """Return what is worked out of the answers."""
        return gettext(MEASURES[measure])

    def privacy(self, privacy: str) -> str:
        """Return what a way of keeping answers means."""
        return next(gettext(words) for each, words in PRIVACIES.items() if each.value == privacy)

    def fault(self, found: Found, questionnaire: Questionnaire) -> str:
        """Return what is wrong in a sentence."""
        return gettext(FAULTS[found.fault]) % {"detail": self._detail(found, questionnaire)}

    def _detail(self, found: Found, questionnaire: Questionnaire) -> str:
        """Return what a fault is about: a text of the page, the words for some services, an answer, or as it is."""
        question = next((each for each in questionnaire.questions if each.key == found.question), None)
        if found.detail in PARTS:
            return gettext(PARTS[found.detail])
        if question is None or found.fault not in (Fault.WORDS_MISSING, Fault.WORDS_TOO_LONG):
            return found.detail
        if found.detail in question.variants:
            return gettext("services %(series)s", series=found.detail)
        return gettext("answer %(value)s", value=found.detail)

    def change(self, changed: Changed) -> str:
        """Return a difference in words."""
        return gettext(CHANGES[changed.change])

    def title(self, question: Question) -> str:
        """Return a question as it stands in a sentence; its key where it has no words yet."""
        text = self.of(question.text) or question.key
        return text if len(text) <= SHORTEST else f"{text[: SHORTEST - 1].rstrip()}…"

    def condition(self, question: Question, questionnaire: Questionnaire) -> str:
        """Return when a question is asked; empty for always."""
        shown_if = question.shown_if
        if shown_if is None:
            return ""
        asked = next((each for each in questionnaire.questions if each.key == shown_if.question), None)
        about = shown_if.question if asked is None else self.title(asked)
        match shown_if.at_least, shown_if.at_most:
            case None, None:
                return gettext("Asked only after “%(question)s”, but without a bound", question=about)
            case None, most:
                return gettext("Asked only if “%(question)s” was %(most)d or less", question=about, most=most)
            case least, None:
                return gettext("Asked only if “%(question)s” was %(least)d or more", question=about, least=least)
            case least, most:
                return gettext(
                    "Asked only if “%(question)s” was %(least)d to %(most)d", question=about, least=least, most=most
                )


def question_words() -> QuestionWords:
    """Return the words in the language of the request."""
    return QuestionWords(language())
