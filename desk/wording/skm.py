"""Words of the satisfaction index: what warns, where answers came from, what the profile asks, how it is counted."""

from collections.abc import Mapping
from typing import Final

from desk.domain.improvement import Status
from desk.domain.questionnaires import Measure
from desk.domain.skm_header import HeaderFault
from desk.domain.skm_index import IntervalMethod
from desk.domain.skm_sheet import RowFault
from desk.domain.skm_warnings import WarningKind
from desk.domain.tallies import Origin
from desk.wording import N_

MEASURES: Final[Mapping[Measure, str]] = {
    Measure.CSAT: N_("Satisfaction, 1 to 5"),
    Measure.SKM_2017: N_("SKM of 2017, nine elements"),
    Measure.SKM_2004: N_("IKM of 2004, fourteen elements"),
    Measure.CES: N_("Ease, 1 to 7 (CES)"),
    Measure.NPS: N_("Recommendation, 0 to 10 (NPS)"),
    Measure.OWN: N_("Own questionnaire"),
}
ORIGINS: Final[Mapping[Origin, str]] = {
    Origin.LINKED: N_("Tied to a transaction"),
    Origin.ANONYMOUS: N_("Anonymous"),
    Origin.PAPER: N_("On paper"),
    Origin.IMPORT: N_("From a file"),
    Origin.POSTER: N_("From the poster: counted apart"),
    Origin.STAFF: N_("From or about staff: not counted"),
}
PROFILE: Final[Mapping[str, str]] = {
    "jenis_kelamin": N_("Sex"),
    "usia": N_("Age"),
    "pendidikan": N_("Education"),
    "pekerjaan": N_("Occupation"),
    "layanan": N_("Service received"),
    "jam": N_("Time of day"),
}
VALUES: Final[Mapping[str, str]] = {"L": N_("Male"), "P": N_("Female"), "Lainnya": N_("Other")}
STATUSES: Final[Mapping[Status, str]] = {
    Status.PLANNED: N_("Planned"),
    Status.UNDER_WAY: N_("Under way"),
    Status.DONE: N_("Done"),
    Status.DROPPED: N_("Dropped"),
}
# What the regulation writes short, in words.
PROFILE_VALUES: Final[Mapping[str, str]] = {"L": N_("Male"), "P": N_("Female")}
WARNINGS: Final[Mapping[WarningKind, str]] = {
    WarningKind.NOT_OVER: N_(
        "This period is not over: counted are answers until %(day)s, and it goes on until %(last)s. What comes in after"
        " publishing stands in a new version only."
    ),
    WarningKind.TOO_FEW_TO_PUBLISH: N_(
        "Respondents: %(received)s. With fewer than %(fewest)s, do not publish the index."
    ),
    WarningKind.BELOW_SAMPLE: N_("Respondents: %(received)s. Needed: %(needed)s of %(population)s who were served."),
    WarningKind.MORE_THAN_SERVED: N_("Respondents: %(received)s, but only %(population)s were served."),
    WarningKind.ANSWERS_MISSING: N_(
        "Not everybody answered every element; each divides by its own answers: %(elements)s."
    ),
    WarningKind.ELEMENT_UNANSWERED: N_("Nobody answered %(elements)s, so there is no index."),
    WarningKind.PERIOD_COPIED: N_("Every element has the same mean as in %(period)s: was it copied?"),
    WarningKind.NOT_COMPARED: N_(
        "Not compared with %(period)s: its services follow different regulations, which are never mixed."
    ),
    WarningKind.FEW_SINCE_PUBLISHED: N_(
        "As published on %(day)s (%(period)s): what has come in or was changed since is of fewer than %(fewest)s people"
        " and is counted in as soon as it is of %(fewest)s. Before that, whoever compares both would know what they"
        " said."
    ),
    WarningKind.INDEX_DIFFERS: N_(
        "What was published of this period says %(published)s; the answers now give %(computed)s."
    ),
    WarningKind.LETTER_DIFFERS: N_(
        "What was published says quality %(published)s, but its figure %(index)s is quality %(letter)s."
    ),
    WarningKind.WEIGHT_DIFFERS: N_(
        "What was published says weight %(published)s, but its figure comes from weight %(used)s."
    ),
    WarningKind.TREND_DIFFERS: N_("The figure went from %(before)s to %(now)s; what was published says otherwise."),
}
FAULTS: Final[Mapping[HeaderFault | RowFault, str]] = {
    HeaderFault.EMPTY_FILE: N_("the file is empty"),
    HeaderFault.NO_ELEMENTS: N_("no column is named after an element; the first line must name the columns"),
    HeaderFault.NUMBERED: N_(
        "columns are named by element (persyaratan, prosedur …), not by number: offices number pengaduan and sarana in"
        " either order"
    ),
    HeaderFault.ELEMENT_MISSING: N_("this element has no column"),
    HeaderFault.COLUMN_TWICE: N_("two columns have this name"),
    HeaderFault.RULES_MIXED: N_("elements of the rules of 2017 and of 2004 stand side by side; they are never mixed"),
    RowFault.ENCODING: N_("the line is not in the encoding of the file; save the whole file as “CSV UTF-8”"),
    RowFault.QUOTES: N_("quotation marks do not match"),
    RowFault.CELL_TOO_LONG: N_(
        "a cell of the row has more than 131,072 characters, maybe in a column that is not taken over: shorten it, or"
        " close its quotation mark"
    ),
    RowFault.COLUMNS: N_("the row has not as many cells as the first line (cells/columns)"),
    RowFault.NO_ANSWER: N_("the row has no answer to any element"),
    RowFault.OFF_SCALE: N_("an answer is 1, 2, 3 or 4, or empty"),
    RowFault.RESPONDENT_TWICE: N_("this respondent stands in the file already, further up"),
    RowFault.PROFILE: N_("the value has more than 60 characters, or begins with = + - or @"),
    RowFault.DATE: N_("this is not a date; write 2025-03-31 or 31/03/2025"),
    RowFault.OUTSIDE_PERIOD: N_("the date does not lie in the period"),
    RowFault.FUTURE: N_("the day lies before 2000 or in the future"),
    RowFault.SERVICE: N_("no service of this office has this letter or name"),
    RowFault.TAKEN: N_("this row was taken over already, and counts"),
}
INTERVALS: Final[Mapping[IntervalMethod, str]] = {
    IntervalMethod.RESPONDENTS: N_("Student's interval of the respondents' own indices"),
    IntervalMethod.ELEMENTS: N_(
        "the standard errors of the elements added up, as not every respondent's own index is known: too wide rather"
        " than too narrow"
    ),
    IntervalMethod.ALIKE: N_("all respondents' own indices are the same: Wilson's interval of how many would differ"),
}
OF_THE_INTERVAL: Final = N_(
    "Interval of the index: where everybody answered every element, Student's of the respondents' own indices;"
    " where elements were left out, at most the sum of the standard errors of the weighted means, which is too"
    " wide rather than too narrow. It covers 95%% and tells of chance only, not of who did not answer."
)
METHODS: Final[Mapping[str, tuple[str, ...]]] = {
    "ikm": (
        N_("NRR = sum of the scores ÷ answers, for each element. IKM = sum of (NRR × weight) × 25."),
        N_("Everything is exact until it is shown, and then rounded once, half up. The letter is that of the figure."),
        N_(
            "Counted are all who were served and answered: through their link, anonymously, on paper or from a file. "
            "Answers from the poster and from staff are not among them."
        ),
        N_("An office's index is pooled over respondents, never the mean of its services' figures."),
        OF_THE_INTERVAL,
        N_(
            "Needed respondents after Krejcie and Morgan (1970): X²NP(1−P) ÷ (d²(N−1) + X²P(1−P)), X² = 3.841, P = 0.5,"
            " d = 0.05. N is how many were served and ended in the period."
        ),
        N_(
            "Of fewer than 5 respondents no figures are shown, nor what would reveal them beside other figures: further"
            " services, or a period of which fewer than 5 lie outside within the longer one."
        ),
        N_(
            "The same holds for each element by itself, which fewer people may have answered. Where one is hidden, so"
            " is the index: whoever took the other elements off it would have it."
        ),
    ),
    "scores": (
        N_(
            "Satisfaction: each scored answer from the lowest (0%%) to the highest (100%%) of its scale, the mean of "
            "a respondent's answers, then of all respondents to this questionnaire, with Student's interval."
        ),
        N_(
            "Scales are never mixed: the tables by service, month, officer and leg are of one questionnaire, the one"
            " chosen above (without a choice the one that most answered), and posters stand by questionnaire."
        ),
        N_("CSAT = those who answered 4 or 5 of 5 ÷ all who answered. That is also the first formula of GOV.UK."),
        N_("GOV.UK, second formula = (mean − 1) ÷ 4. NPS = share of 9 and 10 − share of 0 to 6. CES = mean, 1 to 7."),
        N_(
            "Intervals cover 95%%: of shares (CSAT, GOV.UK's first formula) Wilson's; of means (CES, GOV.UK's second"
            " formula) Student's; of NPS the adjusted Wald interval of Rocks (2016), with 3/4 of an answer added to"
            " promoters and to detractors and 3 to all. Where all said the same it is as wide as Wilson's leaves open."
        ),
        N_(
            "An officer's score counts each answer by the officer's share of the work (time serving and processing) in "
            "that transaction. Shares are frozen when the answer comes. Interval: Student's, with the effective number "
            "of answers after Kish. Under 10 answers no score, under 30 no rank; officers stand by name."
        ),
        N_(
            "Of fewer than 5 respondents no figures are shown, nor what would reveal them beside other figures: further"
            " services, or a period of which fewer than 5 lie outside within the longer one."
        ),
    ),
}
LEADS: Final[Mapping[str, str]] = {
    "ikm": N_("The official index of the public satisfaction survey (SKM), live, from the answers themselves."),
    "scores": N_(
        "What visitors thought, by service, month and officer. A difference between two figures means little where "
        "their intervals overlap."
    ),
}
