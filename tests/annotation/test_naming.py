"""Names come from what a cluster has more of than the rest."""

from annotation.naming import Word, names, over_represented, usual_words


def words(*pairs: tuple[str, int]) -> list[Word]:
    return [Word(word, count, 2.0) for word, count in pairs]


def test_words_as_frequent_inside_as_everywhere_name_nothing() -> None:
    everywhere = ["cut", "wash"] * 50
    assert over_represented(["cut", "wash"] * 5, usual_words(everywhere)) == ()


def test_a_frequent_word_comes_before_a_rare_one_with_a_larger_lift() -> None:
    inside = ["chop"] * 10 + ["juggle"]
    everywhere = inside + ["chop"] * 20 + ["walk"] * 200
    first, second = over_represented(inside, usual_words(everywhere))
    assert (first.word, second.word) == ("chop", "juggle")
    assert second.lift > first.lift > 1


def test_lift_is_the_smoothed_share_inside_over_the_share_everywhere() -> None:
    inside, everywhere = ["tap"] * 6 + ["pan"] * 2, ["tap"] * 10 + ["pan"] * 90
    tap = over_represented(inside, usual_words(everywhere))[0]
    assert tap.lift == (6 + 2 * 0.1) / (8 + 2) / 0.1


def test_ties_go_by_the_alphabet_and_missing_words_are_left_out() -> None:
    inside = ["b", "a", None, "c"]
    everywhere = [*inside, *["z"] * 20]
    assert [word.word for word in over_represented(inside, usual_words(everywhere))] == [
        "a",
        "b",
        "c",
    ]


def test_clusters_with_the_same_first_words_get_different_names() -> None:
    verbs = [words(("cut", 9), ("peel", 2)), words(("cut", 9), ("slice", 2))]
    nouns = [words(("onion", 9), ("knife", 1)), words(("onion", 9), ("board", 1))]
    assert names(verbs, nouns) == ["cut · onion, knife", "cut · onion, board"]


def test_even_nouns_stand_together_and_wholly_equal_clusters_are_numbered() -> None:
    verbs, nouns = [words(("chop", 40))] * 3, [words(("carrot", 20), ("onion", 20))] * 3
    assert names(verbs, nouns) == [
        "chop · carrot, onion",
        "chop · carrot, onion (2)",
        "chop · carrot, onion (3)",
    ]


def test_a_cluster_without_telling_words_is_mixed() -> None:
    assert names([[], []], [[], []]) == ["mixed", "mixed (2)"]
