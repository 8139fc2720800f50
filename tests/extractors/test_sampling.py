from extractors.sampling import is_sampled


def test_the_same_run_and_subject_always_draw_the_same_lot() -> None:
    subjects = [f"weibo:{number}" for number in range(5000)]
    drawn = {s for s in subjects if is_sampled("r1", s, 0.02)}
    assert drawn == {s for s in reversed(subjects) if is_sampled("r1", s, 0.02)}
    assert 60 <= len(drawn) <= 140, "about a fiftieth"
    assert drawn != {s for s in subjects if is_sampled("r2", s, 0.02)}
    assert drawn < {s for s in subjects if is_sampled("r1", s, 0.2)}, "a larger share keeps the smaller one's"


def test_none_and_all() -> None:
    assert not any(is_sampled("r1", str(number), 0) for number in range(1000))
    assert all(is_sampled("r1", str(number), 1) for number in range(1000))
