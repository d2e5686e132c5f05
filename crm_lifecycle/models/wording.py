from functools import reduce


def listed(env, words):
    """Return words one after another, with the comma of the user's language.

    :param words: iterable of text
    :return: text, empty for no words
    """
    words = list(words)
    return reduce(
        lambda text, word: env._("%(words)s, %(word)s", words=text, word=word),
        words[1:],
        words[0] if words else "",
    )
