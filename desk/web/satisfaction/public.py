"""Publishing a survey, and the page for everybody that shows what was published, the same for all.

The public page sets no cookie and reads none: its language stands in its address. It shows frozen figures of the event
that published them; only how far the plan is now is read anew.
"""

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from desk.domain.access import PUBLIC, Role
from desk.domain.refusals import Reason, Refused
from desk.domain.skm_index import Index
from desk.operations.survey import publishing
from desk.reads import improvements as reads
from desk.reads.improvements import Publication
from desk.reads.report_names import get_names
from desk.web.access import access, in_office
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import refusal_status, sentence
from desk.web.forms.improvements import PublishForm

blueprint = Blueprint("satisfaction_public", __name__)
PUBLISHING: Final = in_office(Role.ADMIN, Role.SUPERVISOR)
PUBLICATION: Final = "/offices/<int:office_id>/reports/ikm/publication"
SECONDS: Final = 300  # for which anybody on the way may keep the public page
SHOWN_AGAIN: Final = frozenset(
    {
        Reason.TOO_FEW_TO_PUBLISH,
        Reason.TELLS_OF_FEW,
        Reason.WARNINGS_UNCONFIRMED,
        Reason.WORDS_MISSING,
        Reason.NOTE_TOO_LONG,
        Reason.LIST_CHANGED,
        Reason.ALREADY_DONE,
    }
)


@blueprint.get(PUBLICATION)
@access(PUBLISHING)
def preview(office_id: int) -> ResponseReturnValue:
    """Show what would be published of a period, what warns of it, and what was published before."""
    get_office(office_id)
    return _preview(office_id, None, 200)


@blueprint.post(PUBLICATION)
@access(PUBLISHING)
def publish(office_id: int) -> ResponseReturnValue:
    """Publish what was seen."""
    from desk.reports.skm_findings import find

    get_office(office_id)
    question, form = _question(office_id), PublishForm("publish")
    if not form.validate_on_submit():
        return _preview(office_id, form, 422)
    said = {"seen": form.seen.data or "", "confirmed": bool(form.confirmed.data), "reason": form.reason.data}
    request_ = asked(acting(office_id), "publish_survey", period=str(question.period), **said)
    try:
        done = publishing.publish_survey(
            desk().streams, office_id, request_, lambda connection: find(connection, question).ready, **said
        )
    except Refused as refused:
        if refused.reason not in SHOWN_AGAIN:
            raise
        form.form_errors.append(sentence(_in_words(refused)))
        return _preview(office_id, form, refusal_status(refused))
    flash(
        gettext("Published as version %(version)s. Everybody can read it now.", version=done.facts["version"]),
        "success",
    )
    return redirect(url_for("satisfaction_public.preview", office_id=office_id, **_kept()), 303)


def _in_words(refused: Refused) -> Refused:
    """Return a refusal that names a period as people say it."""
    from desk.domain.skm_period import read_period
    from desk.web.satisfaction.question import period_words

    if refused.reason is not Reason.TELLS_OF_FEW:
        return refused
    period = period_words(read_period(str(refused.details["period"])))
    return Refused(refused.reason, **{**refused.details, "period": period})


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in ("period", "weight", "measure") if request.args.get(name)}


def _question(office_id: int) -> Any:
    """Return what is asked; of one service nothing is published, and what cannot be meant is not found."""
    from desk.web.reports.question import today_of
    from desk.web.satisfaction.documents import question_of
    from desk.web.satisfaction.question import read_asked

    names = get_names(reader(), office_id)
    found = read_asked(today_of(reader(), office_id, desk().streams.clock()), names)
    if found.wrong:
        abort(404)
    return replace(question_of(office_id, found), service_id=0)


def _preview(office_id: int, problem: PublishForm | None, status: int) -> ResponseReturnValue:
    from desk.domain.published_together import tell_of_few
    from desk.reports.skm_findings import find
    from desk.web.satisfaction.index import warned
    from desk.web.satisfaction.page import why_elements_untold, why_untold
    from desk.web.satisfaction.published import published_view

    question = _question(office_id)
    found = find(reader(), question)
    every = reads.list_publications(reader(), office_id)
    versions = [each for each in every if each.period == question.period]
    figures = found.ready.figures
    form = problem or PublishForm("publish", blank=True)
    form.seen.data = figures.seen
    words = {each.words_id: each.program for each in found.plan}
    page = render_template(
        "publication/preview.html",
        period=question.period,
        tells=not found.too_few and found.untold is None and found.index.value is not None,
        untold=None if found.too_few else why_untold(found.untold) or why_elements_untold(found.index),
        view=published_view(figures, found.tally, words, {}, until=question.today),
        warnings=[warned(each, found.index) for each in found.warnings],
        versions=versions,
        telling=tell_of_few(each.figures for each in reversed(every)),
        is_new=not versions or versions[0].figures.seen != figures.seen,
        publish_form=form,
        form=problem,
        kept=_kept(),
        **_words(),
        language_path=url_for("satisfaction_public.preview", office_id=office_id, **_kept()),
    )
    return page, status


@blueprint.get("/offices/<int:office_id>/satisfaction")
@access(PUBLIC)
def latest(office_id: int) -> ResponseReturnValue:
    """Show the latest period that was published."""
    return _public(office_id, None)


@blueprint.get("/offices/<int:office_id>/satisfaction/<period>")
@access(PUBLIC)
def of_period(office_id: int, period: str) -> ResponseReturnValue:
    """Show what was published of a period; an earlier version of it with `version`."""
    return _public(office_id, period)


def _public(office_id: int, period: str | None) -> ResponseReturnValue:
    from desk.reports.since_published import find_counted
    from desk.web.reports.question import today_of
    from desk.web.satisfaction.published import published_view

    g.for_everybody = True
    get_office(office_id)
    every = reads.list_publications(reader(), office_id)
    chosen = _chosen(every, period)
    view = None
    if chosen is not None:
        planned = chosen.figures.plan
        words = reads.find_words(reader(), office_id, [each.words_id for each in planned])
        now = reads.find_statuses(reader(), office_id, [each.id for each in planned])
        is_newest = not any(each.period == chosen.period and each.version > chosen.version for each in every)
        figures = chosen.figures if is_newest else replace(chosen.figures, profile={})  # else both could be compared
        counted = find_counted(reader(), office_id, chosen)
        view = published_view(figures, counted, words, now, until=today_of(reader(), office_id, chosen.at))
    newest = {each.period: each for each in reversed(every)}
    page = render_template(
        "publication/public.html",
        view=view,
        chosen=chosen,
        versions=[each for each in every if chosen is not None and each.period == chosen.period],
        earlier=[(each, _index(each)) for each in reversed(newest.values()) if each is not chosen],
        **_words(),
        now=None,
        person=None,
    )
    return _for_everybody(page)


def _chosen(every: list[Publication], period: str | None) -> Publication | None:
    """Return the version that is asked for; 404 for one that was never published, or is withdrawn."""
    if period is None:
        return every[0] if every else None
    version = request.args.get("version", "")
    mine = [
        each for each in every if each.is_public and str(each.period) == period and version in ("", str(each.version))
    ]
    if not mine:
        abort(404)
    return mine[0]


def _index(publication: Publication) -> Index:
    from desk.web.satisfaction.published import index_told

    return index_told(publication.figures)


def _words() -> dict[str, Any]:
    """Return what turns figures and periods into words on a page."""
    from desk.web.satisfaction.page import shown
    from desk.web.satisfaction.question import period_words

    return {"shown": shown, "period_words": period_words}


def _for_everybody(page: str) -> ResponseReturnValue:
    """Return a page that anybody on the way may keep for a while."""
    response = make_response(page)
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    response.add_etag()
    return response.make_conditional(request)
