"""Keys of names and numbers: properties, without Odoo."""

import string

from hypothesis import given
from hypothesis import strategies as st

from ..lib import persian

LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی" + string.ascii_lowercase
words = st.text(LETTERS, min_size=1, max_size=8)
texts = st.text(max_size=30)
nationals = st.text("0123456789", min_size=9, max_size=9).map(
    lambda digits: "9" + digits
)


@given(texts)
def test_folding_twice_changes_nothing_more(text):
    once = persian.fold(text)
    assert persian.fold(once) == once


@given(st.lists(words, min_size=1, max_size=4))
def test_spaces_half_spaces_and_nothing_between_words_are_the_same(parts):
    keys = {
        persian.search_key(between.join(parts))
        for between in (" ", persian.HALF_SPACE, "", "-", "  ")
    }
    assert len(keys) == 1


@given(words)
def test_arabic_and_persian_letters_are_the_same(word):
    arabic = word.translate(str.maketrans("یکه", "يكة"))
    assert persian.search_key(arabic) == persian.search_key(word)


@given(words)
def test_capitals_and_vowel_signs_do_not_count(word):
    vowels = "".join(letter + "\u064e" for letter in word.upper())
    assert persian.search_key(vowels) == persian.search_key(word)


@given(nationals)
def test_a_phone_has_one_key_however_it_is_written(number):
    persian_digits = str.maketrans(string.digits, "۰۱۲۳۴۵۶۷۸۹")
    arabic_digits = str.maketrans(string.digits, "٠١٢٣٤٥٦٧٨٩")
    spellings = (
        f"0{number}",
        f"+98{number}",
        f"0098{number}",
        f"+98 (0){number}",
        f"(0{number[:3]}) {number[3:6]}-{number[6:]}",
        f"0{number}".translate(persian_digits),
        f"+98 {number}".translate(arabic_digits),
        f"Tel: 0{number}",
    )
    assert {persian.phone_key(spelling) for spelling in spellings} == {number}


@given(nationals, st.integers(4, 10))
def test_the_beginning_of_a_number_is_the_beginning_of_its_key(number, length):
    typed = f"0{number}"[: length + 1]
    assert persian.phone_key(f"+98{number}").startswith(persian.phone_part(typed))


@given(words, st.sampled_from(persian.LEGAL_FORMS))
def test_the_legal_form_does_not_count(word, form):
    if word in persian.LEGAL_FORMS or word == "با":
        return
    assert persian.name_key(f"{word} {form}") == persian.name_key(word)
    assert persian.name_key(f"{form} {word}") == persian.name_key(word)


def test_a_legal_form_inside_a_word_stays():
    assert persian.name_key("Cobalt Agency") == "cobaltagency"
    assert persian.name_key("خاصه") == "خاصه"


def test_the_tag_of_a_mail_address_does_not_count():
    assert persian.mail_key(" Sara+a+b@Example.COM ") == "sara@example.com"
    assert persian.mail_key("no address") == ""
