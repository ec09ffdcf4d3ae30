"""E5, E6, E7, E8: what spreadsheet programs and their users do to a table."""

from decimal import Decimal

from .case import COLUMNS, LINES, Case, Held, orders
from .workbook import (
    DATE,
    DAY_WORD,
    DOTTED,
    ELAPSED,
    EURO,
    LONG_DATE,
    MOMENT,
    PERCENT,
    RED,
    bad,
    book,
    framed,
    good,
    line,
    number,
    sheet,
    table,
    texts,
    typed,
    xlsx,
)

DAY, NOON = "2026-11-20", "2026-11-20 12:00:00+00:00"
EPOCH_1904 = '<workbookPr date1904="1"/>'
UNSAVED = "holds a formula without a saved value"


def sheet_of(data: str, before: str = "", after: str = "") -> bytes:
    return book([], more={"xl/sheet.xml": framed(data, before, after)})


def shared(name: str, index: str, *items: str) -> Case:
    """Refuse a cell that points at a shared text which is not there."""
    cells = {"K3": f' t="s"><v>{index}</v>'}
    return xlsx(name, book(orders(2), cells, more={"xl/texts.xml": texts(*items)}),
                says=("sheet 'Orders'", "cell K3 points at no shared text"))  # fmt: skip


def rich(name: str, item: str, note: str) -> Case:
    """Store the plain text of a shared text, whatever is drawn around it."""
    made = book(orders(2), {"K3": ' t="s"><v>0</v>'}, more={"xl/texts.xml": texts(item)})
    return xlsx(name, made, rows=2, stored={"S00002": {"note": note}})


def merged(name: str, area: str, *rows: int) -> Case:
    """Hold the rows below the header that a merged range covers."""
    made = book(orders(3), after=f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')
    rejects = tuple(Held(n, "", "row_shape", f"merged cells {area}") for n in rows)
    return xlsx(name, made, rows=3, held=rejects)


def misplaced(name: str, row: str, *says: str) -> Case:
    """Refuse a sheet whose second row contradicts itself."""
    data = table(orders(1), {}) + row
    return xlsx(name, sheet_of(data), says=("sheet 'Orders'", *says))


VALUES = (
    xlsx("E8 workbook", book(orders(3)), rows=3),
    good("E8 typed cells", {
        "D3": number("46346", DATE), "F3": ' t="b"><v>1</v>', "I3": number("2"),
        "H3": number("1234.5600000000001"), "J3": number("46346.5", MOMENT),
    }, amount=Decimal("1234.56"), order_date=DAY, confirmed_at=NOON),
    good("E5 date as text", {"D3": ' t="inlineStr"><is><t>2026-11-20</t></is>'}, order_date=DAY),
    good("E5 date in an own format", {"D3": number("46346", DOTTED)}, order_date=DAY),
    good("E5 date in a long format", {"D3": number("46346", LONG_DATE)}, order_date=DAY),
    good("E5 date as ISO", {"D3": f' t="d" s="{DATE}"><v>2026-11-20T00:00:00</v>'},
         order_date=DAY),
    good("E5 leap day", {"D3": number("45351", DATE)}, order_date="2024-02-29"),
    good("E5 first day of Excel", {"D3": number("1", DATE)}, order_date="1900-01-01"),
    good("E5 last day of Excel", {"D3": number("2958465", DATE)}, order_date="9999-12-31"),
    xlsx("E5 dates from 1904", book(orders(2), {"D3": number("44884", DATE)}, epoch=EPOCH_1904),
         rows=2, stored={"S00002": {"order_date": DAY}}),
    xlsx("E5 dates as text in a declared format", book(orders(3, order_date="20.11.2026")), rows=3,
         binding={"date": "%d.%m.%Y"}, stored={"S00002": {"order_date": DAY}}),
    typed("E5 serial without a format", "order_date", "D3", number("46346"), "46346"),
    typed("E5 date with an hour", "order_date", "D3", number("46346.5", DATE),
          "2026-11-20T12:00:00"),
    typed("E5 elapsed time", "order_date", "D3", number("46346", ELAPSED), "46346"),
    typed("E5 ISO date that never was", "order_date", "D3",
          ' t="inlineStr"><is><t>2026-02-29</t></is>', "2026-02-29"),
    bad("E5 29 February 1900", "D3", number("60", DATE), "holds 29 February 1900, a day that never "
        "was"),
    bad("E5 date before 1900", "D3", number("-1", DATE),
        "holds -1 as a date, a day outside Excel's calendar"),
    bad("E5 date beyond 9999", "D3", number("2958466", DATE),
        "holds 2958466 as a date, a day outside Excel's calendar"),
    bad("E5 ISO date out of range", "D3", f' t="d" s="{DATE}"><v>2026-02-31</v>',
        "holds '2026-02-31' as a date"),
    good("E6 number with zeros as text", {"C3": ' t="inlineStr"><is><t>00123</t></is>'},
         customer_id="00123"),
    good("E6 number in a column of text", {"C3": number("123")}, customer_id="123"),
    good("E6 power of ten", {"H3": number("1.5E3")}, amount=Decimal("1500.00")),
    good("E6 minus zero", {"H3": number("-0")}, amount=Decimal("0.00")),
    good("E6 truth in a column of text", {"K3": ' t="b"><v>1</v>'}, note="true"),
    bad("E6 number of twenty digits", "K3", number("40702810900000012345"),
        "holds 40702810900000012345 as a number, whose last digits Excel does not keep"),
    bad("E6 not a number", "H3", number("NaN"), "holds 'NaN' as a number"),
    bad("E6 text in a cell of numbers", "H3", number("ten"), "holds 'ten' as a number"),
    good("E7 sum of a tenth and two", {"H3": number("0.30000000000000004")},
         amount=Decimal("0.30")),
    typed("E7 digits beyond the scale", "amount", "H3", number("10.505"), "10.505"),
    typed("E7 tiny number", "amount", "H3", number("1E-7"), "0.0000001"),
    typed("E7 number beyond the type", "lines", "I3", number("3000000000"), "3000000000"),
    bad("E7 number beyond a double", "H3", number("1E999"),
        "holds 1E999 as a number, beyond what Excel can hold"),
    good("E8 format of money", {"H3": number("10.5", EURO)}, amount=Decimal("10.50")),
    good("E8 format of percent", {"H3": number("0.15", PERCENT)}, amount=Decimal("0.15")),
    good("E8 format with a word in it", {"I3": number("5", DAY_WORD)}, lines=5),
    good("E8 format with colours", {"H3": number("-5", RED)}, amount=Decimal("-5.00")),
    good("E8 unknown style", {"H3": number("5", 999)}, amount=Decimal("5.00")),
)  # fmt: skip

FORMULAS = (
    good("E8 formula with its value", {"H3": "><f>1+1</f><v>2</v>"}, amount=Decimal("2.00")),
    good("E8 formula giving text", {"K3": ' t="str"><f>A1&amp;"x"</f><v>ax</v>'}, note="ax"),
    good("E8 formula giving an empty text", {"K3": ' t="str"><f>""</f><v></v>'}, note=None),
    good("E14 formula as a text", {"K3": ' t="inlineStr"><is><t>=HYPERLINK("x")</t></is>'},
         note='=HYPERLINK("x")'),
    bad("E8 formula without its value", "H3", "><f>1+1</f>", UNSAVED),
    bad("E8 formula of text without its value", "K3", ' t="str"><f>A1</f>', UNSAVED),
    bad("E8 formula giving an error", "H3", ' t="e"><f>1/0</f><v>#DIV/0!</v>', "holds #DIV/0!"),
    *(bad(f"E8 error cell {error}", "H3", f' t="e"><v>{error}</v>', f"holds {error}")
      for error in ("#REF!", "#N/A", "#VALUE!", "#NAME?")),
)  # fmt: skip

TEXTS = (
    rich("E8 shared text", "<t>pear</t>", "pear"),
    rich("E8 shared text in two fonts", "<r><t>pe</t></r><r><rPr/><t>ar</t></r>", "pear"),
    rich("E8 shared text with reading aids", "<t>東京</t><rPh><t>トウ</t></rPh>", "東京"),
    rich("E8 shared text with an escape", "<t>a_x000A_b_x005F_x0041_</t>", "a\nb_x0041_"),
    rich("E15 shared text right to left", "<t>\u202egnp.exe</t>", "\u202egnp.exe"),
    rich("E15 lone surrogate escaped", "<t>_xD800_</t>", "_xD800_"),
    shared("E8 shared text out of range", "1", "<t>pear</t>"),
    shared("E8 shared text of no table", "0"),
    shared("E8 shared text at minus one", "-1", "<t>pear</t>"),
    shared("E8 shared text at no number", "1e0", "<t>pear</t>"),
    bad("E3 NUL in a cell", "K3", ' t="inlineStr"><is><t>a_x0000_b</t></is>',
        "holds a NUL character (shown as ␀)"),
    xlsx("E3 cell too long", book(orders(1, note="x" * 140_000)),
         says=("sheet 'Orders'", "a cell holds more than 131072 characters")),
    xlsx("E3 NUL in the header of a sheet", book(orders(1), {
        "K1": ' t="inlineStr"><is><t>_x0000_</t></is>'}),
         says=("cell K1 holds a NUL character", "in the header")),
)  # fmt: skip

EXTRA = [*COLUMNS, "", "Customer", "Total"]
BESIDE = line(1, EXTRA, {}) + line(2, [*LINES[0].strip().split(","), "", "C1", "10"], {})
BELOW = table(orders(2), {}) + line(5, ["Customer", "Total"], {}) + line(6, ["C1", "21"], {})
SHAPES = (
    merged("E8 merged cells down a column", "A3:A4", 3, 4),
    merged("E8 merged cells along a row", "C3:D3", 3),
    merged("E8 merged cells of the whole sheet", "A1:XFD1048576", 2, 3, 4),
    merged("E8 merged cells beside the table", "N2:N4"),
    xlsx("E8 merged cells of no place", book(orders(1), after='<mergeCell ref="A1:XFE9"/>'),
         says=("the cell reference 'XFE9' points nowhere",)),
    xlsx("E8 two tables, one below the other", sheet_of(BELOW), rows=4, held=(
        Held(5, "customer_id", "required", None), Held(6, "customer_id", "required", None))),
    xlsx("E8 two tables, one beside the other", sheet_of(BESIDE), rows=1,
         extra=("Customer", "Total")),
    xlsx("E8 hidden row", sheet_of(table(orders(2), {}) + line(
        4, LINES[2].strip().split(","), {}, ' hidden="1"')), rows=3),
    xlsx("E8 hidden columns", sheet_of(table(orders(3), {}), '<cols><col min="1" max="9"'
         ' hidden="1"/></cols>'), rows=3),
    xlsx("E8 declared size of a full sheet", sheet_of(
        table(orders(3), {}), '<dimension ref="A1:XFD1048576"/>'), rows=3),
    xlsx("E8 full to the last row", sheet_of(table(orders(1), {}) + line(
        1_048_576, LINES[2].strip().split(","), {})), says=("full to its last row (1048576)",)),
    xlsx("E4 blank rows between", sheet_of(table(orders(2), {}) + line(
        90_000, LINES[2].strip().split(","), {})), rows=3),
    xlsx("E4 sheet of a header only", book([]), says=("no rows in orders.xlsx",),
         starts="sales 2026-11-20"),
    xlsx("E4 sheet without rows", sheet_of(""), says=("row 1 is blank", "sheet 'Orders'")),
    xlsx("E4 sheet with a title undeclared", sheet_of(
        line(1, ["Orders"], {}) + line(2, COLUMNS, {})), says=("are missing (0 of 11 found",)),
    xlsx("E4 sheet that ends above its header", book(orders(3)), binding={"header_row": 9},
         says=("row 9 is blank",)),
    xlsx("E4 totals row", sheet_of(table(orders(3), {}) + line(5, ["Итого"], {})), rows=4,
         held=(Held(5, "", "row_shape", "totals row"),)),
    misplaced("E8 row twice", '<row r="2"/>', "row 2 follows row 2"),
    misplaced("E8 row zero", '<row r="0"/>', "row 0 follows row 2"),
    misplaced("E9 row beyond the sheet", '<row r="99999999"/>', "row 99999999 follows row 2"),
    misplaced("E8 cell twice", '<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>1</v></c></row>',
              "cell A3 is out of order in row 3"),
    misplaced("E8 cell of another row", '<row r="3"><c r="A9"><v>1</v></c></row>',
              "cell A9 stands in row 3"),
    misplaced("E8 cell beyond the sheet", '<row r="3"><c r="XFE3"><v>1</v></c></row>',
              "the cell reference 'XFE3' points nowhere"),
    misplaced("E8 cell of no name", '<row r="3"><c r="hello"><v>1</v></c></row>',
              "the cell reference 'hello'"),
    xlsx("E8 rows and cells without numbers", sheet_of("".join(
        "<row>" + "".join(f'<c t="str"><v>{v}</v></c>' for v in values) + "</row>"
        for values in (COLUMNS, LINES[0].strip().split(",")))), rows=1),
    xlsx("E8 tags with a prefix", book([], more={"xl/sheet.xml": sheet(orders(3)).replace(
        "<", "<x:").replace("<x:/", "</x:").replace(" xmlns=", " xmlns:x=", 1)}), rows=3),
)  # fmt: skip

STATES = {"Orders": "visible", "Old": "visible"}
SHEETS = (
    xlsx("E8 sheet renamed", book(orders(1)), sheet="Order",
         says=("sheet 'Order' is missing", "'Orders'?")),
    xlsx("E8 sheet hidden", book(orders(1), states={"Orders": "hidden"}), sheet="Orders",
         says=("sheet 'Orders' is hidden",)),
    xlsx("E8 sheet very hidden", book(orders(1), states={"Orders": "veryHidden"}),
         says=("0 visible sheets", "'Orders' (hidden)")),
    xlsx("E8 two sheets", book(orders(1), states=STATES),
         says=("2 visible sheets", "Name the sheet")),
    xlsx("E8 two sheets, one named", book(orders(3), states=STATES), sheet="Old", rows=3),
    xlsx("E8 two sheets, one hidden", book(orders(3), states=STATES | {"Old": "hidden"}), rows=3),
    xlsx("E15 sheet right to left", book(orders(1), states={"\u202eOrders": "visible"}),
         sheet="Orders", says=(r"did you mean '\u202eOrders'?",)),
    xlsx("E15 sheets of long names", book(orders(1), states={
        "x" * 9_000: "visible", "y" * 9_000: "visible"}), says=("2 visible sheets", "xxx…'")),
    xlsx("E8 no sheet at all", book([], more={"xl/workbook.xml": "<workbook/>"}),
         says=("the workbook has no worksheet",)),
)  # fmt: skip

CASES = (*VALUES, *FORMULAS, *TEXTS, *SHAPES, *SHEETS)
