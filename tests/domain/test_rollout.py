"""A share of all people who may host: never by chance, and only growing."""

from itertools import pairwise
from uuid import UUID, uuid5

import pytest

from rooms.domain.rollout import Rollout, bucket_of, rollout_of

N = 20_000
NAMES = UUID("6b0f7c70-6d1f-4c3e-9d0a-0d3f0a3c8f11")
PEOPLE = [uuid5(NAMES, f"person {n}") for n in range(N)]


def let_in(percentage: int) -> set[UUID]:
    rollout = Rollout("percentage", percentage)
    return {who for who in PEOPLE if rollout.lets(bucket_of(who), listed=False)}


def test_who_is_in_once_stays_in_as_the_share_grows() -> None:
    shares = [let_in(percentage) for percentage in range(0, 101, 5)]
    print(f"N={N}, share at 20 %: {len(shares[4]) / N:.3f}")

    assert all(few <= many for few, many in pairwise(shares))
    assert shares[0] == set()
    assert shares[-1] == set(PEOPLE)


@pytest.mark.parametrize("percentage", [1, 10, 50, 90])
def test_the_share_is_about_as_large_as_it_says(percentage: int) -> None:
    assert abs(len(let_in(percentage)) / N - percentage / 100) < 0.015


def test_the_bucket_of_a_person_never_changes() -> None:
    """These were drawn when it was shipped; another hash or salt would draw other people."""
    assert [bucket_of(who) for who in PEOPLE[:6]] == [28, 81, 18, 78, 12, 34]


def test_who_is_on_the_list_is_in_from_the_first_step_on() -> None:
    for text in ("list", "percentage:0", "percentage:30", "everyone"):
        assert rollout_of(text).lets(99, listed=True)
    assert not rollout_of("list").lets(0, listed=False)
    assert rollout_of("everyone").lets(99, listed=False)


@pytest.mark.parametrize(
    "text",
    ["", "all", "percentage", "percentage:", "percentage:101", "percentage:-1", "percentage:1.5",
     "percentage:٣", "List", "percentage:1000"],
)  # fmt: skip
def test_what_is_no_rollout_is_refused_with_the_words_that_are(text: str) -> None:
    with pytest.raises(ValueError, match="percentage:0 to percentage:100"):
        rollout_of(text)
