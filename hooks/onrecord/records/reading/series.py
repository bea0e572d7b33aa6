"""From a metric's CSV text to its values.

Columns `date,value,note`, and `origin` where values are collected; a row that can't be read is a
finding with its line, and left out. A
semicolon between the columns, as some spreadsheets write it, is a finding; the rows are read.
"""

from __future__ import annotations

import csv
import io
import math
import re
from datetime import date

from onrecord.records.clock import day_of
from onrecord.records.findings import Finding, finding, in_short, shown
from onrecord.records.model import Origin, Value
from onrecord.records.vocabulary import ORIGIN_COLUMN, SERIES_COLUMNS

_FORM = "write date,value,note with a comma between, such as 2026-10-05,99.2,one file late"

_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def values_of(path: str, text: str) -> tuple[tuple[Value, ...], list[Finding]]:
    """The values of a series by date, oldest first, and what is wrong with its rows."""
    faults: list[Finding] = []
    values: dict[date, Value] = {}
    separator = (
        ";" if ";" in text.partition("\n")[0] and "," not in text.partition("\n")[0] else ","
    )
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    header_seen = False
    empty: list[int] = []
    try:
        for row in rows:
            line = rows.line_num
            if not any(cell.strip() for cell in row):
                empty.append(line)
                continue
            for before in empty:  # one at the file's end is only an editor's
                said, hint = "an empty row", "take the row out; a value's row begins with its date"
                faults.append(finding(path, "series-broken", said, hint, before))
            empty.clear()
            if not header_seen:
                header_seen = True
                if separator == ";":
                    said = "the columns are separated by semicolons; they are still read"
                    hint = f"separate them by commas: {','.join(SERIES_COLUMNS)}"
                    faults.append(finding(path, "series-broken", said, hint, line))
                names = tuple(cell.strip().casefold() for cell in row)
                if names[:2] == SERIES_COLUMNS[:2]:
                    continue
                said = f"the first line is {shown(','.join(row))}"
                hint = f"make the first line {','.join(SERIES_COLUMNS)}"
                faults.append(finding(path, "series-broken", said, hint, line))
                # A first line that begins with a date is a value: somebody left the head out.
                if not row[0][:1].isdigit():
                    continue
            value = _value(path, row, line, faults)
            if value is None:
                continue
            if value.day in values:
                first = values[value.day].line
                said = f"{value.day} appears twice; the first, in line {first}, counts"
                faults.append(finding(path, "series-broken", said, "keep one of the two", line))
            else:
                values[value.day] = value
    except csv.Error as error:
        faults.append(
            finding(path, "series-broken", f"not CSV: {error}", _FORM, rows.line_num or 1)
        )
    if not header_seen and not faults:
        said, hint = "the file is empty", f"make the first line {','.join(SERIES_COLUMNS)}"
        faults.append(finding(path, "series-broken", said, hint))
    return tuple(values[day] for day in sorted(values)), in_short(faults)


def with_value(
    data: bytes | None, day: date, number: str, note: str, origin: Origin | None = None
) -> bytes:
    """A series' bytes with one more row, in the file's own separator and line ends.

    A file that isn't there yet, or is empty, gets its first line too. The first row with an origin
    adds that column to it.
    """
    data = data or f"{','.join(SERIES_COLUMNS)}\n".encode()
    # What `values_of` reads is decided by the first line alone, so a new row goes by it too.
    first = data.partition(b"\n")[0]
    end = b"\r\n" if b"\r\n" in data else b"\n"
    separator = ";" if b";" in first and b"," not in first else ","
    row = io.StringIO()
    cells = [day.isoformat(), number, " ".join(note.split())]
    if origin is not None:
        cells.append(str(origin))
        heads = [cell.strip() for cell in first.decode(errors="replace").split(separator)]
        if tuple(head.strip("\ufeff").casefold() for head in heads) == SERIES_COLUMNS:
            here = len(first.rstrip())
            data = data[:here] + f"{separator}{ORIGIN_COLUMN}".encode() + data[here:]
    csv.writer(row, delimiter=separator, lineterminator="").writerow(cells)
    if data and not data.endswith((b"\n", b"\r")):
        data += end
    return data + row.getvalue().encode() + end


def _value(path: str, row: list[str], line: int, faults: list[Finding]) -> Value | None:
    origin = Origin.of(row[3]) if len(row) == 4 else None
    is_more = len(row) > 3 and origin is None
    if is_more and len(row) == 4 and not row[3].strip() and not row[2].strip().isdigit():
        is_more = False  # written by hand below rows that were collected
    if len(row) < 2 or is_more:
        count = "one column" if len(row) == 1 else f"{len(row)} columns"
        said = f"{count}: {shown(','.join(row))}"
        hint = _FORM
        if len(row) > 3 and row[1].strip().isdigit() and row[2].strip().isdigit():
            hint = f"a decimal comma? Write {row[1].strip()}.{row[2].strip()} with a point"
        faults.append(finding(path, "series-broken", said, hint, line))
        return None
    day_text, number_text = row[0].strip(), row[1].strip()
    day: date | None = None
    number = math.nan
    try:
        day = day_of(day_text)
    except ValueError:
        said = f"`{shown(day_text)}` isn't a date"
        faults.append(finding(path, "series-broken", said, "write YYYY-MM-DD", line))
    if _NUMBER.fullmatch(number_text):
        number = float(number_text)
    if not math.isfinite(number):
        said = f"`{shown(number_text)}` isn't a number"
        hint = "write digits with a point, such as 99.2, without unit or thousands separator"
        if _DECIMAL_COMMA.fullmatch(number_text):
            hint = f"write {number_text.replace(',', '.')} with a point"
        column = len(row[0]) + 2
        faults.append(finding(path, "series-broken", said, hint, line, column))
    if day is None or not math.isfinite(number):
        return None
    return Value(day, number, row[2].strip() if len(row) > 2 else "", line, origin)
