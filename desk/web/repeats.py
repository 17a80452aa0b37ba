"""By what a repeated request to record answers is told from another: what is remembered of it gives nothing away."""

from collections.abc import Mapping

from flask import request

from desk.domain.access import VISITOR
from desk.domain.audit import canonical, digest_of
from desk.domain.facts import JSON
from desk.domain.identity import office_of
from desk.domain.invitation import Privacy
from desk.reads.invitations import Survey
from desk.web.context import asked, desk
from desk.web.forms.survey import Wizard, fields_of, read_posted
from desk.web.survey.own_standing import told_from_visitor


def told_apart(survey: Survey, given: Mapping[int, Mapping[str, str]]) -> str:
    """Return by what a repeat is told from other answers: a keyed digest, of anonymous ones that there were any.

    It is remembered beside the invitation: whoever tries every answer must not find the one that fits.
    """
    loose = {each.invitation.id for each in survey.asked if each.invitation.privacy is Privacy.ANONYMOUS}
    said: dict[str, JSON] = {str(each): {} if each in loose else {**answers} for each, answers in given.items()}
    return digest_of(desk().streams.keys.links, canonical(said))


def is_repeat_of(survey: Survey) -> bool:
    """Tell whether what was posted is the very answer that was recorded, sent once more."""
    posted = read_posted(request.form, survey.asked)
    begun = tuple(each for each in survey.asked if any(name in posted.said for name in fields_of(each)))
    verb = "revise" if posted.correcting else "answer"
    for sent in filter(None, (survey.asked, begun)):
        wizard = Wizard(sent, posted)
        given = {each.invitation.id: wizard.given(each) for each in wizard.answered}
        asking = told_from_visitor(asked(VISITOR, verb, invitation=survey.linked.id, said=told_apart(survey, given)))
        if asking.key and desk().streams.is_repeat(office_of(survey.linked.id), asking):
            return True
    return False
