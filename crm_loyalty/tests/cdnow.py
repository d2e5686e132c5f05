"""The CDNOW purchases (Fader and Hardie), as CSV files that a user could import.

They come out of the PyPI package `lifetimes`, which is unzipped and never imported.
`$PEYVAND_CDNOW` names a directory that has the two text files already; otherwise they
are fetched once into the cache of the `dev` command.
"""

import csv
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

PACKAGE = "lifetimes==0.11.3"
SAMPLE, FULL = "CDNOW_sample.txt", "CDNOW_master.txt"


class Purchase(NamedTuple):
    customer: str
    date: str  # ISO
    amount: Decimal
    reference: str


def directory():
    """The directory with the two files."""
    given = os.environ.get("PEYVAND_CDNOW")
    if given:
        return Path(given)
    target = _cache() / "cdnow"
    if not target.is_dir():
        _fetch(target)
    return target


def _cache():
    chosen = os.environ.get("PEYVAND_CACHE")
    if not chosen:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        chosen = Path(base) / "peyvand"
    return Path(chosen).expanduser().absolute()


def _fetch(target):
    """Put the files at `target` in one move, so that a broken fetch leaves nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*command, PACKAGE, "--dest", work], check=True, timeout=120)
        [wheel] = Path(work).glob("*.whl")
        whole = Path(work) / "whole"
        whole.mkdir()
        with zipfile.ZipFile(wheel) as archive:
            for name in (SAMPLE, FULL):
                content = archive.read(f"lifetimes/datasets/{name}")
                (whole / name).write_bytes(content)
        try:
            whole.rename(target)
        except OSError:
            if not target.is_dir():  # else another process was faster
                raise


def purchases(name):
    """All rows of a file: customer, date, amount and a reference (the line number).

    The sample has two customer numbers a line, the full file one and a title line.
    """
    rows = []
    for number, line in enumerate((directory() / name).read_text().splitlines(), 1):
        cells = line.split()
        if not cells or not cells[0].isdigit():
            continue
        day = cells[-3]
        date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        rows.append(Purchase(cells[0], date, Decimal(cells[-1]), f"line {number}"))
    return rows


def to_csv(header, rows):
    """Bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
