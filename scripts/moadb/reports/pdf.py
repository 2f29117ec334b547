"""Reports as PDF: the same summary, tables and charts, for reading and printing.

The font is shipped and embedded (NanumBarunGothic, SIL Open Font License): Hangul, Hanja, kana and Latin look the same
on every machine. What it has no glyph for, such as emoji, is shown as a box.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import as_file, files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from moadb.reports.figures import Cell, Document, Kind, Missing, Table
from moadb.reports.needs import needed

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable, Paragraph

_FONT: Final = "NanumBarunGothic"
_BLUE: Final = "#2F5597"
_ORANGE: Final = "#ED7D31"
_CHANNELS_DRAWN: Final = 12
_BOX: Final = "□"
_SIZES: Final = (8.0, 7.0, 6.0, 5.0)  # the largest that fits
_PADDING: Final = 7  # of a cell, both sides, and a hair


def write(document: Document) -> bytes:
    """Return a report as PDF.

    Raises:
        MoadbError: reportlab is not installed.
    """
    with needed():
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.lib.units import mm
        from reportlab.platypus import SimpleDocTemplate
    glyphs = _register_font()
    file = BytesIO()
    page = SimpleDocTemplate(
        file,
        pagesize=landscape(A4),
        leftMargin=14 * mm,
        rightMargin=14 * mm,
        topMargin=14 * mm,
        bottomMargin=14 * mm,
        title=document.title,
        author=document.workspace,
        initialFontName=_FONT,
    )

    def footer(canvas: Canvas, template: Any) -> None:
        canvas.setFont(_FONT, 7)
        canvas.drawCentredString(template.pagesize[0] / 2, 7 * mm, f"{document.period} · {canvas.getPageNumber()}")

    page.build(_Writer(document, page.width, glyphs).story(), onFirstPage=footer, onLaterPages=footer)
    return file.getvalue()


def _register_font() -> Container[int]:
    """Make the font known and return the letters that it has."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if _FONT not in pdfmetrics.getRegisteredFontNames():
        with as_file(files("moadb.reports") / "fonts" / f"{_FONT}.ttf") as path:
            pdfmetrics.registerFont(TTFont(_FONT, str(path)))
    glyphs: Container[int] = pdfmetrics.getFont(_FONT).face.charToGlyph
    return glyphs


class _Writer:
    def __init__(self, document: Document, width: float, glyphs: Container[int]) -> None:
        from reportlab.lib.enums import TA_CENTER, TA_RIGHT
        from reportlab.lib.styles import ParagraphStyle

        self._document = document
        self._labels = document.labels
        self._width = width
        self._glyphs = glyphs
        self._title = ParagraphStyle("title", fontName=_FONT, fontSize=18, leading=24)
        self._section = ParagraphStyle("section", fontName=_FONT, fontSize=12, leading=18, spaceBefore=8)
        self._line = ParagraphStyle("line", fontName=_FONT, fontSize=9, leading=13, textColor="#595959")
        self._styles = {
            size: {
                "text": ParagraphStyle("text", fontName=_FONT, fontSize=size, leading=size * 1.3),
                "number": ParagraphStyle(
                    "number", fontName=_FONT, fontSize=size, leading=size * 1.3, alignment=TA_RIGHT
                ),
                "missing": ParagraphStyle(
                    "missing",
                    fontName=_FONT,
                    fontSize=size,
                    leading=size * 1.3,
                    alignment=TA_RIGHT,
                    textColor="#C00000",
                    wordWrap="CJK",
                ),
                "head": ParagraphStyle(
                    "head", fontName=_FONT, fontSize=size, leading=size * 1.3, alignment=TA_CENTER, textColor="white"
                ),
            }
            for size in _SIZES
        }

    def story(self) -> list[Flowable]:
        from reportlab.platypus import Spacer

        document, labels = self._document, self._labels
        lines = [f"{document.workspace} · {document.period} · {document.currency}"]
        if document.compared:
            lines.append(f"{labels['compared']}: {document.compared}")
        if document.empty:
            lines.append(labels["no_data"])
        story: list[Flowable] = [
            self._paragraph(document.title, self._title),
            *(self._paragraph(line, self._line) for line in lines),
            Spacer(1, 6),
            self._summary(),
        ]
        if not document.empty:
            story += [Spacer(1, 10), self._by_day(), Spacer(1, 6), self._by_channel()]
            for table in (document.channels, document.campaigns, document.days):
                story += [self._paragraph(table.name, self._section), self._table(table)]
        story += [self._paragraph(labels["notes"], self._section), self._notes()]
        return story

    def _summary(self) -> Flowable:
        document, labels = self._document, self._labels
        heads = [labels["metric"], labels["total"]]
        if document.compared:
            heads += [labels["compared"], f"{labels['change']} (%)"]
        styles = self._styles[_SIZES[0]]
        rows = []
        for row in document.summary:
            cells = [self._paragraph(row.label, styles["text"]), self._cell(row.total, row.kind, styles)]
            if document.compared:
                cells += [self._cell(row.compared, row.kind, styles), self._cell(row.change, Kind.PERCENT, styles)]
            rows.append(cells)
        widths = [self._width * share for share in (0.25, 0.2, 0.2, 0.15)]
        return self._grid(heads, rows, widths[: len(heads)], styles)

    def _table(self, table: Table) -> Flowable:
        size, widths = self._fit(table)
        styles = self._styles[size]
        return self._grid(
            [column.label for column in table.columns],
            [
                [self._cell(cell, column.kind, styles) for cell, column in zip(row, table.columns, strict=True)]
                for row in table.rows
            ],
            widths,
            styles,
        )

    def _fit(self, table: Table) -> tuple[float, list[float]]:
        """Return the size of letters and the widths at which no number is broken; names share what is left."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        texts = [column.kind is Kind.TEXT for column in table.columns]
        for size in _SIZES:
            widths = []
            for place, column in enumerate(table.columns):
                words = column.label.replace("(", " (").split() if not texts[place] else []
                words += [
                    shown(row[place], column.kind, self._document.exponent)
                    for row in table.rows
                    if not texts[place] and not isinstance(row[place], Missing)
                ]
                words += [self._labels["no_rate"] for row in table.rows if isinstance(row[place], Missing)]
                widths.append(max((stringWidth(word, _FONT, size) for word in words), default=0) + _PADDING)
            left = self._width - sum(width for width, text in zip(widths, texts, strict=True) if not text)
            if left >= 9 * size * sum(texts) or size == _SIZES[-1]:
                break
        share = max(left, self._width * 0.2) / (sum(texts) + 0.6)  # the first, the row's own name, has more
        widths = [(share * (1.6 if place == 0 else 1) if text else widths[place]) for place, text in enumerate(texts)]
        if not any(texts[1:]):  # one name beside numbers needs no more than it needs
            widths[0] = min(widths[0], 160.0)
        scale = min(1.0, self._width / sum(widths))
        return size, [width * scale for width in widths]

    def _notes(self) -> Flowable:
        styles = self._styles[_SIZES[0]]
        rows = [[self._paragraph(cell, styles["text"]) for cell in note] for note in self._document.notes]
        return self._grid(None, rows, [self._width * 0.25, self._width * 0.75], styles)

    def _grid(
        self, heads: Sequence[str] | None, rows: list[list[Paragraph]], widths: list[float], styles: dict[str, Any]
    ) -> Flowable:
        from reportlab.platypus import Table as Grid

        lines: list[Any] = [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, "#D9D9D9"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
        body: list[list[Paragraph]] = rows
        if heads is not None:
            body = [[self._paragraph(head.replace("(", " ("), styles["head"]) for head in heads], *rows]
            lines.append(("BACKGROUND", (0, 0), (-1, 0), _BLUE))
        return Grid(body, colWidths=widths, repeatRows=0 if heads is None else 1, style=lines, hAlign="LEFT")

    def _paragraph(self, text: str, style: Any) -> Paragraph:
        """Return a text as it is: what is markup in it is letters."""
        from reportlab.platypus import Paragraph

        return Paragraph(escape(self._drawable(text)), style)

    def _drawable(self, text: str) -> str:
        letters = (letter if letter.isprintable() else " " for letter in text)
        return "".join(letter if ord(letter) in self._glyphs else _BOX for letter in letters)

    def _cell(self, cell: Cell, kind: Kind, styles: dict[str, Any]) -> Paragraph:
        if isinstance(cell, Missing):
            return self._paragraph(f"{self._labels['no_rate']}: {', '.join(cell.pairs)}", styles["missing"])
        text = shown(cell, kind, self._document.exponent)
        return self._paragraph(text, styles["text" if isinstance(cell, str) else "number"])

    def _by_day(self) -> Flowable:
        from reportlab.graphics.charts.legends import Legend
        from reportlab.graphics.charts.linecharts import HorizontalLineChart

        table = self._document.days
        chart = HorizontalLineChart()
        chart.data = [[_drawn(row[table.column_of(metric)]) for row in table.rows] for metric in table.charted]
        step = max(1, -(-len(table.rows) // 16))
        chart.categoryAxis.categoryNames = [
            f"{row[0]:%m-%d}" if place % step == 0 and isinstance(row[0], date) else ""
            for place, row in enumerate(table.rows)
        ]
        for place, colour in enumerate((_BLUE, _ORANGE)[: len(table.charted)]):
            chart.lines[place].strokeColor = _colour(colour)
            chart.lines[place].strokeWidth = 1.4
            if len(table.rows) < 40:
                chart.lines[place].symbol = _dot(colour)
        return self._drawing(chart, Legend(), table, self._labels["by_day"])

    def _by_channel(self) -> Flowable:
        from reportlab.graphics.charts.barcharts import VerticalBarChart
        from reportlab.graphics.charts.legends import Legend

        table = self._document.channels
        rows = table.rows[:_CHANNELS_DRAWN]
        chart = VerticalBarChart()
        chart.data = [[_drawn(row[table.column_of(metric)]) for row in rows] for metric in table.charted]
        chart.categoryAxis.categoryNames = [_short(self._drawable(str(row[0]))) for row in rows]
        chart.groupSpacing = 8
        for place, colour in enumerate((_BLUE, _ORANGE)[: len(table.charted)]):
            chart.bars[place].fillColor = _colour(colour)
            chart.bars[place].strokeColor = None
        return self._drawing(chart, Legend(), table, self._labels["by_channel"])

    def _drawing(self, chart: Any, legend: Any, table: Table, title: str) -> Drawing:
        from reportlab.graphics.shapes import Drawing, String

        columns = {column.metric: column for column in table.columns if column.metric in table.charted}
        if any(column.kind is Kind.MONEY for column in columns.values()):
            title = f"{title} ({self._document.currency})"
        drawing = Drawing(self._width, 190)
        chart.x, chart.y, chart.width, chart.height = 62, 26, self._width - 75, 132
        values = [value for series in chart.data for value in series if value is not None]
        if not values:  # every figure is missing: axes need something to span
            chart.data = [[0 for _ in series] for series in chart.data]
        chart.valueAxis.valueMin = min([0, *values])
        if not any(values):
            chart.valueAxis.valueMax = 1
        chart.valueAxis.labels.fontName = chart.categoryAxis.labels.fontName = _FONT
        chart.valueAxis.labels.fontSize = chart.categoryAxis.labels.fontSize = 7
        chart.valueAxis.labelTextFormat = _axis_label
        chart.valueAxis.visibleGrid = True
        chart.valueAxis.gridStrokeColor = _colour("#D9D9D9")
        drawing.add(chart)
        drawing.add(String(0, 176, title, fontName=_FONT, fontSize=10))
        legend.fontName, legend.fontSize = _FONT, 8
        legend.x, legend.y, legend.boxAnchor, legend.columnMaximum, legend.deltax = self._width - 20, 186, "ne", 1, 90
        legend.alignment = "right"
        legend.colorNamePairs = [
            (_colour(colour), columns[metric].label)
            for metric, colour in zip(table.charted, (_BLUE, _ORANGE), strict=False)
        ]
        drawing.add(legend)
        return drawing


def shown(cell: Cell, kind: Kind, exponent: int) -> str:
    """Return a figure as people read it; money with the decimals of its currency, half a coin rounded up.

    Args:
        cell: the figure; one that is missing is not for here.
        kind: what it is.
        exponent: decimals of an amount.
    """
    if cell is None:
        return ""
    if isinstance(cell, str | date):
        return str(cell)
    if isinstance(cell, Missing):
        raise TypeError("a missing figure has no digits")
    decimals = {Kind.COUNT: 0, Kind.MONEY: exponent}.get(kind, 2)
    if kind is Kind.QUANTITY and cell == int(cell):
        decimals = 0
    rounded = Decimal(cell).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,f}%" if kind is Kind.PERCENT else f"{rounded:,f}"


def _drawn(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | Decimal) else None


def _short(text: str) -> str:
    return text if len(text) <= 12 else f"{text[:11]}…"


def _axis_label(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _colour(code: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(code)


def _dot(colour: str) -> Any:
    from reportlab.graphics.widgets.markers import makeMarker

    marker = makeMarker("FilledCircle")
    marker.size = 3
    marker.fillColor = marker.strokeColor = _colour(colour)
    return marker
