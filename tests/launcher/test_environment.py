"""Where state lives, which ports are taken, what the processes are told."""

import json
import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from spaces_project.launcher import environment, examinations, run
from spaces_project.launcher.environment import Home
from spaces_project.launcher.ports import free_ports
from spaces_project.launcher.printing import Printer
from spaces_project.launcher.secret_files import NAMES, ensure_secrets, open_to_others
from spaces_project.launcher.supervisor import Supervisor
from spaces_project.launcher.trouble import Trouble


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.make()
    return made


def test_the_state_is_in_var_unless_spaces_home_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SPACES_HOME")
    assert environment.home().path == environment.PROJECT / "var"

    monkeypatch.setenv("SPACES_HOME", str(tmp_path))
    assert environment.home().path == tmp_path


def test_one_launcher_holds_a_home(home: Home) -> None:
    with home.lock():
        assert home.is_running()
        with pytest.raises(Trouble, match="already running"):
            home.lock()

    assert not home.is_running()


def test_a_state_left_behind_by_a_killed_launcher_is_not_believed(home: Home) -> None:
    home.remember({"pids": {}})
    with home.lock():
        assert home.state() == {"pids": {}}

    assert home.state() is None


def test_the_state_is_for_its_owner_alone(home: Home) -> None:
    careless = os.umask(0)
    try:
        home.remember({"pids": {}})
        (home.run / "launcher.json.new").write_text("half of it, by a launcher that was killed")
        home.remember({"pids": {"web": 1}})
    finally:
        os.umask(careless)

    assert stat.S_IMODE((home.run / "launcher.json").stat().st_mode) == 0o600
    assert [path.name for path in home.run.iterdir()] == ["launcher.json"]


def test_addresses_that_an_operator_brought_are_not_written_down(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:pa55word@db1/spaces")
    monkeypatch.setenv("KEYS_DATABASE_URL", "postgresql://ana:pa55word@db2/keys")
    brought = run.Run(home, 0.0, demo=False, as_json=True)
    brought._supervisor = Supervisor(Printer())
    brought._announce()

    written, said = (home.run / "launcher.json").read_text(), capsys.readouterr().out
    for text in (written, said):
        assert "base_url" in text
        assert "pa55word" not in text
    found = environment.running_databases(json.loads(written))
    assert found == (os.environ["DATABASE_URL"], os.environ["KEYS_DATABASE_URL"])

    monkeypatch.delenv("KEYS_DATABASE_URL")
    with pytest.raises(Trouble, match="Set KEYS_DATABASE_URL"):
        environment.running_databases({})


def test_embedded_addresses_are_written_down(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("KEYS_DATABASE_URL")
    embedded = run.Run(home, 0.0, demo=False, as_json=True)
    embedded._supervisor = Supervisor(Printer())
    embedded._announce()

    state = json.loads(capsys.readouterr().out)
    assert state == {**json.loads((home.run / "launcher.json").read_text()), "links": []}
    assert environment.running_databases(state) == run.database_urls(run.embedded_clusters(home))


def test_doctor_knows_our_own_ports_from_those_of_others(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACES_HOME", str(home.path))
    monkeypatch.setenv("SPACES_FIRST_PORT", "8000")
    monkeypatch.setattr(examinations, "is_free", lambda port: port not in {8000, 8001, 8005})
    others = "held by others: {}; the next free ones are taken"
    assert examinations.ports()[1] == others.format("8000, 8001, 8005")

    with home.lock():
        home.remember({"ports": [8000, 8001, 8002]})
        ours = "held by Spaces, which runs: 8000, 8001"
        assert examinations.ports()[1] == f"{ours}; {others.format('8005')}"
        monkeypatch.setattr(examinations, "is_free", lambda port: port not in {8000, 8001})
        assert examinations.ports()[1] == ours


def test_doctor_shows_no_password_to_the_machine(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPACES_HOME", str(home.path))
    for name in ("DATABASE_URL", "KEYS_DATABASE_URL"):
        monkeypatch.setenv(name, f"postgresql://ana:pa55word@/spaces?host={tmp_path}")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: pytest.fail(str(command)))

    with home.lock():
        home.remember({"base_url": "http://127.0.0.1:8000"})
        verdict, sentence = examinations.databases()

    assert verdict is examinations.Verdict.FAIL
    assert sentence.startswith("DATABASE_URL: ")
    assert "pa55word" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("base_url", "origins"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000 http://localhost:8000"),
        ("http://127.0.0.1", "http://127.0.0.1 http://localhost"),
        ("https://rooms.example.org", "https://rooms.example.org"),
    ],
)
def test_this_machine_may_also_be_called_localhost(
    home: Home, monkeypatch: pytest.MonkeyPatch, base_url: str, origins: str
) -> None:
    monkeypatch.setenv("SPACES_BASE_URL", base_url)
    places = environment.Addresses(8000, 8001, 8002, 8003)

    told = environment.variables(home, places, "postgresql:///a", "postgresql:///b")

    assert told["SPACES_ALLOWED_ORIGINS"] == origins


def test_ports_that_others_hold_are_passed_over() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]

        found = free_ports([socket.SOCK_STREAM, socket.SOCK_DGRAM], first=port)

    assert port not in found
    assert len(set(found)) == 2


def test_two_launchers_that_start_together_take_different_ports() -> None:
    first = free_ports([socket.SOCK_STREAM] * 3, first=20000)
    second = free_ports([socket.SOCK_STREAM] * 3, first=20000)

    assert set(first) & set(second) == set()


def test_ports_run_out_with_a_sentence() -> None:
    with pytest.raises(Trouble, match="No port is free"):
        free_ports([socket.SOCK_STREAM] * 3, first=65535)


def test_the_first_port_has_to_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACES_FIRST_PORT", "many")

    with pytest.raises(Trouble, match="number"):
        environment.addresses()


def test_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    careless = os.umask(0)
    try:
        ensure_secrets(tmp_path / "secrets")
    finally:
        os.umask(careless)

    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    for name in NAMES:
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600


def test_secrets_are_all_different_and_never_overwritten(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    first = [(tmp_path / name).read_bytes() for name in NAMES]
    assert len(set(first)) == len(NAMES)

    ensure_secrets(tmp_path)

    assert [(tmp_path / name).read_bytes() for name in NAMES] == first


def test_a_secret_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            ensure_secrets(tmp_path)
    assert list(tmp_path.iterdir()) == []

    ensure_secrets(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    (tmp_path / "token.key").chmod(0o644)

    with pytest.raises(Trouble, match="chmod 600"):
        ensure_secrets(tmp_path)
    assert len(open_to_others(tmp_path)) == 1


def test_an_operators_word_counts_more_than_ours(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACES_PRESET", "classic")
    monkeypatch.setenv("SPACES_MEDIA_HOST", "")
    places = environment.Addresses(8000, 8001, 8002, 8003)

    told = environment.variables(home, places, "postgresql:///a", "postgresql:///b")

    assert told["SPACES_PRESET"] == "classic"
    assert told["SPACES_MEDIA_HOST"] == "127.0.0.1"
    assert told["SPACES_MEDIA_URL"] == "http://127.0.0.1:8001"
    assert told["DATABASE_URL"] == "postgresql:///a"


def test_keys_and_log_are_replaced_together(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///a")
    monkeypatch.delenv("KEYS_DATABASE_URL")
    with pytest.raises(Trouble, match="together"):
        run.embedded_clusters(home)

    monkeypatch.setenv("KEYS_DATABASE_URL", "postgresql:///b")
    assert run.embedded_clusters(home) == []
    assert run.database_urls([]) == ("postgresql:///a", "postgresql:///b")


def test_the_links_are_whole_addresses() -> None:
    places = environment.Addresses(8000, 8001, 8002, 8003)
    line = json.dumps({"links": [{"who": "Ana", "handle": "ana", "url_path": "/in/x"}]})

    assert run.links(line, places) == [
        {"who": "Ana", "handle": "ana", "url": f"{places.base_url}/in/x"}
    ]
    with pytest.raises(Trouble, match="seed_demo"):
        run.links("Done.", places)
