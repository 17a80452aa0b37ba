"""Questionnaires in words: kinds, measures, faults of a draft, what a new version changes, how answers are kept."""

from typing import Final

from desk.domain.invitation import Privacy
from desk.domain.questionnaire_changes import Change
from desk.domain.questionnaire_check import Fault
from desk.domain.questionnaires import About, Kind, Measure
from desk.wording import N_

KINDS: Final[dict[Kind, str]] = {
    Kind.SCALE: N_("Scale: numbers, each with a word"),
    Kind.CHOICE: N_("Choice: one of several answers"),
    Kind.TEXT: N_("Own words: the visitor writes"),
}
KIND_TAGS: Final[dict[Kind, str]] = {Kind.SCALE: N_("Scale"), Kind.CHOICE: N_("Choice"), Kind.TEXT: N_("Own words")}
ABOUT: Final[dict[About, str]] = {
    About.SERVICE: N_("The service"),
    About.PERSON: N_("The person (profile): never required, never scored, kept apart from the answers"),
}
MEASURES: Final[dict[Measure, str]] = {
    Measure.CSAT: N_("Satisfaction, one score of 1 to 5 (CSAT)"),
    Measure.SKM_2017: N_("IKM by Permenpan RB 14/2017"),
    Measure.SKM_2004: N_("IKM by KEP/25/M.PAN/2/2004"),
    Measure.CES: N_("Ease, 1 to 7 (CES)"),
    Measure.NPS: N_("Recommendation, 0 to 10 (NPS)"),
    Measure.OWN: N_("The mean of our own scored questions"),
}
# %(detail)s is what it is about: a language's text, an answer, a letter of a number series, a question.
FAULTS: Final[dict[Fault, str]] = {
    Fault.CODE: N_("The code needs 1 to 40 small letters, digits or underscores, and begins with a letter."),
    Fault.WORDS_MISSING: N_("Words are missing in one language or both (%(detail)s)."),
    Fault.WORDS_TOO_LONG: N_("A text is longer than 500 characters (%(detail)s)."),
    Fault.NO_QUESTIONS: N_("Nothing is asked about the service yet. Add a question."),
    Fault.TOO_MANY_QUESTIONS: N_("There are more than %(detail)s questions. Remove some."),
    Fault.KEY: N_(
        "The code of this question needs 1 to 40 small letters, digits or underscores, and begins with a letter."
    ),
    Fault.KEY_TWICE: N_("Another question above has the same code. Give this one another."),
    Fault.SCALE: N_("A scale needs 2 to 11 whole numbers one after the other, such as 1, 2, 3, 4."),
    Fault.OPTIONS: N_("A choice needs at least two answers, each with a code of its own (at most 40 characters)."),
    Fault.OPTIONS_UNWANTED: N_("An open question has no answers to choose from. Remove them."),
    Fault.CONDITION: N_("The condition looks at “%(detail)s”, which is no scale asked earlier."),
    Fault.CONDITION_NEVER: N_("The condition on “%(detail)s” gives no bound, or none that its scale can meet."),
    Fault.SCORED: N_(
        "This question cannot be scored: only a scale about the service that the figure is worked out of can."
    ),
    Fault.PERSON: N_("A question about the person is never required and is no scale."),
    Fault.NOTHING_SCORED: N_("No question is scored, so there would be no figure."),
    Fault.MEASURE_NEEDS: N_("The figure needs a scored scale of %(detail)s with this code, asked of everybody."),
    Fault.VARIANT: N_("The wording for services %(detail)s has other answers than the question itself."),
    Fault.COMMENT_KIND: N_("The question with the code “comment” is open and about the service."),
}
# What the detail of missing or overlong words names.
PARTS: Final[dict[str, str]] = {"title": N_("title"), "intro": N_("introduction"), "text": N_("question")}
CHANGES: Final[dict[Change, str]] = {
    Change.TITLE: N_("Another title"),
    Change.INTRO: N_("Another introduction"),
    Change.MEASURE: N_("Another figure is worked out of it"),
    Change.ADDED: N_("New question"),
    Change.REMOVED: N_("Removed question"),
    Change.MOVED: N_("Questions in another order"),
    Change.KEY: N_("Another code for the same question"),
    Change.KIND: N_("Another kind of answer"),
    Change.SCALE: N_("Another scale"),
    Change.OPTIONS: N_("Other answers to choose from"),
    Change.TEXT: N_("Other words of the question"),
    Change.ANSWERS: N_("Other words of the answers"),
    Change.REQUIRED: N_("Required or not"),
    Change.SCORED: N_("Scored or not"),
    Change.ABOUT: N_("About the service or about the person"),
    Change.CONDITION: N_("Asked under another condition"),
    Change.VARIANTS: N_("Other words for single services"),
}
PRIVACIES: Final[dict[Privacy, str]] = {
    Privacy.LINKED: N_("Linked: supervisors and auditors see an answer beside its transaction and can follow it up."),
    Privacy.CONFIDENTIAL: N_(
        "Confidential: the file of a transaction says that it was answered, never what; answers count in totals only."
    ),
    Privacy.ANONYMOUS: N_(
        "Anonymous: nothing leads from an answer to its transaction. It cannot be corrected, and nobody can ask back."
    ),
}
