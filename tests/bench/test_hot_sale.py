"""The crowd of the bench, small, at both sides: counted by the log, exact at the end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench import hot_sale
from bench.house import House
from bench.ticket_sales.crowd import Rush, must_be_in_the_log, rush
from bench.ticket_sales.sides import Ours, Peer, Side
from spaces_project.kernel.ids import new_id
from spaces_project.launcher.postgres import Cluster
from spaces_project.launcher.trouble import Trouble

pytestmark = [pytest.mark.databases]

BUYERS = 6


@pytest.fixture(params=["ours", "peer"])
def side(
    request: pytest.FixtureRequest, databases: tuple[Cluster, ...], tmp_path: Path
) -> Iterator[Side]:
    """One side of the bench on the tests' databases."""
    if request.param == "ours":
        yield Ours()
    else:
        peer = Peer(House(tmp_path, *databases), BUYERS)
        yield peer
        peer.close()


def test_a_crowd_is_counted_by_what_the_log_holds(side: Side) -> None:
    sale_id = side.open(1000)

    found = rush(side, sale_id, BUYERS, orders=4)

    assert len(found.acknowledged) == 4 * BUYERS
    assert found.refused == 0
    assert 0 < found.p50_ms <= found.p99_ms
    assert side.orders(sale_id) == found.acknowledged
    must_be_in_the_log(side, sale_id, found)
    for wrong in (found.acknowledged | {new_id()}, frozenset(list(found.acknowledged)[1:])):
        with pytest.raises(Trouble, match=r"\b1 orders are missing|\b1 nobody"):
            must_be_in_the_log(side, sale_id, replace(found, acknowledged=wrong))


def test_a_side_sells_what_there_is_and_not_one_more(
    side: Side, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hot_sale, "SCARCE", 10)

    hot_sale.sell_out(BUYERS, side)

    assert "10 tickets sold, not one more" in capsys.readouterr().out


def test_a_side_that_sells_too_many_gets_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def oversold(*_: object, **__: object) -> Rush:
        return Rush(1.0, 1.0, 1.0, frozenset(new_id() for _ in range(hot_sale.SCARCE + 1)), 0)

    monkeypatch.setattr(hot_sale, "rush", oversold)
    monkeypatch.setattr(hot_sale, "must_be_in_the_log", lambda *_: None)
    monkeypatch.setattr(Ours, "open", lambda *_: new_id())

    with pytest.raises(Trouble, match="sold 101 of 100"):
        hot_sale.sell_out(BUYERS, Ours())


def test_an_order_that_gets_dearer_as_the_sale_grows_gets_no_figure() -> None:
    hot_sale.must_be_flat(young=1000.0, old=800.0)

    with pytest.raises(Trouble, match="costs more"):
        hot_sale.must_be_flat(young=1000.0, old=400.0)
