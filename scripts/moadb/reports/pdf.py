"""Reports as PDF: the same summary, tables and charts, for reading and printing.

The font is shipped and embedded (NanumBarunGothic, SIL Open Font License): Hangul, Hanja, kana and Latin look the same
on every machine. What it has no glyph for, such as emoji, is shown as a box. Names of accounts, platforms and channels
are shortened where they are long; the workbook has all of them, and all campaigns: here are those that cost most.

Only names are paragraphs. Numbers are drawn as they are: their columns are as wide as the widest, and a paragraph for
each would take several times as long and as much memory.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import as_file, files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category, normalize
from xml.sax.saxutils import escape

from moadb.reports.figures import Cell, Document, Kind, Missing, Table
from moadb.reports.needs import needed

if TYPE_CHECKING:
    from reportlab.platypus import Flowable, Paragraph

_FONT: Final = "NanumBarunGothic"
_BLUE: Final = "#2F5597"
_ORANGE: Final = "#ED7D31"
_CHANNELS_DRAWN: Final = 12
_BOX: Final = "□"
_SIZES: Final = (8.0, 7.0, 6.0, 5.0)  # the largest that fits
_PADDING: Final = 7  # of a cell, both sides, and a hair
_HEADED: Final = 110  # a heading, and of its table the head and two rows: on one page
_NAME: Final = 40  # letters of a name beside the row's own
_CAMPAIGNS_SHOWN: Final = 500  # about fifteen pages: nobody reads a hundred, and each takes time and memory


def write(document: Document) -> bytes:
    """Return a report as PDF.

    Raises:
        MoadbError: reportlab is not installed.
    """
    with needed():
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.lib.units import mm
        from reportlab.pdfgen.canvas import Canvas
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

    class Numbered(Canvas):  # type: ignore[misc]
        """A canvas whose pages are written when it is known how many there are."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._drawn: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._drawn.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, drawn in enumerate(self._drawn, start=1):
                self.__dict__.update(drawn)
                self.setFont(_FONT, 7)
                place = f"{document.period} · {number} / {len(self._drawn)}"
                self.drawCentredString(page.pagesize[0] / 2, 7 * mm, place)
                super().showPage()
            super().save()

    page.build(_Writer(document, page.width, glyphs).story(), canvasmaker=Numbered)
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
                ),
                "head": ParagraphStyle(
                    "head", fontName=_FONT, fontSize=size, leading=size * 1.3, alignment=TA_CENTER, textColor="white"
                ),
            }
            for size in _SIZES
        }

    def story(self) -> list[Flowable]:
        from reportlab.platypus import CondPageBreak, Spacer

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
                story += [CondPageBreak(_HEADED), self._paragraph(table.name, self._section)]
                if table is document.campaigns and len(table.rows) > _CAMPAIGNS_SHOWN:
                    told = labels["largest" if "xlsx" in document.formats else "largest_here"]
                    told = told.format(shown=_CAMPAIGNS_SHOWN, all=f"{len(table.rows):,}")
                    story.append(self._paragraph(told, self._line))
                    table = replace(table, rows=table.rows[:_CAMPAIGNS_SHOWN])  # the database says the dearest first
                story.append(self._table(table))
        story += [CondPageBreak(_HEADED), self._paragraph(labels["notes"], self._section), self._notes()]
        return story

    def _summary(self) -> Flowable:
        document, labels = self._document, self._labels
        heads = [labels["metric"], labels["total"]]
        if document.compared:
            heads += [labels["compared"], labels["changed"]]
        styles = self._styles[_SIZES[0]]
        rows = []
        for row in document.summary:
            cells: list[Paragraph | str] = [
                self._paragraph(row.label, styles["text"]),
                self._cell(row.total, row.kind, styles),
            ]
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
                [
                    self._cell(_short(cell, _NAME) if place and isinstance(cell, str) else cell, column.kind, styles)
                    for place, (cell, column) in enumerate(zip(row, table.columns, strict=True))
                ]
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
                for cell in {cell for row in table.rows if isinstance(cell := row[place], Missing)}:
                    words += self._missing_text(cell).split()
                widths.append(max((stringWidth(word, _FONT, size) for word in words), default=0) + _PADDING)
            left = self._width - sum(width for width, text in zip(widths, texts, strict=True) if not text)
            least = 9 * size * sum(texts)
            if left >= least:
                break
        share = max(left, least) / (sum(texts) + 0.6)  # the first, the row's own name, has more
        widths = [(share * (1.6 if place == 0 else 1) if text else widths[place]) for place, text in enumerate(texts)]
        if not any(texts[1:]):  # one name beside numbers needs no more than it needs
            widths[0] = min(widths[0], 160.0)
        scale = min(1.0, self._width / sum(widths))
        return size, [width * scale for width in widths]

    def _notes(self) -> Flowable:
        styles = self._styles[_SIZES[0]]
        rows: list[list[Paragraph | str]] = [
            [self._paragraph(cell, styles["text"]) for cell in note] for note in self._document.notes
        ]
        return self._grid(None, rows, [self._width * 0.25, self._width * 0.75], styles)

    def _grid(
        self,
        heads: Sequence[str] | None,
        rows: list[list[Paragraph | str]],
        widths: list[float],
        styles: dict[str, Any],
    ) -> Flowable:
        from reportlab.platypus import Table as Grid

        number = styles["number"]
        lines: list[Any] = [
            ("FONT", (0, 0), (-1, -1), _FONT, number.fontSize, number.leading),
            ("ALIGN", (0, 0), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, "#D9D9D9"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
        body: list[list[Paragraph | str]] = rows
        if heads is not None:
            body = [[self._paragraph(head.replace("(", " ("), styles["head"]) for head in heads], *rows]
            lines.append(("BACKGROUND", (0, 0), (-1, 0), _BLUE))
        return Grid(body, colWidths=widths, repeatRows=0 if heads is None else 1, style=lines, hAlign="LEFT")

    def _paragraph(self, text: str, style: Any) -> Paragraph:
        """Return a text as it is: what is markup in it is letters."""
        from reportlab.platypus import Paragraph

        return Paragraph(escape(self._drawable(text)), style)

    def _drawable(self, text: str) -> str:
        drawn = []
        for letter in normalize("NFC", text):  # names that a Mac has written come in parts of syllables
            if category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f":
                continue  # joins or turns what is beside it
            like = letter if ord(letter) in self._glyphs else normalize("NFKC", letter)
            if not letter.isprintable():
                drawn.append(" ")
            else:
                drawn.append(like if all(ord(one) in self._glyphs for one in like) else _BOX)
        return "".join(drawn)

    def _cell(self, cell: Cell, kind: Kind, styles: dict[str, Any]) -> Paragraph | str:
        if isinstance(cell, Missing):
            return self._paragraph(self._missing_text(cell), styles["missing"])
        if isinstance(cell, str):
            return self._paragraph(cell, styles["text"])
        return shown(cell, kind, self._document.exponent)

    def _missing_text(self, cell: Missing) -> str:
        return f"{self._labels['no_rate']}: {', '.join(cell.pairs)}"

    def _by_day(self) -> Flowable:
        from reportlab.graphics.charts.legends import Legend
        from reportlab.graphics.charts.linecharts import HorizontalLineChart

        table = self._document.days
        chart = HorizontalLineChart()
        chart.data = [[_drawn(row[table.column_of(metric)]) for row in table.rows] for metric in table.charted]
        pattern, labelled = ("%Y-%m-%d", 12) if table.spans_years else ("%m-%d", 16)
        step = max(1, -(-len(table.rows) // labelled))
        chart.categoryAxis.visibleTicks = step == 1
        chart.categoryAxis.categoryNames = [
            row[0].strftime(pattern) if place % step == 0 and isinstance(row[0], date) else ""
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
        chart.categoryAxis.categoryNames = [_short(self._drawable(str(row[0])), 12) for row in rows]
        chart.groupSpacing = 8
        for place, colour in enumerate((_BLUE, _ORANGE)[: len(table.charted)]):
            chart.bars[place].fillColor = _colour(colour)
            chart.bars[place].strokeColor = None
        return self._drawing(chart, Legend(), table, self._labels["by_channel"])

    def _drawing(self, chart: Any, legend: Any, table: Table, title: str) -> Flowable:
        from reportlab.graphics.shapes import Drawing, String
        from reportlab.pdfbase.pdfmetrics import stringWidth

        columns = {column.metric: column for column in table.columns if column.metric in table.charted}
        if any(column.kind is Kind.MONEY for column in columns.values()):
            title = f"{title} ({self._document.currency})"
        if not table.has_charted:  # a line at zero would be a figure
            return self._paragraph(f"{title}: {self._labels['nothing_to_draw']}", self._line)
        drawing = Drawing(self._width, 190)
        values = [value for series in chart.data for value in series if value is not None]
        left = max(62.0, stringWidth(_axis_label(max(values)), _FONT, 7) + 12)
        chart.x, chart.y, chart.width, chart.height = left, 26, self._width - left - 13, 132
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
    digits = f"{rounded or abs(rounded):,f}"  # no minus before a zero
    return f"{digits}%" if kind is Kind.PERCENT else digits


def _drawn(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | Decimal) else None


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _axis_label(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 100 else f"{value:,.0f}"


def _colour(code: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(code)


def _dot(colour: str) -> Any:
    from reportlab.graphics.widgets.markers import makeMarker

    marker = makeMarker("FilledCircle")
    marker.size = 3
    marker.fillColor = marker.strokeColor = _colour(colour)
    return marker
