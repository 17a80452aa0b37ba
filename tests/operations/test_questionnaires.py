"""Questionnaires of an office: drafts, versions that never change, what is asked where, and how answers are kept."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from desk.domain.access import Actor, Role
from desk.domain.facts import EventName
from desk.domain.invitation import Privacy
from desk.domain.questionnaire_json import as_json, read
from desk.domain.questionnaires import Words
from desk.domain.refusals import Reason
from desk.domain.shipped_questionnaires import SHIPPED
from desk.models import (
    EventRow,
    InvitationRow,
    LooseResponse,
    Note,
    QuestionnaireDraft,
    QuestionnaireRow,
    QuestionnaireStep,
    ResponseDetail,
    ResponseHandler,
    ResponseRevision,
    ResponseRow,
    SurveyTally,
)
from desk.operations.requests import Request
from desk.operations.survey import questionnaires

ELEMENTS = {each.key: "3" for each in SHIPPED["skm2017"].questions if each.scored}


@pytest.fixture
def office(desk_office):
    """Sari at counter 1."""
    desk_office.sari.signs_on(1)
    return desk_office


@pytest.fixture
def admin(office):
    """The verbs of an administrator."""
    return Admin(office, Actor.staff(office.budi.id, Role.ADMIN))


class Admin:
    """What an administrator does to questionnaires."""

    def __init__(self, office, actor):
        self.office, self.actor = office, actor

    def request(self, verb):
        return Request(self.actor, verb)

    def saves(self, questionnaire, revision=0):
        definition = as_json(questionnaire)
        return questionnaires.save_draft(
            self.office.streams, self.office.id, questionnaire.code, self.request("save"),
            definition=definition, revision=revision,
        ).facts["revision"]  # fmt: skip

    def publishes(self, code, revision=1):
        request = self.request("publish")
        return questionnaires.publish(self.office.streams, self.office.id, code, request, revision=revision).facts

    def takes_back(self, code, revision):
        request = self.request("take_back")
        return questionnaires.take_back(
            self.office.streams, self.office.id, code, request, revision=revision
        ).facts["revision"]  # fmt: skip

    def chooses_all(self, **codes):
        by_service = {None if name == "office" else self.office.services[name]: code for name, code in codes.items()}
        request = self.request("choose_all")
        return questionnaires.choose_all(self.office.streams, self.office.id, request, codes=by_service).facts

    def chooses(self, code, service=None):
        service_id = None if service is None else self.office.services[service]
        request = self.request("choose")
        return questionnaires.choose(
            self.office.streams, self.office.id, request, code=code, service_id=service_id
        )  # fmt: skip

    def keeps(self, privacy, minutes=30):
        correction = timedelta(minutes=minutes)
        request = self.request("keep")
        return questionnaires.keep_answers(
            self.office.streams, self.office.id, request, privacy=privacy, correction=correction
        )  # fmt: skip


def ended(office, series="A", **said):
    """Serve somebody to the end; return the invitation."""
    office.arrives(series, **said)
    transaction = office.sari.serves()
    office.sari.completes(transaction)
    return office.row(InvitationRow, transaction_id=transaction)


class TestVersions:
    def test_a_draft_becomes_a_version_and_is_gone(self, office, admin):
        admin.saves(SHIPPED["nps"])
        done = admin.publishes("nps")

        version = office.row(QuestionnaireRow)
        assert (version.id, version.number, version.measure) == (done["questionnaire"], 1, "nps")
        assert read(json.loads(version.definition)) == SHIPPED["nps"]
        assert office.rows(QuestionnaireDraft) == []
        assert office.findings() == []

    def test_the_next_version_leaves_the_first_alone(self, office, admin):
        admin.saves(SHIPPED["nps"])
        first = admin.publishes("nps")["questionnaire"]
        changed = replace(SHIPPED["nps"], questions=SHIPPED["nps"].questions[:1])
        admin.saves(changed)

        assert admin.publishes("nps")["number"] == 2
        assert read(json.loads(office.row(QuestionnaireRow, id=first).definition)) == SHIPPED["nps"]

    def test_nothing_new_is_no_version(self, office, admin):
        admin.saves(SHIPPED["nps"])
        admin.publishes("nps")
        admin.saves(SHIPPED["nps"])

        with office.refuses(Reason.ALREADY_DONE):
            admin.publishes("nps")
        assert len(office.rows(QuestionnaireDraft)) == 1, "what was typed is not lost"

    def test_two_who_save_do_not_lose_each_others_work(self, office, admin):
        admin.saves(SHIPPED["nps"])
        admin.saves(SHIPPED["nps"], revision=1)

        with office.refuses(Reason.LIST_CHANGED):
            admin.saves(SHIPPED["nps"], revision=1)
        with office.refuses(Reason.LIST_CHANGED):
            admin.publishes("nps", revision=1)

    def test_what_is_unfit_stays_a_draft(self, office, admin):
        admin.saves(replace(SHIPPED["nps"], questions=()))

        with office.refuses(Reason.QUESTIONNAIRE_UNFIT, faults=["no_questions", "measure_needs"]):
            admin.publishes("nps")
        assert office.rows(QuestionnaireRow) == []

    @pytest.mark.parametrize("definition", [{}, {"code": "x"}, {**as_json(SHIPPED["nps"]), "code": "other"}])
    def test_what_is_no_questionnaire_is_not_even_a_draft(self, office, admin, definition):
        with office.refuses(Reason.INVALID):
            questionnaires.save_draft(
                office.streams, office.id, "nps", admin.request("save"), definition=definition, revision=0
            )

    def test_only_the_administrator(self, office):
        others = Admin(office, Actor.staff(office.budi.id, Role.SUPERVISOR))

        for act in (
            lambda: others.saves(SHIPPED["nps"]),
            lambda: others.publishes("nps"),
            lambda: others.chooses("nps"),
            lambda: others.keeps(Privacy.ANONYMOUS),
            lambda: others.chooses_all(office="one"),
        ):
            with office.refuses(Reason.FORBIDDEN):
                act()

    def test_a_draft_can_be_thrown_away(self, office, admin):
        admin.saves(SHIPPED["ces"])
        questionnaires.discard_draft(office.streams, office.id, "ces", admin.request("discard"))

        assert office.rows(QuestionnaireDraft) == []
        with office.refuses(Reason.UNKNOWN):
            questionnaires.discard_draft(office.streams, office.id, "ces", admin.request("discard"))


class TestTakingBack:
    def test_each_change_and_the_revision_goes_on(self, office, admin):
        shorter = replace(SHIPPED["nps"], questions=SHIPPED["nps"].questions[:1])
        admin.saves(SHIPPED["nps"])
        admin.saves(shorter, revision=1)
        admin.saves(shorter, revision=2)  # says nothing new: no step of its own
        assert admin.takes_back("nps", 3) == 4

        draft = office.row(QuestionnaireDraft)
        assert (draft.revision, read(json.loads(draft.definition))) == (4, SHIPPED["nps"])
        with office.refuses(Reason.ALREADY_DONE):
            admin.takes_back("nps", 4)

    def test_only_what_one_has_seen(self, office, admin):
        with office.refuses(Reason.UNKNOWN):
            admin.takes_back("nps", 1)
        admin.saves(SHIPPED["nps"])
        admin.saves(replace(SHIPPED["nps"], questions=()), revision=1)
        with office.refuses(Reason.LIST_CHANGED):
            admin.takes_back("nps", 1)
        others = Admin(office, Actor.staff(office.budi.id, Role.SUPERVISOR))
        with office.refuses(Reason.FORBIDDEN):
            others.takes_back("nps", 2)

    def test_the_oldest_steps_are_forgotten_and_all_go_with_the_draft(self, office, admin):
        revision = 0
        for length in range(questionnaires.MOST_STEPS + 5):
            revision = admin.saves(replace(SHIPPED["nps"], title=Words("x" * length, "x")), revision)
        kept = [row.revision for row in office.rows(QuestionnaireStep)]
        assert kept == list(range(revision - questionnaires.MOST_STEPS, revision))

        questionnaires.discard_draft(office.streams, office.id, "nps", admin.request("discard"))
        assert office.rows(QuestionnaireStep) == []
        admin.saves(SHIPPED["nps"])
        admin.saves(replace(SHIPPED["nps"], intro=Words("a", "b")), revision=1)
        admin.publishes("nps", 2)
        assert office.rows(QuestionnaireStep) == []


class TestChoosing:
    def test_several_at_once_all_or_nothing(self, office, admin):
        office.asks_with("nps")
        assert admin.chooses_all(office="one", A="nps", B=None)["changed"] == 2
        with office.refuses(Reason.ALREADY_DONE):
            admin.chooses_all(office="one", A="nps", B=None)
        with office.refuses(Reason.UNKNOWN):
            admin.chooses_all(office="nps", A="nothing")
        with office.refuses(Reason.INVALID):
            admin.chooses_all(A=None, office=None)

        assert ended(office, "A").questionnaire_id is not None
        assert ended(office, "B").questionnaire_id is None, "the one question that every desk begins with"
        assert office.findings() == []

    def test_until_somebody_chooses_the_one_question_is_asked(self, office):
        invitation = ended(office)

        assert invitation.questionnaire_id is None
        office.says(invitation.id, score="2", what_failed="wait", comment="Lama")
        assert office.row(ResponseRow).answers == {"score": 2, "what_failed": "wait"}

    def test_a_service_may_be_asked_about_in_its_own_way(self, office, admin):
        version = office.asks_with("skm2017", service="A")
        asked = ended(office)

        assert asked.questionnaire_id == version
        assert ended(office, "B").questionnaire_id is None
        admin.chooses(None, "A")
        assert ended(office).questionnaire_id is None

    def test_a_later_version_asks_those_who_end_later(self, office, admin):
        first = office.asks_with("nps")
        asked = ended(office)
        admin.saves(replace(SHIPPED["nps"], questions=SHIPPED["nps"].questions[:1]))
        second = admin.publishes("nps")["questionnaire"]

        assert asked.questionnaire_id == first
        assert ended(office).questionnaire_id == second
        assert office.row(InvitationRow, id=asked.id).questionnaire_id == first

    def test_refusals(self, office, admin):
        with office.refuses(Reason.UNKNOWN):
            admin.chooses("nps")
        with office.refuses(Reason.INVALID):
            admin.chooses(None)
        office.asks_with("nps")
        with office.refuses(Reason.ALREADY_DONE):
            admin.chooses("nps")
        with office.refuses(Reason.UNKNOWN):
            questionnaires.choose(office.streams, office.id, admin.request("choose"), code="nps", service_id=9_999)


class TestAnswers:
    def test_a_profile_is_in_no_event_and_erasable(self, office):
        office.asks_with("skm2017")
        invitation = ended(office)
        office.says(invitation.id, **ELEMENTS, usia="60+", jenis_kelamin="P", comment="Lekas sembuh")

        response, detail = office.row(ResponseRow), office.row(ResponseDetail)
        assert (response.score, response.satisfaction) == (None, 6_667)
        assert detail.profile == {"usia": "60+", "jenis_kelamin": "P"}
        with office.streams.reading() as connection:
            payloads = " ".join(connection.execute(select(EventRow.payload)).scalars())
        assert "60+" not in payloads.split("QuestionnairePublished")[-1].split('"answers"')[-1]
        assert office.findings() == []

    def test_an_element_left_out_is_refused_and_nothing_is_kept(self, office):
        office.asks_with("skm2017")
        invitation = ended(office)
        partly = dict.fromkeys(list(ELEMENTS)[:-1], "3")

        with office.refuses(Reason.SCORE_MISSING):
            office.says(invitation.id, **partly)
        assert office.rows(ResponseRow) == []
        assert office.row(InvitationRow).state == "open"

    def test_a_correction_keeps_what_was_said_before(self, office):
        invitation = ended(office)
        office.says(invitation.id, score="1", comment="Salah tekan")
        office.clock.tick(29 * 60)
        office.corrects(invitation.id, score="5", comment="Bagus")

        response, before = office.row(ResponseRow), office.row(ResponseRevision)
        assert (response.score, response.revision, response.satisfaction) == (5, 2, 10_000)
        assert (before.answers, before.revision, before.satisfaction) == ({"score": 1}, 1, 0)
        assert office.row(Note, id=response.words_id).words == "Bagus"
        assert office.findings() == []

    def test_a_correction_has_its_time(self, office):
        invitation = ended(office)
        with office.refuses(Reason.LINK_REVOKED):
            office.corrects(invitation.id, score="5")
        office.says(invitation.id, score="1")
        office.clock.tick(30 * 60)

        with office.refuses(Reason.LINK_USED):
            office.corrects(invitation.id, score="5")

    def test_the_time_for_a_correction_is_that_which_was_promised(self, office, admin):
        invitation = ended(office)
        assert office.row(InvitationRow).correction_s == 1800
        admin.keeps(Privacy.LINKED, minutes=0)
        office.says(invitation.id, score="1")
        office.clock.tick(29 * 60)
        office.corrects(invitation.id, score="5")
        assert office.row(ResponseRow).score == 5

        later = ended(office)
        office.says(later.id, score="1")
        with office.refuses(Reason.LINK_USED):
            office.corrects(later.id, score="5")
        assert office.findings() == []

    def test_where_nothing_was_promised_the_setting_holds(self, office, admin):
        invitation = ended(office)
        with office.streams.engine.begin() as connection:
            connection.execute(update(InvitationRow).values(correction_s=None))
        office.says(invitation.id, score="1")
        admin.keeps(Privacy.LINKED, minutes=60)
        office.clock.tick(59 * 60)

        office.corrects(invitation.id, score="5")
        with office.streams.engine.begin() as connection:  # as the event has it
            connection.execute(update(InvitationRow).values(correction_s=1800))

    def test_a_correction_of_the_profile_takes_its_place(self, office):
        office.asks_with("skm2017")
        invitation = ended(office)
        office.says(invitation.id, **ELEMENTS, usia="60+")
        office.corrects(invitation.id, **ELEMENTS)

        assert office.rows(ResponseDetail) == []
        assert office.findings() == []


class TestTallies:
    def test_every_answer_is_counted_under_its_service_and_its_handlers(self, office):
        office.dewi.signs_on(2)
        office.arrives("A")
        transaction = office.sari.serves()
        office.clock.tick(300)
        office.dewi.accepts(office.sari.offers(transaction, office.dewi))
        office.clock.tick(100)
        office.dewi.completes(transaction)
        office.says(office.row(InvitationRow).id, score="4")

        whole = office.row(SurveyTally, holder_id=0)
        assert (whole.answers, whole.counts, whole.total) == (1, {"score": {"4": 1}}, 10_000 * 7_500)
        assert (whole.service_id, whole.measure, whole.origin) == (office.services["A"], "csat", "linked")
        shares = {row.holder_id: row.share for row in office.rows(ResponseHandler)}
        assert set(shares) == {office.sari.id, office.dewi.id} and sum(shares.values()) == 10_000
        assert office.row(SurveyTally, holder_id=office.dewi.id).weight == shares[office.dewi.id]
        assert office.findings() == []

    def test_a_correction_takes_the_place_of_what_was_counted(self, office):
        office.asks_with("skm2017")
        invitation = ended(office)
        office.says(invitation.id, **ELEMENTS, usia="60+")
        office.corrects(invitation.id, **(ELEMENTS | {"waktu": "1"}))

        whole = office.row(SurveyTally, holder_id=0)
        assert (whole.answers, whole.counts["waktu"], whole.profile) == (1, {"1": 1}, {})
        assert office.findings() == []

    def test_a_tally_that_is_no_sum_is_found(self, office):
        invitation = ended(office)
        office.says(invitation.id, score="4")
        kept = [dict(row._mapping) for row in office.rows(SurveyTally)]
        with office.streams.engine.begin() as connection:
            connection.execute(update(SurveyTally).where(SurveyTally.holder_id == 0).values(total=1))
        assert {(each.invariant, each.kind) for each in office.findings()} == {(4, "tally")}
        with office.streams.engine.begin() as connection:
            connection.execute(delete(SurveyTally))
        assert {each.message for each in office.findings()} == {"there are answers, and no tally of them"}
        with office.streams.engine.begin() as connection:
            connection.execute(insert(SurveyTally), kept)


class TestAnonymous:
    def test_nothing_leads_from_the_answer_to_the_transaction(self, office, admin):
        admin.keeps(Privacy.ANONYMOUS)
        invitation = ended(office)
        done = office.says(invitation.id, score="2", comment="Rahasia")

        loose = office.row(LooseResponse)
        assert (loose.answers, loose.texts, loose.origin) == ({"score": 2}, {"comment": "Rahasia"}, "anonymous")
        assert loose.service_id == office.services["A"]
        assert (done.facts["responses"], office.rows(ResponseRow), office.rows(Note)) == ([], [], [])
        with office.streams.reading() as connection:
            last = connection.execute(select(EventRow.__table__).order_by(EventRow.number.desc())).first()
        assert (last.name, json.loads(last.payload)) == (EventName.INVITATION_USED, {"invitation": invitation.id})
        assert office.findings() == []

    def test_once_and_not_corrected(self, office, admin):
        admin.keeps(Privacy.ANONYMOUS)
        invitation = ended(office)
        office.says(invitation.id, score="2")

        with office.refuses(Reason.LINK_USED):
            office.says(invitation.id, score="5")
        with office.refuses(Reason.LINK_USED):
            office.corrects(invitation.id, score="5")
        assert len(office.rows(LooseResponse)) == 1

    def test_who_was_invited_before_is_kept_as_was_said_then(self, office, admin):
        invitation = ended(office)
        admin.keeps(Privacy.ANONYMOUS)
        office.says(invitation.id, score="2")

        assert office.row(ResponseRow).score == 2

    def test_a_time_out_of_range(self, office, admin):
        for minutes in (-1, 24 * 60 + 1):
            with office.refuses(Reason.INVALID, field="correction"):
                admin.keeps(Privacy.LINKED, minutes)
