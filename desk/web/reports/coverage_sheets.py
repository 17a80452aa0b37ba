"""The sheets of the report of coverage: stages, reasons of not being invited, and how these differ."""

from flask_babel import format_date, format_decimal, gettext, ngettext

from desk.domain.invitation import Channel, Undone
from desk.reads.report_names import Names
from desk.reports.shares import share
from desk.reports.survey_coverage import (
    FEWEST_OF_OFFICER,
    NOT_INVITED,
    NOT_MEANT,
    Coverage,
    Funnel,
    Line,
    Span,
)
from desk.reports.tables import FEWEST
from desk.web.reports.charts import Chart
from desk.web.reports.fairness_sheets import officer_of, service_of
from desk.web.reports.sheets import NOTHING, Column, Kind, Row, Sheet, share_figure, stands_out
from desk.wording.answers import THROUGH
from desk.wording.coverage import NOT_KEPT, REASONS, ROUTES, STAGES


def figures_of(found: Coverage) -> list[tuple[str, str]]:
    """Return the key figures."""
    total = found.total
    if total.eligible < found.fewest:
        return [(NOTHING, gettext("too few to tell: fewer than %(count)d eligible", count=found.fewest))]
    return [
        (str(format_decimal(total.ended)), _ended(found.open_again)),
        (str(format_decimal(total.eligible)), gettext("eligible")),
        share_figure(total.coverage, gettext("invited of the eligible (coverage)")),
        share_figure(total.response, gettext("answered of the invited")),
        (str(format_decimal(total.invited - total.answered)), gettext("invited, no answer (yet)")),
    ]


def _ended(open_again: int) -> str:
    """Say what is counted: what was opened again since has ended once, and stays where it was asked."""
    if not open_again:
        return gettext("transactions ended")
    return ngettext(
        "transactions ended, %(num)d of which is open again",
        "transactions ended, %(num)d of which are open again",
        open_again,
    )


def sheets_of(found: Coverage, names: Names) -> list[Sheet]:
    """Return all tables."""
    is_shown = found.total.eligible >= found.fewest
    return [
        _stages_sheet(found.total, is_shown=is_shown),
        _reasons_sheet(found, is_shown=is_shown),
        _routes_sheet(found),
        _ways_sheet(found),
        _services_sheet(found, names),
        _officers_sheet(found, names),
        _spans_sheet(found),
    ]


def _stages_sheet(total: Funnel, *, is_shown: bool) -> Sheet:
    columns = (
        Column(gettext("Stage"), Kind.TEXT),
        Column(gettext("Transactions"), Kind.COUNT),
        Column(gettext("Of the eligible"), Kind.SHARE),
        Column(gettext("Of the stage before"), Kind.SHARE),
        Column(gettext("Lost on the way here"), Kind.COUNT),
    )
    rows, before = [], total.eligible
    for name, count in total.stages:
        values = (gettext(STAGES[name]), count, share(count, total.eligible), share(count, before), before - count)
        rows.append(Row(values))
        before = count
    return Sheet("funnel", gettext("From eligible to answered"), columns, rows if is_shown else [], _too_few())


def _too_few() -> str:
    return gettext("Too few transactions to tell. Choose more days or a wider filter.")


def _reasons_sheet(found: Coverage, *, is_shown: bool) -> Sheet:
    columns = (
        Column(gettext("Reason"), Kind.TEXT),
        Column(gettext("Counts as eligible"), Kind.TEXT),
        Column(gettext("Transactions"), Kind.COUNT),
        Column(gettext("Of all that ended"), Kind.SHARE),
    )
    rows = []
    for reason in (*NOT_INVITED, *Undone, *NOT_MEANT):
        count = found.reasons.get(reason, 0)
        eligible = gettext("no") if reason in NOT_MEANT else gettext("yes")
        rows.append(Row((gettext(REASONS[reason]), eligible, count, share(count, found.total.ended))))
    return Sheet("reasons", gettext("Not invited, by reason"), columns, rows if is_shown else [], _too_few())


def _columns(subject: str) -> tuple[Column, ...]:
    return (
        Column(subject, Kind.TEXT),
        Column(gettext("Eligible"), Kind.COUNT),
        Column(gettext("Invited"), Kind.COUNT),
        Column(gettext("Coverage"), Kind.SHARE),
        *_stage_columns(),
    )


def _stage_columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Delivered"), Kind.COUNT),
        Column(gettext("Begun"), Kind.COUNT),
        Column(gettext("Answered"), Kind.COUNT),
        Column(gettext("No answer"), Kind.COUNT),
        Column(gettext("Answered of the invited"), Kind.SHARE),
    )


def _values(name: str, funnel: Funnel) -> tuple[object, ...]:
    return (name, funnel.eligible, funnel.invited, funnel.coverage, *_stage_values(funnel))


def _stage_values(funnel: Funnel) -> tuple[object, ...]:
    unanswered = funnel.invited - funnel.answered
    return funnel.delivered, funnel.begun, funnel.answered, unanswered, funnel.response


def _routes_sheet(found: Coverage) -> Sheet:
    columns = (Column(gettext("Channel"), Kind.TEXT), Column(gettext("Invited"), Kind.COUNT), *_stage_columns())
    rows = [
        Row((gettext(ROUTES[str(line.key)]), line.funnel.invited, *_stage_values(line.funnel)))
        for line in found.routes
        if line.funnel.invited >= found.fewest
    ]
    return Sheet("channels", gettext("By channel"), columns, rows, _too_few())


def _ways_sheet(found: Coverage) -> Sheet:
    columns = (
        Column(gettext("Opened through"), Kind.TEXT),
        Column(gettext("Begun"), Kind.COUNT),
        Column(gettext("Answered"), Kind.COUNT),
        Column(gettext("Answered of the begun"), Kind.SHARE),
    )
    shown = [each for each in found.ways if each.begun >= found.fewest]
    rows = [Row((_way(each.channel), each.begun, each.answered, share(each.answered, each.begun))) for each in shown]
    hidden = len(found.ways) - len(shown)
    notes = (gettext("%(count)d with too few are not shown.", count=hidden),) if hidden else ()
    return Sheet("ways", gettext("By the way to the questions"), columns, rows, _too_few(), notes)


def _way(channel: Channel | None) -> str:
    return gettext(NOT_KEPT if channel is None else THROUGH[channel])


def _services_sheet(found: Coverage, names: Names) -> Sheet:
    rows = [_compared(service_of(names, int(line.key)), line) for line in found.services]
    notes = (*_services_hidden(found), *_outliers(found.services))
    columns = (*_columns(gettext("Service")), _luck())
    return Sheet("services", gettext("By service"), columns, rows, _too_few(), notes, stands_out())


def _officers_sheet(found: Coverage, names: Names) -> Sheet:
    named = sorted((officer_of(names, int(line.key)), line) for line in found.officers)
    rows = [_compared(name, line) for name, line in named]
    notes = (*_officers_hidden(found), *_outliers(found.officers))
    columns = (*_columns(gettext("Officer")), _luck())
    return Sheet("officers", gettext("By officer"), columns, rows, _too_few(), notes, stands_out())


def _luck() -> Column:
    return Column(gettext("Chance of such a coverage by luck"), Kind.CHANCE)


def _compared(name: str, line: Line) -> Row:
    return Row((*_values(name, line.funnel), line.chance), marked=line.stands_out)


def _services_hidden(found: Coverage) -> tuple[str, ...]:
    if not found.hidden_services:
        return ()
    return (
        ngettext(
            "%(num)d service with fewer than %(fewest)d eligible transactions is not shown.",
            "%(num)d services with fewer than %(fewest)d eligible transactions are not shown.",
            found.hidden_services,
            fewest=found.fewest,
        ),
    )


def _officers_hidden(found: Coverage) -> tuple[str, ...]:
    if not found.hidden_officers:
        return ()
    return (
        ngettext(
            "%(num)d officer with fewer than %(fewest)d eligible transactions is not shown.",
            "%(num)d officers with fewer than %(fewest)d eligible transactions are not shown.",
            found.hidden_officers,
            fewest=FEWEST_OF_OFFICER,
        ),
    )


def _outliers(lines: list[Line]) -> tuple[str, ...]:
    """Say what a small chance asks for, and what it does not prove."""
    count = sum(each.stands_out for each in lines)
    if not count:
        return ()
    return (
        ngettext(
            "The coverage of %(num)d line differs so much from all others that luck alone is an unlikely explanation"
            " (below 5%%). Look at the reasons of not being invited before you conclude anything.",
            "The coverage of %(num)d lines differs so much from all others that luck alone is an unlikely explanation"
            " (below 5%%). Look at the reasons of not being invited before you conclude anything.",
            count,
        ),
    )


def _spans_sheet(found: Coverage) -> Sheet:
    rows = [Row(_values(_span(span), funnel)) for span, funnel in found.spans if funnel.eligible >= found.fewest]
    hidden = sum(0 < funnel.eligible < found.fewest for _, funnel in found.spans)
    notes = [gettext("%(count)d with too few are not shown.", count=hidden)] if hidden else []
    caption = gettext("By day") if _are_days(found) else gettext("By month")
    subject = gettext("Day") if _are_days(found) else gettext("Month")
    return Sheet("time", caption, _columns(subject), rows, _too_few(), tuple(notes))


def _are_days(found: Coverage) -> bool:
    return all(span.first == span.last for span, _ in found.spans)


def _span(span: Span) -> str:
    return str(format_date(span.first) if span.first == span.last else format_date(span.first, "MMMM y"))


def charts_of(found: Coverage) -> dict[str, Chart]:
    """Return the picture of the stages."""
    if found.total.eligible < FEWEST or found.total.eligible < found.fewest:
        return {}
    title, series = gettext("From eligible to answered"), gettext("Transactions")
    data = {
        "kind": "bar",
        "unit": series,
        "labels": [gettext(STAGES[name]) for name, _ in found.total.stages],
        "series": [{"name": series, "tone": "serving", "values": [count for _, count in found.total.stages]}],
    }
    said = ", ".join(f"{gettext(STAGES[name])}: {format_decimal(count)}" for name, count in found.total.stages)
    description = gettext("Chart of the stages. %(stages)s. The table below has the same figures.", stages=said)
    return {"funnel": Chart("funnel", title, description, (("serving", series),), data)}
