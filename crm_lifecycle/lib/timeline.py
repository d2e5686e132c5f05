"""What a source of the customer's timeline is, and how its pages are cut; free of Odoo.

A timeline is a merge of many tables, newest first. Each page begins where the last one
ended (*keyset* paging), so the hundredth page costs as much as the first and nothing
shows twice when something new arrives in between.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone
from typing import Any, NamedTuple

OWNERS = ("contact", "customer")


class TimelineKind(NamedTuple):
    """What entries are called: a name, a label for people, and how they look."""

    kind: str
    label: str
    icon: str = "fa-circle-o"
    color: str = "secondary"
    when: Any = None
    """Condition on ``doc``: of the kinds of a source the first that holds counts, one
    without condition takes the rest."""
    contact: bool = False
    """True where somebody talked with the customer: it counts as the last contact."""


class TimelineBranch(NamedTuple):
    """One way from a customer to documents, as pieces of SQL.

    The engine looks documents up once per owner, newest first, and stops after a page:
    an index on (key, date DESC, id DESC) makes that a handful of rows.
    """

    tables: Any
    """FROM: the table of the documents is called ``doc``."""
    key: Any
    """The column that names the owner: a contact of the customer, or the customer."""
    date: Any
    """When it happened, from columns of ``doc``: a timestamp in UTC, or a date where
    ``dated``."""
    where: Any = None
    """Which documents count; None: all."""
    company: Any = None
    """The company, or a branch of it, that the document belongs to, from columns of
    ``doc``; None: it hangs on the customer, who belongs to one company."""
    texts: tuple = ()
    """Columns of ``doc`` that a search looks through."""
    owner: str = "contact"
    """``contact``: anybody below the commercial partner; ``customer``."""
    dated: bool = False
    """True where only the day is known: it shows without a time, in no time zone."""
    private: Any = None
    """Documents that must not even count as a contact with the customer."""


class TimelineSource(NamedTuple):
    """Documents of one model. Addons add theirs in ``_timeline_sources()`` by super().

    ``describe(records)`` returns ``{id: {"summary": text, ...}}`` for records that the
    user may read, with any of ``amount``, ``currency_id``, ``user_id``, ``state`` (a
    text) and ``direction`` (in or out). It is asked once per page.

    ``visible(records)`` may hide more than the access rights do.
    """

    model: str
    kinds: tuple[TimelineKind, ...]
    branches: tuple[TimelineBranch, ...]
    describe: Callable
    visible: Callable | None = None


class Cursor(NamedTuple):
    """Where a page ended: the next one begins after this entry."""

    date: datetime
    kind: str
    res_id: int

    def dump(self) -> list:
        """Return it as plain values, for clients to hand back.

        >>> Cursor(datetime(2026, 3, 1, 9, 30), "mail", 7).dump()
        ['2026-03-01T09:30:00', 'mail', 7]
        """
        return [self.date.isoformat(), self.kind, self.res_id]

    @classmethod
    def load(cls, values: Iterable) -> "Cursor":
        """Read what ``dump`` gave.

        >>> Cursor.load(['2026-03-01T09:30:00', 'mail', 7]).date
        datetime.datetime(2026, 3, 1, 9, 30)
        >>> Cursor.load(['yesterday', 'mail', 7])
        Traceback (most recent call last):
            ...
        ValueError: not a place in a timeline: ['yesterday', 'mail', 7]
        """
        try:
            date, kind, res_id = values
            return cls(datetime.fromisoformat(date), str(kind), int(res_id))
        except (TypeError, ValueError) as error:
            raise ValueError(f"not a place in a timeline: {values}") from error


def parse_bound(bound: str | date | None) -> date | datetime | None:
    """Return a day, or a moment in UTC, from what a client sends.

    >>> parse_bound("2026-03-01"), parse_bound("2026-03-01T09:30:00+03:30")
    (datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1, 6, 0))
    >>> parse_bound(""), parse_bound(date(2026, 3, 1))
    (None, datetime.date(2026, 3, 1))
    """
    if not bound or isinstance(bound, date):
        return bound or None
    if len(bound) == 10:
        return date.fromisoformat(bound)
    moment = datetime.fromisoformat(bound)
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment


def check_sources(sources: Iterable[TimelineSource]) -> None:
    """Refuse a kind that two sources claim, and owners that nobody knows.

    >>> branch = TimelineBranch("t doc", "doc.partner_id", "doc.date")
    >>> source = TimelineSource("m", (TimelineKind("call", "Call"),), (branch,), None)
    >>> check_sources([source])
    >>> check_sources([source, source])
    Traceback (most recent call last):
        ...
    ValueError: two timeline sources have entries of kind 'call'
    >>> check_sources([source._replace(branches=(branch._replace(owner="lead"),))])
    Traceback (most recent call last):
        ...
    ValueError: a timeline source of 'm' has the unknown owner 'lead'
    """
    kinds: set[str] = set()
    for source in sources:
        for kind in source.kinds:
            if kind.kind in kinds:
                raise ValueError(
                    f"two timeline sources have entries of kind {kind.kind!r}"
                )
            kinds.add(kind.kind)
        for branch in source.branches:
            if branch.owner not in OWNERS:
                raise ValueError(
                    f"a timeline source of {source.model!r} has the unknown owner "
                    f"{branch.owner!r}"
                )


def shorten(text: str, limit: int = 160) -> str:
    """Return a text on one line, cut at a word.

    >>> shorten("  two\\n lines "), shorten("one two three", 9)
    ('two lines', 'one two…')
    """
    words = " ".join((text or "").split())
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0] + "…"
