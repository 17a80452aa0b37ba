"""Services, staff and calendars as files: exporting them, seeing what a file would do, and taking it over.

What was shown goes along with the confirmation, as the table that was read and a digest of what it came to: nothing
waits on the server, and nothing else is done than what was seen.
"""

import json
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from desk.domain.access import Role
from desk.domain.refusals import Reason
from desk.domain.tables import CellFault, FileRefused, Line, RowFault, Table, Verdict
from desk.operations.keeping.looking import record_look
from desk.operations.table_imports.carrying_out import Kind, Report, ShownAgain, carry_out, rehearse
from desk.operations.table_imports.kinds import KINDS
from desk.reads.newcomers import count_newcomers
from desk.reads.office_day import get_day
from desk.reads.opening import list_unserved
from desk.reports.table_files import LARGEST_FILE, read_table, write_csv, write_xlsx
from desk.web.access import access, in_office
from desk.web.accounts.reauthentication import ask_first, fresh, is_fresh
from desk.web.administration.planned_words import waiting_changes
from desk.web.context import acting, asked, desk, get_office, reader
from desk.web.errors import back_with
from desk.web.forms.fields import new_key
from desk.web.forms.tables import TableForm
from desk.web.numbers import with_separators
from desk.web.reports.sheet_files import CSV_TYPE, XLSX_TYPE
from desk.wording import tables as words
from desk.wording.refusals import SENTENCES, filled

blueprint = Blueprint("administration_imports", __name__)
KEEPING: Final = in_office(Role.ADMIN)
PLACE: Final = "/offices/<int:office_id>/administration/tables"
SUFFIXES: Final = ("csv", "xlsx")
MOST_SHOWN: Final = 1_000


@blueprint.get(PLACE)
@access(KEEPING)
@fresh
def page(office_id: int) -> ResponseReturnValue:
    """Offer the exports and the form for a file; after a file was taken over, say what is still to do about it."""
    get_office(office_id)
    form = TableForm(formdata=None)
    match request.args.get("done"):
        case "services":
            return _page(form, unserved=list_unserved(reader(), office_id))
        case "staff":
            return _page(form, newcomers=count_newcomers(reader(), office_id))
        case _:
            return _page(form)


@blueprint.get(f"{PLACE}/<table_kind>/<suffix>")
@access(KEEPING)
def export(office_id: int, table_kind: str, suffix: str) -> ResponseReturnValue:
    """Return what is kept as a file that can be taken over again."""
    office, kind = get_office(office_id), KINDS.get(table_kind)
    if kind is None or suffix not in SUFFIXES:
        abort(404)
    day = get_day(reader(), office_id, at=desk().streams.clock()).today
    rows = kind.rows(reader(), office_id, day)
    record_look(desk().streams, office_id, acting(office_id), verb="exported", subject=f"table {kind.code}")
    is_csv = suffix == "csv"
    content = write_csv(kind.columns, rows) if is_csv else write_xlsx(kind.columns, rows, kind.code)
    answer = Response(content, content_type=CSV_TYPE if is_csv else XLSX_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{office.code}-{kind.code}.{suffix}"'
    return answer


@blueprint.post(f"{PLACE}/trials")
@access(KEEPING)
def try_out(office_id: int) -> ResponseReturnValue:
    """Show row by row what a file would do; nothing is kept."""
    get_office(office_id)
    form = TableForm()
    if not form.validate_on_submit():
        return _page(form), 422
    kind = KINDS[form.table.data]
    if _must_ask(kind):
        return ask_first(url_for("administration_imports.page", office_id=office_id))
    try:
        table = read_table(form.file.data.read(), known=kind.columns, needed=kind.needed)
    except FileRefused as refused:
        form.file.errors = [_said(words.FILE_FAULTS[refused.fault], refused.details)]
        return _page(form), 422
    report = rehearse(desk().streams, office_id, kind, table, asked(acting(office_id), "try_table"))
    return _report(kind, table, report), 422 if report.counts[Verdict.REFUSED] else 200


@blueprint.post(f"{PLACE}/imports")
@access(KEEPING)
def take_over(office_id: int) -> ResponseReturnValue:
    """Do what was shown, all of it; where it would come to something else by now, show that instead."""
    get_office(office_id)
    shown = _shown()
    if shown is None:
        target = url_for("administration_imports.page", office_id=office_id)
        return back_with(gettext("Nothing was taken over. Choose the file once more."), target)
    kind, table, seen = shown
    if _must_ask(kind):
        return ask_first(url_for("administration_imports.page", office_id=office_id))
    request_ = asked(acting(office_id), "import_table", table=kind.code, seen=seen)
    try:
        done = carry_out(desk().streams, office_id, kind, table, request_, seen=seen)
    except ShownAgain as again:
        flash(gettext("Something was changed meanwhile. Look at it once more; nothing was taken over."), "warning")
        return _report(kind, table, again.report), 409
    count = done.facts[Verdict.NEW.value] + done.facts[Verdict.CHANGED.value]
    flash(ngettext("%(num)d row was taken over.", "%(num)d rows were taken over.", count), "success")
    told = kind.code if kind.code in ("services", "staff") else None
    return redirect(url_for("administration_imports.page", office_id=office_id, done=told), 303)


def _must_ask(kind: Kind) -> bool:
    """Tell whether somebody must show first that it is them: a file of staff changes addresses and roles."""
    return kind.code == "staff" and not is_fresh()


def _shown() -> tuple[Kind, Table, str] | None:
    """Return the table that was shown, and the digest of what it came to; None for what no page of ours sends."""
    kind = KINDS.get(request.form.get("table", ""))
    try:
        said = json.loads(request.form.get("rows", ""))
        columns = tuple(str(each) for each in said["columns"])
        lines = tuple(_line(columns, each) for each in said["lines"])
    except (ValueError, TypeError, KeyError):
        return None
    if kind is None or not {*columns} <= {*kind.columns} or not {*kind.needed} <= {*columns}:
        return None
    return kind, Table(columns, lines, str(said.get("encoding", ""))[:40]), request.form.get("seen", "")


def _line(columns: tuple[str, ...], said: Any) -> Line:
    return Line(int(said["line"]), dict(zip(columns, map(str, said["cells"]), strict=True)))


def _as_text(table: Table) -> str:
    """Return a table as the confirmation carries it."""
    lines = [{"line": line.line, "cells": [line.cells[name] for name in table.columns]} for line in table.lines]
    return json.dumps({"columns": table.columns, "lines": lines, "encoding": table.encoding}, ensure_ascii=False)


def fault_words(fault: RowFault) -> str:
    """Return why a row is refused, and what to do."""
    if isinstance(fault.code, CellFault):
        return _said(words.CELL_FAULTS[fault.code], dict(fault.details))
    code: Reason = fault.code
    return filled(gettext(SENTENCES[code].text), with_separators(dict(fault.details)))


def _said(text: str, details: dict[str, object]) -> str:
    return gettext(text) % {**details}


def _page(form: TableForm, *, unserved: tuple[str, ...] = (), newcomers: int = 0) -> str:
    return render_template(
        "administration/tables.html",
        form=form,
        tables=words.TABLES,
        about=words.ABOUT,
        suffixes=SUFFIXES,
        columns={code: ", ".join(kind.columns) for code, kind in KINDS.items()},
        most_bytes=LARGEST_FILE - 65_536,
        unserved=unserved,
        newcomers=newcomers,
    )


def _report(kind: Kind, table: Table, report: Report) -> str:
    moving = [row for row in report.rows if row.verdict is not Verdict.UNCHANGED]
    return render_template(
        "administration/tables_trial.html",
        kind=kind.code,
        tables=words.TABLES,
        report=report,
        shown=moving[:MOST_SHOWN],
        hidden=max(0, len(moving) - MOST_SHOWN),
        verdicts=words.VERDICTS,
        tones=words.TONES,
        fault_words=fault_words,
        rows=_as_text(table),
        plans=waiting_changes() if report.refused_then else {},
        key=new_key(),
        language_path=request.path.rpartition("/")[0],
    )
