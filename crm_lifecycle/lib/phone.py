"""Telephone numbers as people and machines write them, compared by their digits.

A caller's number comes as ``+98 76 3355 1040``, ``0098763355 1040``, ``07633551040``
or in Persian digits; the address book holds any other of these. Two numbers are the
same when, without international prefix and leading zeros, one ends with the other.
"""

import re

TAIL = 7
"""Digits that an index on telephone numbers holds, and the least that a number has."""

LONGEST = 15
"""Digits of the longest international number (ITU-T E.164)."""

FOREIGN_DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
"""The Persian and the Arabic digits from 0 to 9."""

_TO_ASCII = str.maketrans(FOREIGN_DIGITS, "0123456789" * 2)
_READABLE = re.compile(r"[\d\s()+./\-]+")


def digits(number: str) -> str:
    """Return the digits of a number, ASCII, without a trunk zero in brackets.

    >>> digits("+98 (0) 76-3355 1040")
    '987633551040'
    """
    return re.sub(r"\D", "", (number or "").translate(_TO_ASCII).replace("(0)", ""))


def significant(number: str) -> str:
    """Return the digits without international prefix and leading zeros.

    >>> significant("0098 76 3355 1040"), significant("۰۷۶۳۳۵۵۱۰۴۰")
    ('987633551040', '7633551040')
    """
    return digits(number).lstrip("0")


def tail(number: str) -> str:
    """Return the last digits, by which an index finds candidates.

    >>> tail("+98 76 3355 1040")
    '3551040'
    """
    return digits(number)[-TAIL:]


def is_number(text: str) -> bool:
    """Say whether a text can be a caller's number.

    >>> [is_number(text) for text in ("076 3355 1040", "12345", "<b>1234567</b>", "")]
    [True, False, False, False]
    """
    text = (text or "").translate(_TO_ASCII)
    readable = _READABLE.fullmatch(text.strip()) is not None
    return readable and TAIL <= len(significant(text)) <= LONGEST


def same_number(one: str, other: str) -> bool:
    """Say whether two texts mean one telephone.

    >>> same_number("+98 76 3355 1040", "076 3355 1040")
    True
    >>> same_number("+98 76 3355 1040", "+49 76 3355 1040")
    False
    >>> same_number("040", "+98 76 3355 1040")
    False
    """
    short, long = sorted((significant(one), significant(other)), key=len)
    return len(short) >= TAIL and long.endswith(short)
