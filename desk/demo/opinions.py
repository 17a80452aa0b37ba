"""What visitors say afterwards, to any questionnaire: a mood for the whole, and answers around it."""

from random import Random
from typing import Final

from desk.demo.agenda import Deck
from desk.domain.questionnaires import COMMENT, About, Kind, Question, Questionnaire

MOODS: Final = {"5": 11, "4": 9, "3": 3, "2": 1, "1": 1}
WORST, BEST = 1, 5
ABOUT_THE_MOOD: Final = (0, 0, 0, 0, 0, -1, -1, 1)  # single answers around the mood, rather below than above it
COMMENTS: Final = {
    5: ("Petugas ramah dan jelas.", "Cepat, terima kasih.", "Dijelaskan sampai mengerti."),
    4: ("Sudah baik, tempat duduknya kurang.", "Pelayanan baik."),
    3: ("Agak lama menunggu.", "Persyaratan sebaiknya ditulis lebih besar."),
    2: ("Harus kembali lagi karena berkas kurang, tidak diberi tahu dari awal.",),
    1: ("Menunggu terlalu lama.",),
}
COMMENTED: Final = {"yes": 1, "no": 2}
TELLS_OF_ONESELF: Final = 0.7
USUAL: Final = 0.6  # where on a list most people find themselves


class Opinions:
    """Answers as many different people give them."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.moods, self.talk = Deck(dice, MOODS), Deck(dice, COMMENTED)

    def answers(self, questionnaire: Questionnaire, *, mood: int | None = None) -> dict[str, str]:
        """Return what somebody says, question key to what is posted; questions that are not asked are left out."""
        mood = int(self.moods.draw()) if mood is None else mood
        said: dict[str, str] = {}
        numbers: dict[str, int | str] = {}
        for question in questionnaire.questions:
            if question.shown_if is not None and not question.shown_if.holds(numbers):
                continue
            answer = self._answer(question, mood)
            said[question.key] = str(answer)
            if isinstance(answer, int):
                numbers[question.key] = answer
        return {key: answer for key, answer in said.items() if answer}

    def _answer(self, question: Question, mood: int) -> int | str:
        match question.kind:
            case Kind.SCALE:
                return self._number(question, mood)
            case Kind.CHOICE if question.about is About.SERVICE or self.dice.random() < TELLS_OF_ONESELF:
                return self._one_of(question)
            case Kind.TEXT if question.key == COMMENT and (self.talk.draw() == "yes" or mood < 3):
                return self.dice.choice(COMMENTS[mood])
            case _:
                return ""

    def _one_of(self, question: Question) -> int | str:
        """Return one of the answers, those after the middle more often: few are very young or have a doctorate."""
        many = len(question.options)
        return question.options[min(many - 1, int(self.dice.triangular(0, many, USUAL * many)))].value

    def _number(self, question: Question, mood: int) -> int:
        """Return where the mood lies on a scale, now and then a step beside it; one of the same length is the mood."""
        low, high = question.bounds
        if high - low == BEST - WORST:
            return low + mood - WORST
        place = low + round((mood - WORST) / (BEST - WORST) * (high - low))
        return min(high, max(low, place + self.dice.choice(ABOUT_THE_MOOD)))
