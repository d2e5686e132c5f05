"""Telephone numbers: however they are written, one telephone stays one."""

from hypothesis import given
from hypothesis import strategies as st

from ..lib.phone import FOREIGN_DIGITS, TAIL, is_number, same_number, significant, tail

PERSIAN = str.maketrans("0123456789", FOREIGN_DIGITS[:10])
country = st.sampled_from(["98", "49", "1", "971"])
national = st.from_regex(r"[1-9][0-9]{8,10}", fullmatch=True)


def spellings(country_code, number):
    yield f"+{country_code}{number}"
    yield f"00{country_code} {number[:2]} {number[2:]}"
    yield f"0{number[:3]}-{number[3:]}"
    yield f"+{country_code} (0) {number}"
    yield f"0{number}".translate(PERSIAN)


@given(country, national)
def test_all_spellings_mean_the_same_telephone(code, number):
    written = list(spellings(code, number))
    for one in written:
        assert is_number(one), one
        for other in written:
            assert same_number(one, other), (one, other)
            assert tail(one) == tail(other)


@given(st.sampled_from(["98", "49"]), national)
def test_the_same_digits_in_another_country_are_another_telephone(code, number):
    assert not same_number(f"+{code}{number}", f"+33{number}")


@given(st.text(max_size=12))
def test_nothing_is_too_strange_to_be_looked_at(text):
    significant(text)
    if is_number(text):
        assert len(tail(text)) == TAIL
