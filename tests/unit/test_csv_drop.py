"""Csv drops: every bad file ends in rows, defects or one clear sentence."""

import csv
import gzip
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daymart.errors import ConfigError, ContractError, DaymartError, SourceError, TransientError
from daymart.settings import Limits
from daymart.sources.files import FileFormat, batch_schema, read_file

FIXTURES = Path(__file__).parent.parent / "fixtures" / "files"
WANTED = ("sku_id", "warehouse_id", "qty", "comment")
HEADER = ",".join(WANTED) + "\n"
CSV = FileFormat("csv")


def read(path: Path, fmt: FileFormat = CSV, **options: Any) -> list[dict[str, Any]]:
    batches = read_file(
        path,
        f"warehouse.wh_stock {path.name}",
        options.pop("wanted", WANTED),
        options.pop("optional", {"comment"}),
        fmt,
        **options,
    )
    return [row for batch in batches for row in batch.to_pylist()]


def refusal(path: Path, fmt: FileFormat = CSV, **options: Any) -> str:
    with pytest.raises(ContractError) as caught:
        read(path, fmt, **options)
    message = str(caught.value)
    assert message.startswith(f"warehouse.wh_stock {path.name}")
    return message


@pytest.fixture
def drop(tmp_path: Path) -> Any:
    def write(content: str | bytes, name: str = "stock.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_csv_good_file_keeps_text_as_written() -> None:
    rows = read(FIXTURES / "stock_2026-11-20.csv")
    assert rows[0] == {
        "sku_id": "00123",
        "warehouse_id": "WH1",
        "qty": "5",
        "comment": None,
        "_line": 2,
        "_defect": None,
    }
    assert (rows[1]["qty"], rows[1]["comment"]) == ("1 234,56", 'кабель "медный",\n10 м')
    # The record before spans two physical lines.
    assert (rows[2]["qty"], rows[2]["comment"], rows[2]["_line"]) == ("-0", "N/A", 5)


def test_csv_schema_is_text_with_line_and_defect(drop: Any) -> None:
    (batch,) = read_file(drop(HEADER + "1,2,3,4\n"), "x", WANTED, (), CSV)
    assert batch.schema == batch_schema(WANTED)


def test_csv_repeated_header_totals_ragged_and_blank_rows_are_told_apart() -> None:
    rows = read(FIXTURES / "stock_with_totals.csv")
    assert [(row["_line"], row["sku_id"], row["_defect"]) for row in rows] == [
        (2, "00123", None),
        (5, "sku_id", "header row repeated"),
        (6, "00124", None),
        (7, "00125", "2 fields, expected 4"),
        (8, "00126", "5 fields, expected 4"),
        (9, "Итого", "totals row"),
    ]
    assert rows[3]["warehouse_id"] == "WH2"
    assert rows[3]["qty"] is None


@pytest.mark.parametrize("label", ["итого:", "Усього", "ВСЬОГО", "Grand total", "total"])
def test_csv_totals_row_is_known_in_each_language(drop: Any, label: str) -> None:
    assert read(drop(HEADER + f",{label},3,\n"))[0]["_defect"] == "totals row"


def test_csv_product_named_total_is_a_good_row(drop: Any) -> None:
    assert read(drop(HEADER + "Total Quartz,WH1,3,\n"))[0]["_defect"] is None


def test_csv_header_only_yields_no_batch() -> None:
    path = FIXTURES / "stock_header_only.csv"
    assert list(read_file(path, "x", WANTED, (), CSV)) == []


def test_csv_empty_file_is_refused(drop: Any) -> None:
    assert "the file is empty (0 bytes)" in refusal(drop(""))


def test_csv_blank_header_line_is_refused(drop: Any) -> None:
    assert "line 1 is blank, expected the header there" in refusal(drop("\n" + HEADER))


def test_csv_header_below_a_title_is_found(drop: Any) -> None:
    path = drop('Stock on "hand\n\n' + HEADER + "1,WH1,5,\n")
    assert read(path, FileFormat("csv", header_row=3))[0]["_line"] == 4
    assert "line 9 is missing" in refusal(path, FileFormat("csv", header_row=9))


def test_csv_missing_column_offers_the_closest_name() -> None:
    assert refusal(FIXTURES / "stock_renamed_column.csv") == (
        "warehouse.wh_stock stock_renamed_column.csv: column 'warehouse_id' is missing "
        "(3 of 4 found; did you mean 'warehouseid'?), expected every required column of the "
        "contract. Ask the sender to restore it, or map its header in daymart.yaml."
    )


def test_csv_mapped_header_is_read_and_named_when_missing(drop: Any) -> None:
    path = drop("Артикул,warehouse_id,qty\n1,WH1,5\n")
    assert read(path, FileFormat("csv", columns={"sku_id": "Артикул"}))[0]["sku_id"] == "1"
    message = refusal(path, FileFormat("csv", columns={"sku_id": "Код"}))
    assert "column 'sku_id' (header 'Код') is missing (2 of 3 found)" in message


def test_csv_columns_in_another_order_and_absent_optional_one_are_read(drop: Any) -> None:
    row = read(drop("qty,sku_id,warehouse_id\n5,1,WH1\n"))[0]
    assert (row["sku_id"], row["qty"], row["comment"]) == ("1", "5", None)


def test_csv_extra_columns_are_reported_once(drop: Any) -> None:
    seen: list[list[str]] = []
    read(drop("sku_id,x,warehouse_id,,qty,y\n1,2,3,4,5,6\n"), on_extra=seen.append)
    assert seen == [["x", "y"]]


def test_csv_duplicate_header_is_refused(drop: Any) -> None:
    message = refusal(drop("sku_id,qty,warehouse_id,qty\n1,2,3,4\n"))
    assert "header 'qty' stands 2 times (columns 2, 4), expected each header once" in message


def test_csv_wrong_delimiter_is_named() -> None:
    message = refusal(FIXTURES / "stock_semicolons.csv")
    assert "the header is one column; the delimiter looks like ';', expected ','" in message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8-r"])
def test_csv_declared_encoding_is_read(drop: Any, encoding: str) -> None:
    path = drop((HEADER + "1,WH1,5,кабель\n").encode(encoding))
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    assert read(path, FileFormat("csv", encoding=declared))[0]["comment"] == "кабель"


def test_csv_invalid_byte_names_offset_line_and_likely_encoding() -> None:
    path = FIXTURES / "stock_cp1251.csv"
    offset = path.read_bytes().index("кабель".encode("cp1251"))
    assert (
        f"byte 0xEA at offset {offset} (line 2) is not valid utf-8; the text around it reads as "
        "cp1251, expected utf-8 as declared"
    ) in refusal(path)


def test_csv_invalid_byte_far_in_a_large_file_names_its_place(drop: Any) -> None:
    good = (HEADER + "1,WH1,5,кабель\n" * 60_000).encode()
    message = refusal(drop(good + b"2,WH1,5,\xff\n"))
    assert f"byte 0xFF at offset {len(good) + 8} (line 60002) is not valid utf-8" in message


def test_csv_utf16_in_a_file_declared_utf8_is_named(drop: Any) -> None:
    message = refusal(FIXTURES / "stock_utf16.csv")
    assert "the text is utf-16-le by its byte order mark, expected utf-8 as declared" in message
    unmarked = drop((HEADER + "1,WH1,5,\n").encode("utf-16-be"))
    assert "the text is utf-16-be by its zero bytes" in refusal(unmarked)


def test_csv_utf16_without_mark_asks_for_byte_order(drop: Any) -> None:
    path = drop((HEADER + "1,WH1,5,\n").encode("utf-16-le"))
    assert "Declare utf-16-le or utf-16-be" in refusal(path, FileFormat("csv", encoding="utf-16"))


def test_csv_utf8_in_a_file_declared_cp1251_is_not_read_as_mojibake(drop: Any) -> None:
    path = drop(HEADER + "1,WH1,5,кабель\n")
    message = refusal(path, FileFormat("csv", encoding="cp1251"))
    assert "the text is utf-8 by its letters, expected cp1251 as declared" in message


def test_csv_nul_character_is_a_defect(drop: Any) -> None:
    row = read(drop(HEADER + "1,W\0H1,5,\n"))[0]
    assert (row["warehouse_id"], row["_defect"]) == ("W␀H1", "NUL character (shown as ␀)")


def test_csv_quote_never_closed_names_the_line_where_it_opened() -> None:
    message = refusal(FIXTURES / "stock_quote_never_closed.csv")
    assert "the quote opened at line 3 is not closed before the end of the file" in message


def test_csv_quote_never_closed_is_found_before_memory_feels_it(drop: Any) -> None:
    path = drop(HEADER + '1,WH1,5,"open\n' + "2,WH1,5,fine\n" * 300_000)
    assert "the quote opened at line 2 is not closed within" in refusal(path)


def test_csv_stray_quote_in_one_line_is_a_defect_and_reading_goes_on(drop: Any) -> None:
    rows = read(drop(HEADER + '"Rose" LLC,WH1,5,\n2,WH1,12" pipe,\n'))
    assert [row["_defect"] for row in rows] == ["text after a closing quote", None]
    assert (rows[0]["sku_id"], rows[1]["qty"]) == ("Rose LLC", '12" pipe')


def test_csv_stray_quote_over_lines_is_refused(drop: Any) -> None:
    path = drop(HEADER + '1,WH1,5,"12 inch\n2,WH1,5,"9 inch\n3,WH1,5,\n')
    assert "the quote opened at line 2 closes in the middle of a field" in refusal(path)


def test_csv_huge_field_is_refused_with_line_and_column(drop: Any) -> None:
    path = drop(HEADER + "1,WH1,5,ok\n2,WH1," + "9" * 50_000_000 + ",\n")
    message = refusal(path)
    assert "line 3, column 3: the field is longer than 131072 characters" in message
    shorter = drop(HEADER + '2,WH1,5,"' + "a\n" * 70_000 + '"\n')
    assert "line 2, column 4: the field is longer than 131072" in refusal(shorter)


def test_csv_too_many_columns_is_refused(drop: Any) -> None:
    path = drop(",".join(f"c{n}" for n in range(10_000)) + "\n")
    assert "the header has 10000 columns, expected 1000 at most" in refusal(path)


def test_csv_login_page_is_named() -> None:
    message = refusal(FIXTURES / "stock_login_page.csv")
    assert "the content is an HTML login page, expected csv text" in message


@pytest.mark.parametrize(
    ("content", "meaning"),
    [
        (b"%PDF-1.4\n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (gzip.compress(HEADER.encode(), mtime=0), "gzip-compressed data"),
        (bytes(range(32)) * 20, "binary data"),
    ],
    ids=["pdf", "png", "gzip", "binary"],  # a gzip's bytes hold the time it was made
)
def test_csv_other_content_is_named(drop: Any, content: bytes, meaning: str) -> None:
    assert f"the content is {meaning}, expected csv text" in refusal(drop(content))


def test_csv_gzip_is_read(drop: Any) -> None:
    path = drop(gzip.compress((HEADER + "1,WH1,5,\n").encode()), "stock.csv.gz")
    assert read(path)[0]["sku_id"] == "1"


def test_csv_gzip_cut_short_is_refused(drop: Any) -> None:
    lines = "".join(f"{n},WH{n % 7},{n * 37 % 101},\n" for n in range(20_000))
    packed = gzip.compress((HEADER + lines).encode())
    message = refusal(drop(packed[: len(packed) // 2], "stock.csv.gz"))
    assert "the gzip data is cut short after" in message
    assert "expected a complete gzip file" in message


def test_csv_gzip_damaged_empty_or_false_is_refused(drop: Any) -> None:
    packed = bytearray(gzip.compress(HEADER.encode()))
    packed[-6] ^= 0xFF
    assert "the gzip data is damaged (CRC" in refusal(drop(bytes(packed), "stock.csv.gz"))
    assert "the file is empty (0 bytes)" in refusal(drop(b"", "stock.csv.gz"))
    assert "the content is plain text, expected gzip" in refusal(drop(HEADER, "stock.csv.gz"))
    inside = gzip.compress(b"%PDF-1.4\n")
    assert "the content is a PDF document" in refusal(drop(inside, "stock.csv.gz"))


def test_csv_gzip_bomb_is_refused_by_ratio_and_by_size(drop: Any) -> None:
    row = "1,WH1,5," + " " * 10_000 + "\n"
    bomb = drop(gzip.compress((HEADER + row * 3_000).encode()), "stock.csv.gz")
    assert "times its size" in refusal(bomb)
    small = FileFormat("csv", limits=Limits(max_expanded_bytes=1_000_000))
    assert "expands to" in refusal(bomb, small)
    assert "expected 1000000 at most" in refusal(bomb, small)


def test_csv_absent_file_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path / "absent.csv")


def test_csv_file_that_grows_while_read_is_read_again_later(drop: Any) -> None:
    path = drop(HEADER + "1,WH1,5,\n2,WH1,5,\n")
    batches = read_file(path, "x", WANTED, (), CSV, batch_rows=1)
    next(batches)
    path.write_bytes(path.read_bytes() + b"3,WH1,5,\n")
    with pytest.raises(TransientError, match="changed while being read"):
        list(batches)


@pytest.mark.parametrize(
    "declared",
    [
        {"encoding": "no-such"},
        {"encoding": "base64"},
        {"delimiter": ";;"},
        {"quote": ","},
        {"header_row": 0},
    ],
)
def test_csv_format_that_cannot_be_followed_is_a_config_error(declared: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="file format: "):
        FileFormat("csv", **declared)


def test_csv_batches_come_while_the_file_is_still_unread(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    with path.open("w") as stream:
        stream.write(HEADER)
        stream.writelines(f"{n},WH1,5,\n" for n in range(200_000))
        stream.write("bad,\xff\n")
    path.write_bytes(path.read_bytes().replace("\xff".encode(), b"\xff"))
    batches = read_file(path, "x", WANTED, (), CSV, batch_rows=10_000)
    taken = [next(batches).num_rows for _ in range(15)]
    assert taken == [10_000] * 15
    with pytest.raises(ContractError, match=r"line 200002"):
        list(batches)


def test_csv_wide_rows_make_small_batches(drop: Any) -> None:
    row = "1,WH1,5," + "x" * 100_000 + "\n"
    batches = list(read_file(drop(HEADER + row * 400), "x", WANTED, (), CSV))
    assert sum(batch.num_rows for batch in batches) == 400
    assert max(batch.num_rows for batch in batches) < 200


def test_csv_closing_the_reader_closes_the_file(drop: Any) -> None:
    path = drop(HEADER + "1,WH1,5,\n" * 10)
    batches: Any = read_file(path, "x", WANTED, (), CSV, batch_rows=1)
    next(batches)
    batches.close()
    path.unlink()


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12)


@given(
    table=TABLES,
    delimiter=st.sampled_from(",;\t|"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_csv_any_table_reads_back_identically(
    tmp_path_factory: Any, table: list[list[str]], delimiter: str, ending: str, encoding: str
) -> None:
    header = ["sku_id", "warehouse_id", "qty"]
    text = io.StringIO(newline="")
    # The writer quotes the line breaks of its own ending only, so with the shorter ones quote all.
    quoting = csv.QUOTE_MINIMAL if ending == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerows([header, *table])
    path = tmp_path_factory.getbasetemp() / "table.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    rows = read(path, FileFormat("csv", delimiter=delimiter, encoding=encoding), wanted=header)
    filled = [row for row in table if any(map(str.strip, row))]
    assert [[row[name] or "" for name in header] for row in rows] == filled


def mutants(original: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Flip, cut, insert and repeat bytes at random places."""
    chance = random.Random(seed)
    for _ in range(count):
        content = bytearray(original)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(content))
            match chance.randrange(5):
                case 0:
                    del content[at : at + chance.randint(1, 9)]
                case 1:
                    content[at:at] = chance.choice([b'"', b",", b"\n", b"\0", b"\xff", b"\r"])
                case 2:
                    content[at:at] = content[at : at + 40]
                case _:
                    content[at] = chance.randrange(256)
            content = content or bytearray(b"x")
        yield bytes(content)


@pytest.mark.parametrize("name", ["stock.csv", "stock.csv.gz"])
def test_csv_mutated_file_ends_in_rows_or_a_clear_error(drop: Any, name: str) -> None:
    original = (FIXTURES / "stock_with_totals.csv").read_bytes()
    if name.endswith(".gz"):
        original = gzip.compress(original)
    outcomes = set()
    for content in mutants(original, 400, seed=20261120):
        try:
            outcomes.add(bool(read(drop(content, name))))
        except DaymartError as error:
            outcomes.add(str(error).startswith("warehouse.wh_stock "))
    assert outcomes <= {True, False}
    assert True in outcomes
