"""A guest who chooses a name twice at once: one of both, and nothing of the other."""

import random
from functools import partial

import pytest

from accounts import commands
from accounts.domain.errors import WrongCredentials
from spaces_project.kernel.log.event_log import Receipt
from tests.accounts.people import at_once, topics

pytestmark = [pytest.mark.databases, pytest.mark.usefixtures("databases")]

TRIALS = 4
WISHES = 3


def fits(handle: str, password: str) -> bool:
    try:
        commands.sign_in(handle=handle, password=password)
    except WrongCredentials:
        return False
    return True


def test_the_password_is_that_of_the_name_that_was_chosen() -> None:
    seed = random.randrange(10**6)
    for trial in range(TRIALS):
        guest = commands.register_guest().entity_id
        wishes = [(f"ana_{seed}_{trial}_{i}", f"a long sentence {i}") for i in range(WISHES)]
        answers = at_once(
            partial(commands.choose_name, account_id=guest, handle=h, name="Ana", password=p)
            for h, p in wishes
        )

        carried_out = [isinstance(answer, Receipt) for answer in answers]
        assert carried_out.count(True) == 1, (seed, answers)
        assert [fits(*wish) for wish in wishes] == carried_out, seed
    assert topics().count("NameChosen") == TRIALS
    print(f"seed {seed}, N={TRIALS} guests with {WISHES} wishes each")
