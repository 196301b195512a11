"""``./spaces run``: everything on this machine, until Ctrl-C."""

import argparse
import json
import os
import sys
import time
from dataclasses import astuple
from typing import Any

from spaces_project.launcher import environment, migrations, redis, web
from spaces_project.launcher.children import Program
from spaces_project.launcher.environment import Addresses, Home
from spaces_project.launcher.manage_programs import manage
from spaces_project.launcher.postgres import Cluster, keys_cluster, log_cluster, prepare_all
from spaces_project.launcher.printing import Printer
from spaces_project.launcher.readiness import Signs
from spaces_project.launcher.secret_files import ensure_secrets
from spaces_project.launcher.supervisor import StopRequested, Supervisor, Watched
from spaces_project.launcher.trouble import Trouble

SUMMARY = "start everything here and print where it is"
DESCRIPTION = """\
Starts an embedded PostgreSQL, migrates it, fills in a demo (a host, a listener, a member of
staff and one live room with a synthetic speaker), starts web, followers and media, brings back
what dies, and prints the addresses with one-time sign-in links. Ctrl-C stops everything.

State is in var/; SPACES_HOME names another folder. DATABASE_URL together with
KEYS_DATABASE_URL replaces the embedded databases. Ports are free ones from 8000, or from
SPACES_FIRST_PORT. SPACES_WEB_PROCESSES is how many web processes share web's port (1 if not
given); with more than one an embedded Redis carries signals, unless REDIS_URL names one.
SPACES_PRESET is beta, launch (as if not given) or classic."""
CLUSTER_READY_S = 60.0
READY_S = 60.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which words may follow."""
    parser.add_argument("--no-demo", action="store_true", help="no demo people, room or speaker")
    parser.add_argument("--json", action="store_true", help="print the addresses as a line of JSON")


def main(arguments: argparse.Namespace) -> int:
    """Run until somebody asks to stop."""
    started = float(os.environ.pop("SPACES_STARTED", "") or time.time())
    home = environment.home()
    home.make()
    with home.lock():
        ensure_secrets(home.secrets)
        Run(home, started, demo=not arguments.no_demo, as_json=arguments.json).go()
    return 0


class Run:
    """One run, from the first process to the last."""

    def __init__(self, home: Home, started: float, *, demo: bool, as_json: bool) -> None:
        self._home = home
        self._started = started
        self._demo = demo
        self._as_json = as_json
        self._places = environment.addresses()
        self._clusters = embedded_clusters(home)
        self._urls = database_urls(self._clusters)
        self._variables = {
            **environment.variables(home, self._places, *self._urls),
            **web.redis_url(home),
        }
        self._links: list[dict[str, str]] = []
        (home.run / "followers.ready").unlink(missing_ok=True)
        (home.run / "launcher.json").unlink(missing_ok=True)

    def go(self) -> None:
        """Start in the order in which things need each other."""
        with Supervisor(Printer(), on_change=self._remember) as self._supervisor:
            try:
                self._start_clusters()
                self._migrate()
                self._start_programs()
                self._announce()
            except StopRequested:
                return
            self._supervisor.run_forever()

    def _start_clusters(self) -> None:
        prepare_all(self._clusters)
        if web.needs_redis():
            self._supervisor.start(redis.program(self._home))
        servers = [(each, self._supervisor.start(each.program())) for each in self._clusters]

        def ready() -> bool:
            return all(cluster.is_ready(server.pid or 0) for cluster, server in servers)

        if not self._supervisor.wait_until(ready, CLUSTER_READY_S):
            raise Trouble("PostgreSQL did not start; its lines are above. Type: ./spaces doctor")

    def _migrate(self) -> None:
        wanted = migrations.fingerprint(self._clusters)
        if migrations.is_migrated(self._home, wanted):
            return
        self._complete(self._supervisor.start(self._manage("migrate_all"), comes_back=False))
        migrations.remember(self._home, wanted)

    def _start_programs(self) -> None:
        places = self._places
        seed = None
        if self._demo:
            seed = self._supervisor.start(self._manage("seed_demo"), comes_back=False)
        for program in web.programs(places.web, self._variables):
            self._supervisor.start(program)
        self._supervisor.start(
            self._manage(
                "media",
                *("--http-port", places.media_http),
                *("--udp-port", places.media_udp),
                *("--signal-port", places.media_signals),
            )
        )
        self._supervisor.start(self._manage("followers"))
        if seed is not None:
            self._links = links(self._complete(seed), self._places)
        signs = Signs(places.web, places.media_http, self._home.run / "followers.ready")
        if not self._supervisor.wait_until(lambda: not signs.missing(), READY_S):
            late = " and ".join(signs.missing())
            raise Trouble(
                f"Not ready after {READY_S:g} s: {late}. The lines above say why. "
                "Type: ./spaces doctor"
            )
        if self._demo:
            # Last: nobody is in the room before the addresses are printed, and it costs a second.
            self._supervisor.start(self._manage("demo_speaker"))

    def _complete(self, task: Watched) -> str:
        """Wait for a task and return its last line."""
        self._supervisor.wait_until(lambda: task.is_finished, float("inf"))
        if task.exit_code != 0:
            raise Trouble(f"{task.program.name} failed; its lines are above.")
        return task.last_line

    def _manage(self, command: str, *words: object) -> Program:
        return manage(command, *words, variables=self._variables)

    def _remember(self) -> None:
        self._home.remember(self._state())

    def _state(self) -> dict[str, Any]:
        """What commands beside this one need; links and an operator's passwords are not in it."""
        state = {
            "base_url": self._places.base_url,
            "ports": list(astuple(self._places)),
            "pids": self._supervisor.pids(),
            "home": str(self._home.path),
        }
        if self._clusters:
            state["database_url"], state["keys_database_url"] = self._urls
        return state

    def _announce(self) -> None:
        self._remember()
        state = {**self._state(), "links": self._links}
        if self._as_json:
            text = json.dumps(state)
        else:
            text = block(state, self._home.shown, time.time() - self._started)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def embedded_clusters(home: Home) -> list[Cluster]:
    """The clusters to start: both, or none when the operator brings both databases.

    :raises Trouble: if only one is brought.
    """
    brought = [bool(os.environ.get(name)) for name in ("DATABASE_URL", "KEYS_DATABASE_URL")]
    if all(brought):
        return []
    if any(brought):
        raise Trouble(
            "Set DATABASE_URL and KEYS_DATABASE_URL together, in two places: keys are kept apart "
            "from what they open. Or set neither."
        )
    more = (web.processes() - 1) * web.CONNECTIONS_EACH
    return [
        log_cluster(home.path, more_connections=more),
        keys_cluster(home.path, more_connections=more),
    ]


def database_urls(clusters: list[Cluster]) -> tuple[str, str]:
    """Where the log and the keys are."""
    if clusters:
        return clusters[0].url, clusters[1].url
    return os.environ["DATABASE_URL"], os.environ["KEYS_DATABASE_URL"]


def links(line: str, places: Addresses) -> list[dict[str, str]]:
    """The one-time sign-in links from the last line of seed_demo, as whole addresses."""
    try:
        seeded: dict[str, Any] = json.loads(line)
        return [
            {
                "who": each["who"],
                "handle": each["handle"],
                "url": places.base_url + each["url_path"],
            }
            for each in seeded["links"]
        ]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise Trouble(
            "seed_demo did not end with its line of JSON. Type: ./spaces run --no-demo"
        ) from error


def block(state: dict[str, Any], home: str, elapsed_s: float) -> str:
    """What a person reads when everything is ready."""
    lines = ["", f"  Spaces is running after {elapsed_s:.1f} s.", ""]
    rows = [("Lobby", f"{state['base_url']}/")]
    rows += [(f"{link['who']}, @{link['handle']}", link["url"]) for link in state["links"]]
    width = max(len(who) for who, _ in rows) + 2
    lines += [f"    {who:<{width}}{url}" for who, url in rows]
    if state["links"]:
        lines += ["", "  Each link signs in once; open them in different browsers."]
    else:
        lines += [
            "",
            "  Register on the page. Hosting takes 600 followers; SPACES_PRESET=classic none.",
        ]
    lines += [f"  Ctrl-C stops everything. State is in {home}", ""]
    return "\n".join(lines)
