"""Rows of numbers to and from PostgreSQL's binary COPY, by numpy.

A row of fixed-size, non-null columns is a fixed number of bytes, so millions of them
are read and written without a Python object for each.
"""

import io
import struct

import numpy as np

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEADER = SIGNATURE + struct.pack(">II", 0, 0)
TRAILER = struct.pack(">h", -1)
KINDS = {"int4": ">i4", "int8": ">i8", "float8": ">f8"}


def layout(columns: dict[str, str]) -> np.dtype:
    """Binary layout of a row; `columns` are {name: int4, int8 or float8}.

    >>> layout({"id": "int4", "value": "float8"}).itemsize
    22
    """
    parts = [("_count", ">i2")]
    for name, kind in columns.items():
        parts += [(f"_{name}", ">i4"), (name, KINDS[kind])]
    return np.dtype(parts)


def encode(columns: dict[str, str], values: dict[str, np.ndarray]) -> io.BytesIO:
    """A file for ``COPY table FROM STDIN (FORMAT binary)``.

    >>> kinds = {"id": "int4", "value": "float8"}
    >>> file = encode(kinds, {"id": np.array([7, 8]), "value": np.array([.5, 2])})
    >>> reader = Reader(kinds); _ = reader.write(file.read()); reader.close()["value"]
    array([0.5, 2. ])
    """
    dtype = layout(columns)
    rows = np.empty(len(next(iter(values.values()))), dtype)
    rows["_count"] = len(columns)
    for name, kind in columns.items():
        rows[f"_{name}"] = np.dtype(KINDS[kind]).itemsize
        rows[name] = values[name]
    return io.BytesIO(HEADER + rows.tobytes() + TRAILER)


class Reader:
    """The file object that ``COPY ... TO STDOUT (FORMAT binary)`` writes into."""

    def __init__(self, columns):
        self.columns, self.buffer = columns, bytearray()

    def write(self, data):  # pylint: disable=method-required-super; no record
        self.buffer += data
        return len(data)

    def close(self) -> dict[str, np.ndarray]:
        """The columns read, in the machine's own byte order.

        :raise ValueError: where a column is NULL or has another type
        """
        dtype = layout(self.columns)
        body = memoryview(self.buffer)[len(HEADER) : -len(TRAILER)]
        if len(body) % dtype.itemsize:
            raise ValueError("these rows have other columns than expected")
        rows = np.frombuffer(body, dtype)
        for name, kind in self.columns.items():
            if (rows[f"_{name}"] != np.dtype(KINDS[kind]).itemsize).any():
                raise ValueError(f"column {name} is empty or no {kind}")
        return {
            name: rows[name].astype(rows[name].dtype.newbyteorder("="))
            for name in self.columns
        }
