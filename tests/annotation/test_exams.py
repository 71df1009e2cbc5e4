"""What an exam draws and what warms up a day."""

from datetime import date, timedelta

from annotation.exams import draw, of_the_day

POOL = [(n, "yes" if n % 2 else "no", 0) for n in range(20)]


def test_an_exam_is_balanced() -> None:
    drawn = draw(POOL, 10)
    assert len(set(drawn)) == 10 and sum(n % 2 for n in drawn) == 5
    assert sum(n % 2 for n in draw(POOL, 7)) in (3, 4)


def test_questions_that_were_not_asked_come_first() -> None:
    asked = set(draw(POOL, 10))
    again = draw([(n, label, int(n in asked)) for n, label, _ in POOL], 10)
    assert not asked & set(again)
    more = draw([(n, label, int(n in asked)) for n, label, _ in POOL], 14)
    assert len(asked & set(more)) == 4


def test_where_one_label_runs_out_the_other_fills_up() -> None:
    pool = [(1, "yes", 0), *((n, "no", 0) for n in range(2, 12))]
    assert len(draw(pool, 6)) == 6 and 1 in draw(pool, 6)
    assert sorted(draw(pool, 50)) == sorted(n for n, *_ in pool)
    assert draw([], 5) == []


def test_each_day_warms_up_with_others_until_all_had_their_turn() -> None:
    pool = list(range(9))
    days = [of_the_day(pool, date(2026, 1, 1) + timedelta(days=n)) for n in range(3)]
    assert sorted(one for day in days for one in day) == pool
    assert of_the_day(pool, date(2026, 1, 1)) == days[0]
    assert of_the_day([1, 2], date(2026, 1, 1)) in ([1, 2], [2, 1])
    assert of_the_day([], date(2026, 1, 1)) == []
