"""Other words for the question about the fee: of a service that is free of charge, and of one that is not.

The sample questionnaire of Permenpan RB 14/2017 asks every visitor whether the fee is fair, with the answers from *very
expensive* to *free of charge*: nobody who paid can give the highest mark, and nobody who paid nothing has anything to
judge. The values stay 1 to 4, so the element stays comparable. The words are ours; an office may edit them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from desk.domain.questionnaires import Measure, Option, Question, Questionnaire, Variant, Words

FEE: Final = "biaya"
# A fee text that says nothing else, in either language, means that there is none.
FREE_WORDS: Final = frozenset(
    {"gratis", "tanpa biaya", "tidak dipungut biaya", "tidak ada biaya", "rp0", "rp 0", "free", "free of charge"}
)


def _options(*words: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, Words(*each)) for value, each in enumerate(words, 1))


FREE: Final = Variant(
    Words(
        "Layanan ini gratis. Bagaimana pendapat Saudara tentang kesesuaiannya dalam kenyataan?",
        "This service is free of charge. What do you think of how that was kept?",
    ),
    _options(
        ("Tidak sesuai: diminta membayar", "Not kept: I was asked to pay"),
        ("Kurang sesuai: ada biaya yang tidak jelas", "Hardly kept: there were costs that nobody explained"),
        ("Sesuai: gratis", "Kept: it was free of charge"),
        ("Sangat sesuai: gratis, dan jelas sejak awal", "Fully kept: free of charge, and clear from the start"),
    ),
)
PAID: Final = Variant(
    Words(
        "Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?",
        "What do you think of the fairness of the fee for the service?",
    ),
    _options(
        ("Tidak wajar", "Not fair"),
        ("Kurang wajar", "Less fair"),
        ("Wajar", "Fair"),
        ("Sangat wajar", "Very fair"),
    ),
)


def worded_by_fee(questionnaire: Questionnaire, fees: Mapping[str, str]) -> Questionnaire:
    """Return the SKM of 2017 with words that fit each service; `fees` are published fees by number series.

    A service without a published fee keeps the words of the regulation; any other questionnaire is returned as it is.
    """
    if questionnaire.measure is not Measure.SKM_2017:
        return questionnaire
    variants = {series: FREE if is_free(fee) else PAID for series, fee in sorted(fees.items()) if fee.strip()}
    return replace(questionnaire, questions=tuple(_worded(each, variants) for each in questionnaire.questions))


def is_free(fee: str) -> bool:
    """Tell whether a published fee says that there is none, and nothing else."""
    return " ".join(fee.lower().split()).rstrip(".") in FREE_WORDS


def _worded(question: Question, variants: Mapping[str, Variant]) -> Question:
    if question.key != FEE:
        return question
    return replace(question, variants={**variants, **question.variants})
