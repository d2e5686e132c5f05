"""Keys that make the same name, phone, mail address or tax number look the same.

People type Persian with Arabic letters, with and without half-spaces, with three kinds
of digits. What they typed is never changed: beside it stands a *key* that two spellings
share. A key is made by steps, and the steps are data: `run` follows them here, and
`res.partner._sql_key` writes them as an expression of PostgreSQL, so that both agree
and a million contacts are keyed by one statement.

Keys are text; an empty one means "nothing to compare by".

>>> search_key("شركت نرم‌افزاري پارس ۱۲۳") == search_key("شرکت نرم افزاری پارس 123")
True
>>> name_key("شرکت پمپ ایران (سهامی خاص)") == name_key("پمپ‌ایران")
True
>>> name_key("Arvand Pumps Co., Ltd.") == name_key("ARVAND PUMPS")
True
>>> phone_key("۰۹۱۲ ۳۴۵ ۶۷۸۹"), phone_key("+98 (0)912-345-6789")
('9123456789', '9123456789')
>>> mail_key("Sara <Sara+News@Example.com>")
'sara@example.com'
>>> vat_key("IR 1234-5678901")
'12345678901'
"""

import re
import unicodedata
from typing import NamedTuple

HALF_SPACE = "\u200c"

_ARABIC = {
    "ي": "ی", "ى": "ی", "ئ": "ی", "ې": "ی", "ۍ": "ی", "ے": "ی",
    "ك": "ک", "ڪ": "ک", "ګ": "گ",
    "ة": "ه", "ۀ": "ه", "ۂ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٵ": "ا",
    "ؤ": "و",
}  # fmt: skip
_DIGITS = {chr(first + n): str(n) for first in (0x660, 0x6F0) for n in range(10)}
_LATIN = {
    **{
        chr(code): unicodedata.normalize("NFD", chr(code))[0].lower()
        for code in range(0xC0, 0x180)
        if unicodedata.normalize("NFD", chr(code))[0].isascii()
    },
    "Ø": "o", "ø": "o", "Ł": "l", "ł": "l", "Đ": "d", "đ": "d", "ı": "i",
}  # fmt: skip
_CAPITALS = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_SPACES = dict.fromkeys("\t\n\x0b\x0c\r\x85\u2028\u2029", " ")
# half-space and joiners, marks of direction, tatweel, vowel signs, soft hyphen
_DROPPED = "".join(
    chr(code)
    for first, last in (
        (0xAD, 0xAD),
        (0x640, 0x640),
        (0x64B, 0x65F),
        (0x670, 0x670),
        (0x200C, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2069),
        (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)
_PUNCTUATION = "!\"#$%&'()*+,-/:;<=>?@[\\]^_`{|}~،؛؟٪٫٬٭«»‹›–—…“”„‘’•·°"

LEGAL_FORMS = (
    "شرکت", "سهامی خاص", "سهامی عام", "سهامیخاص", "سهامیعام", "سهامی", "خاص", "عام",
    "سخ", "سع", "با مسیولیت محدود", "مسیولیت محدود", "تضامنی", "تعاونی", "موسسه",
    "ltd", "limited", "llc", "llp", "inc", "incorporated", "co", "company", "corp",
    "corporation", "gmbh", "mbh", "ag", "kg", "ohg", "sa", "sarl", "srl", "spa", "bv",
    "nv", "plc", "pjs", "pjsc", "oy", "ab", "aps", "pvt", "pte", "fze", "fzco",
)  # fmt: skip
"""What a company's legal form is called, in folded letters without dots."""

COUNTRY_CODE = (
    "^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    "|2[1-689][0-9]|3[578][0-9]|42[0-9]|5[09][0-9]|6[789][0-9]|8[035789][0-9]"
    "|9[679][0-9])"
)
"""The dialling codes of the world; none is the beginning of another."""

PHONE_SHORTEST = 7
PHONE_LONGEST = 10
"""Digits of a phone key: shorter numbers are extensions, the rest is a prefix."""

VAT_SHORTEST = 5


class Step(NamedTuple):
    """One change of a text; `kind` says what, the rest what with."""

    kind: str
    """nfkc, translate, delete, replace, find, keep_if"""
    what: str = ""
    by: str = ""


_TABLE = {**_CAPITALS, **_SPACES, **_ARABIC, **_DIGITS, **_LATIN}
_LONGEST_FIRST = sorted(LEGAL_FORMS, key=len, reverse=True)

FOLD = (
    Step("nfkc"),
    Step("delete", _DROPPED),
    Step("translate", "".join(_TABLE), "".join(_TABLE.values())),
)
SQUEEZE = (*FOLD, Step("delete", _PUNCTUATION + ". "))
NAME = (
    *FOLD,
    Step("delete", "."),
    Step("translate", _PUNCTUATION, " " * len(_PUNCTUATION)),
    Step("replace", " +", " "),
    Step("replace", "^ | $", ""),
    Step("replace", f"(^| )({'|'.join(_LONGEST_FIRST)})(?= |$)", ""),
    Step("delete", " "),
)
PHONE_TYPED = (
    *FOLD,
    Step("find", "[+0-9][-0-9 ().+_]*"),
    Step("replace", r"\(0\)", ""),
    Step("delete", " ().-_"),
    Step("replace", "^00", "+"),
    Step("replace", r"^\+0*", "+"),
    Step("replace", COUNTRY_CODE.replace("^", r"^\+", 1), ""),
    Step("replace", "^[+0]+", ""),
    Step("replace", "[^0-9]", ""),
)
MAIL = (
    *FOLD,
    Step("find", '[^ <>,;"]+@[^ <>,;"]+'),
    Step("replace", r"\+[^@]*@", "@"),
)
VAT = (
    *SQUEEZE,
    Step("replace", "^[a-z][a-z](?=[0-9])", ""),
    Step("keep_if", "[0-9].*"),
    Step("keep_if", "." * VAT_SHORTEST),
)
PHONE = (
    *PHONE_TYPED,
    Step("keep_if", "[0-9]" * PHONE_SHORTEST),
    Step("find", f"[0-9]{{1,{PHONE_LONGEST}}}$"),
)


def run(steps, text):
    """Return the text after the steps; nothing in, nothing out.

    >>> run((Step("translate", "ab", "xy"), Step("replace", "y+", "-")), "abba")
    'x-x'
    >>> run((Step("find", "[0-9]+"),), "none"), run(FOLD, None)
    ('', '')
    """
    text = text or ""
    for step in steps:
        text = _STEPS[step.kind](text, step.what, step.by)
    return text


def _find(text, what, _by):
    found = re.search(what, text)
    return found.group() if found else ""


_STEPS = {
    "nfkc": lambda text, what, by: unicodedata.normalize("NFKC", text),
    "translate": lambda text, what, by: text.translate(str.maketrans(what, by)),
    "delete": lambda text, what, by: text.translate(str.maketrans("", "", what)),
    "replace": lambda text, what, by: re.sub(what, by, text),
    "find": _find,
    "keep_if": lambda text, what, by: text if re.search(what, text) else "",
}


def fold(text):
    """Return the text in one spelling: Persian letters, ASCII digits, small letters.

    >>> fold("كتاب ‌های ١٢۳ Ünited")
    'کتاب های 123 united'
    """
    return run(FOLD, text)


def search_key(*texts):
    """Return what a name is found by: no spaces, no signs; parts stay apart.

    >>> search_key("می‌روم", None, "A-1")
    'میروم||a1'
    """
    return "|".join(run(SQUEEZE, text) for text in texts)


def name_key(name):
    """Return what two companies of the same name share, whatever their legal form.

    A name that is nothing but a legal form stays as it is.

    >>> name_key("Company"), name_key("")
    ('company', '')
    """
    return run(NAME, name) or run(SQUEEZE, name)


def phone_key(phone):
    """Return the last digits of a number without country code and trunk zero.

    Empty where fewer than 7 digits are left. Of several numbers the first counts,
    and whatever follows it, such as an extension, is left out.

    >>> phone_key("0098 21 8877 6655 داخلی 12"), phone_key("021-88776655")
    ('2188776655', '2188776655')
    >>> phone_key("+49 30 1234567"), phone_key("030/1234567")
    ('301234567', '')
    >>> phone_key("989123456789"), phone_key("1234")
    ('9123456789', '')
    """
    return run(PHONE, phone)


def phone_part(typed):
    """Return what to look for in phone keys when somebody types part of a number.

    >>> phone_part("۰۹۱۲"), phone_part("+98 912"), phone_part("4567")
    ('912', '912', '4567')
    """
    return run(PHONE_TYPED, typed)


def looks_like_phone(typed):
    """Say whether somebody who types this looks for a phone number.

    >>> looks_like_phone("۰۹۱۲"), looks_like_phone("912"), looks_like_phone("Unit 4567")
    (True, False, False)
    """
    text = run(FOLD, typed)
    digits = sum(char.isdigit() for char in text)
    return digits >= 4 and not text.strip("+0123456789 ().-_")


def mail_key(mail):
    """Return the first address in small letters, without a tag behind a plus sign.

    A tag sorts mail within one mailbox: who writes with and without it is one person.
    """
    return run(MAIL, mail)


def vat_key(number):
    """Return letters and digits of a tax number without the country's two letters.

    Empty for signs that mean "not subject to tax", and for what is too short.

    >>> vat_key("/"), vat_key("none"), vat_key("DE 123 456 789")
    ('', '', '123456789')
    """
    return run(VAT, number)
