from datetime import date, timedelta
from random import Random

from ..lib.benefits import ACTIVE, BLOCKED, ENDING, Grant, next_step

START = date(2026, 1, 1)


class Life:
    """A customer who wins and loses classes, and a person who sets values by hand."""

    def __init__(self, replace, grace):
        self.replace, self.grace = replace, grace
        self.value, self.grant, self.by_hand = None, None, False

    def day(self, wanted, today):
        by_hand = self.by_hand and not (
            self.grant
            and self.grant.state != BLOCKED
            and self.value == self.grant.value
        )
        step = next_step(
            wanted, self.grant, self.value, by_hand, self.replace, self.grace, today
        )
        if step is None:
            return None
        if step.verb in ("give", "resume"):
            self.grant = Grant(ACTIVE, step.value, step.old)
            self.value = step.value
        elif step.verb == "block":
            self.grant = Grant(BLOCKED, wanted, step.old)
        elif step.verb == "lose":
            self.grant = Grant(ENDING, step.value, step.old, step.until)
        else:
            self.value, self.grant = step.value, None
        return step


def test_a_second_look_on_the_same_day_changes_nothing_but_ends_what_is_let():
    random = Random(3)
    for turn in range(400):
        life = Life(turn % 2 == 0, random.choice([0, 3]))
        for number in range(20):
            today = START + timedelta(days=number)
            wanted = random.choice([None, 1, 2])
            if random.random() < 0.2:
                life.value, life.by_hand = 9, True
            first = life.day(wanted, today)
            if first is None or first.verb != "let":
                assert life.day(wanted, today) is None


def test_what_a_person_set_is_never_touched_unless_the_benefit_may():
    random = Random(4)
    for _turn in range(300):
        life = Life(False, random.choice([0, 2, 5]))
        life.value, life.by_hand = 9, True
        for number in range(15):
            life.day(random.choice([None, 1, 2]), START + timedelta(days=number))
            assert life.value == 9


def test_what_stood_there_before_comes_back_after_the_time_of_grace():
    for before in (None, 9):
        life = Life(True, 5)
        life.value, life.by_hand = before, before is not None
        life.day(1, START)
        life.day(2, START + timedelta(days=1))
        assert life.value == 2
        life.day(None, START + timedelta(days=2))
        for number in range(3, 7):
            life.day(None, START + timedelta(days=number))
            assert life.value == 2
        life.day(None, START + timedelta(days=7))
        assert (life.value, life.grant) == (before, None)


def test_a_class_won_back_within_the_time_of_grace_keeps_its_benefit():
    life = Life(False, 10)
    life.day(1, START)
    life.day(None, START + timedelta(days=1))
    assert life.grant.state == ENDING
    life.day(1, START + timedelta(days=5))
    assert life.grant.state == ACTIVE
    life.day(1, START + timedelta(days=20))
    assert life.value == 1
