"""The bench of REST reads wrk rightly and refuses figures of answers that were none."""

import pytest

from bench.rest import Rate, overall, rate_of
from spaces_project.launcher.trouble import Trouble

SAID = """\
Running 3s test @ http://127.0.0.1:9811/api/v1/small
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.90ms    4.00ms  53.26ms   75.00%
    Req/Sec     3.69k   120.00     3.90k    70.00%
  Latency Distribution
     50%  870.00us
     75%    5.00ms
     90%    9.00ms
     99%    1.20s
  11000 requests in 3.00s, 4.00MB read
Requests/sec:   3663.21
Transfer/sec:      1.33MB
"""


def test_what_wrk_says_is_read() -> None:
    rate = rate_of(SAID, cpu_s=2.2)

    assert rate == Rate(3663.21, 2.2e6 / 11000, 0.87, 1200)


@pytest.mark.parametrize(
    "said",
    [
        SAID + "  Non-2xx or 3xx responses: 3\n",
        SAID + "  Socket errors: connect 0, read 4, write 0, timeout 0\n",
        SAID.replace("11000 requests", "0 requests"),
        "unable to connect",
    ],
)
def test_what_was_not_answered_gives_no_figure(said: str) -> None:
    with pytest.raises(Trouble):
        rate_of(said, cpu_s=1)


def test_the_rate_over_as_many_requests_to_each_view_is_that_of_all_together() -> None:
    rates = [Rate(per_s, 0, 0, 0) for per_s in (1000.0, 500.0, 250.0)]

    assert overall(rates) == pytest.approx(3 / (1 / 1000 + 1 / 500 + 1 / 250))
