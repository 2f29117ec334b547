"""Reports as workbooks: numbers as numbers, charts that the spreadsheet draws itself.

Names come from ad platforms and are written as strings, never as formulas or links, and marked as text, so that neither
opening the file nor editing a cell runs them. Titles of charts are ours, because there a leading = would be a formula.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from unicodedata import east_asian_width

from moadb.reports.figures import Cell, Document, Kind, Missing, Table
from moadb.reports.needs import needed

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_BLUE: Final = "#2F5597"
_ORANGE: Final = "#ED7D31"
_DIGITS: Final = 15  # what a spreadsheet keeps of a number
_WIDEST: Final = 48
_LAST: Final = 9  # column of the summary that its charts end in


def write(document: Document) -> bytes:
    """Return a report as a workbook.

    Raises:
        MoadbError: XlsxWriter is not installed.
    """
    with needed():
        import xlsxwriter
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": document.title, "company": document.workspace})
        writer = _Writer(book, document)
        tables = (document.channels, document.campaigns, document.days)
        summary = book.add_worksheet(document.labels["summary"])
        channels, campaigns, days = (book.add_worksheet(table.name) for table in tables)
        for sheet, table in zip((channels, campaigns, days), tables, strict=True):
            writer.table(sheet, table)
        writer.summary(summary, channels, days)
        writer.notes(book.add_worksheet(document.labels["notes"]))
    return file.getvalue()


class _Writer:
    def __init__(self, book: Workbook, document: Document) -> None:
        self._book = book
        self._document = document
        self._labels = document.labels
        self._formats: dict[tuple[Kind, bool], Format] = {}
        self._title = book.add_format(
            {"bold": True, "font_size": 16, "quote_prefix": True, "text_wrap": True, "valign": "top"}
        )
        self._grey = book.add_format({"font_color": "#595959", "quote_prefix": True})
        self._head = book.add_format(
            {
                "bold": True,
                "font_color": "white",
                "bg_color": _BLUE,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "quote_prefix": True,
            }
        )
        self._missing = book.add_format(
            {"italic": True, "font_color": "#C00000", "align": "right", "quote_prefix": True}
        )
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})

    def table(self, sheet: Worksheet, table: Table) -> None:
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.label, self._head)
            width = max(
                [_width(column.label) / 2, *(_width(self._shown(row[place], column.kind)) for row in table.rows)]
            )
            sheet.set_column(place, place, min(max(width + 2, 10), _WIDEST))
        sheet.set_row(0, 32)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(table.rows, start=1):
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                self._cell(sheet, number, place, cell, column.kind)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        else:
            sheet.write_string(1, 0, self._labels["no_data"], self._grey)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        self._page(sheet)

    def summary(self, sheet: Worksheet, channels: Worksheet, days: Worksheet) -> None:
        document, labels = self._document, self._labels
        sheet.merge_range(0, 0, 0, _LAST, "", self._title)
        sheet.write_string(0, 0, document.title, self._title)
        sheet.set_row(0, 24 * -(-_width(document.title) // 85))
        lines = [f"{document.workspace} · {document.period} · {document.currency}"]
        if document.compared:
            lines.append(f"{labels['compared']}: {document.compared}")
        if document.empty:
            lines.append(labels["no_data"])
        for number, line in enumerate(lines, start=1):
            sheet.write_string(number, 0, line, self._grey)
        top = 5
        heads = [labels["metric"], labels["total"]]
        if document.compared:
            heads += [labels["compared"], labels["changed"]]
        for place, head in enumerate(heads):
            sheet.write_string(top - 1, place, head, self._head)
        for number, row in enumerate(document.summary, start=top):
            sheet.write_string(number, 0, row.label, self._text())
            self._cell(sheet, number, 1, row.total, row.kind)
            if document.compared:
                self._cell(sheet, number, 2, row.compared, row.kind)
                self._cell(sheet, number, 3, row.change, Kind.PERCENT)
        cells = [(cell, row.kind) for row in document.summary for cell in (row.total, row.compared)]
        sheet.set_column(0, 0, max([18, *(_width(row.label) + 2 for row in document.summary)]))
        sheet.set_column(1, 3, max([16, *(_width(self._shown(cell, kind)) + 2 for cell, kind in cells)]))
        sheet.freeze_panes(top, 1)
        at = top + len(document.summary) + 1
        for chart in (
            self._by_day(days) if document.days.has_charted else None,
            self._by_channel(channels) if document.channels.has_charted else None,
        ):
            if chart is not None:
                sheet.insert_chart(at, 0, chart, {"object_position": 3})
                at += 17
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, at, _LAST)
        self._page(sheet)

    def notes(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, min(max(_width(name) for name, _ in self._document.notes) + 2, _WIDEST))
        sheet.set_column(1, 1, 90)
        for number, (name, text) in enumerate(self._document.notes):
            sheet.write_string(number, 0, name, self._wrapped)
            sheet.write_string(number, 1, text, self._wrapped)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self._page(sheet)

    def _cell(self, sheet: Worksheet, row: int, place: int, cell: Cell, kind: Kind) -> None:
        match cell:
            case None:
                sheet.write_blank(row, place, None, self._format(kind, whole=True))
            case Missing():
                sheet.write_string(row, place, self._missing_text(cell), self._missing)
            case str():
                sheet.write_string(row, place, cell, self._text())
            case date():
                sheet.write_datetime(row, place, cell, self._format(kind, whole=True))
            case _:
                sheet.write_number(row, place, cell, self._format(kind, whole=cell == int(cell)))
                if len(Decimal(cell).normalize().as_tuple().digits) > _DIGITS:
                    sheet.write_comment(row, place, f"{self._labels['exact']}: {Decimal(cell).normalize():f}")

    def _shown(self, cell: Cell, kind: Kind) -> str:
        """Return about what a cell shows, for the width of its column."""
        match cell:
            case None:
                return ""
            case Missing():
                return self._missing_text(cell)
            case str() | date():
                return str(cell)
            case _:
                decimals = {Kind.COUNT: 0, Kind.MONEY: self._document.exponent}.get(kind, 2)
                return f"{cell:,.{decimals}f}"

    def _missing_text(self, cell: Missing) -> str:
        return f"{self._labels['no_rate']}: {', '.join(cell.pairs)}"

    def _text(self) -> Format:
        return self._format(Kind.TEXT, whole=True)

    def _format(self, kind: Kind, *, whole: bool) -> Format:
        if (kind, whole) not in self._formats:
            money = "#,##0" + ("." + "0" * self._document.exponent if self._document.exponent else "")
            pattern: dict[Kind, dict[str, Any]] = {
                Kind.TEXT: {"quote_prefix": True},
                Kind.DATE: {"num_format": "yyyy-mm-dd", "align": "left"},
                Kind.COUNT: {"num_format": "#,##0"},
                Kind.QUANTITY: {"num_format": "#,##0" if whole else "#,##0.00"},
                Kind.MONEY: {"num_format": money},
                Kind.PERCENT: {"num_format": '#,##0.00"%"'},
                Kind.RATIO: {"num_format": "#,##0.00"},
            }
            self._formats[kind, whole] = self._book.add_format(pattern[kind])
        return self._formats[kind, whole]

    def _by_day(self, sheet: Worksheet) -> Chart:
        table = self._document.days
        chart = self._chart(sheet, table, self._labels["by_day"])
        chart.set_x_axis({"date_axis": True, "num_format": "yyyy-mm-dd" if table.spans_years else "mm-dd"})
        return chart

    def _by_channel(self, sheet: Worksheet) -> Chart:
        return self._chart(sheet, self._document.channels, self._labels["by_channel"])

    def _chart(self, sheet: Worksheet, table: Table, title: str) -> Chart:
        """Return columns, and not lines: where a rate is missing there is a text, which a line takes for a zero."""
        chart = self._book.add_chart({"type": "column"})
        for metric, colour in zip(table.charted, (_BLUE, _ORANGE), strict=False):
            place, name, last = table.column_of(metric), sheet.get_name(), len(table.rows)
            chart.add_series(
                {
                    "name": [name, 0, place],
                    "categories": [name, 1, 0, last, 0],
                    "values": [name, 1, place, last, place],
                    "fill": {"color": colour},
                    "line": {"color": colour},
                }
            )
        kinds = {column.kind for column in table.columns if column.metric in table.charted}
        title = f"{title} ({self._document.currency})" if Kind.MONEY in kinds else title
        chart.set_title({"name": title, "name_font": {"size": 12}})
        pattern = "#,##0.00" if kinds & {Kind.PERCENT, Kind.RATIO} else "#,##0"
        chart.set_y_axis({"num_format": pattern, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
        chart.set_legend({"position": "bottom"})
        chart.show_blanks_as("gap")
        chart.set_size({"width": 900, "height": 320})
        return chart

    def _page(self, sheet: Worksheet) -> None:
        sheet.set_paper(9)
        sheet.set_footer("&C&P / &N")


def _width(text: str) -> float:
    """Return the width of a text in digits: a Hangul syllable is about two."""
    return sum(1.8 if east_asian_width(letter) in "WF" else 1.0 for letter in text)
