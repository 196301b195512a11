"""Settings. Everything that an operator changes comes from the environment; see docs."""

import os
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from media.domain.hls import HlsRules, hls_rules_from
from rooms.domain.rollout import Rollout, rollout_of
from rooms.domain.rules import Rules, rules_from
from spaces_project.kernel.limits.addresses import Network, networks
from spaces_project.kernel.limits.table import Limit, limits_from
from spaces_project.kernel.time_limits import AS_OPTIONS, CONNECT_S
from spaces_project.presets import PRESETS, Preset

BASE_DIR = Path(__file__).resolve().parent.parent
SPACES_HOME = Path(os.environ.get("SPACES_HOME", BASE_DIR / "var"))
SECRETS_DIR = Path(os.environ.get("SPACES_SECRETS", SPACES_HOME / "secrets"))

PLACES = frozenset({"dbname", "host", "port", "user", "password"})


def _preset(name: str) -> Preset:
    if name not in PRESETS:
        sys.exit(f"SPACES_PRESET must be one of {', '.join(PRESETS)}; it is {name!r}.")
    return PRESETS[name]


def _rules() -> Rules:
    try:
        return rules_from(os.environ)
    except ValueError as error:
        sys.exit(str(error))


def _hls_rules() -> HlsRules:
    try:
        return hls_rules_from(os.environ)
    except ValueError as error:
        sys.exit(str(error))


def _limits() -> dict[str, Limit]:
    reactions = (ROOM_RULES.reactions_most, ROOM_RULES.reactions_window_s)
    try:
        return limits_from(os.environ, reactions=reactions)
    except ValueError as error:
        sys.exit(str(error))


def _proxies() -> tuple[Network, ...]:
    try:
        return networks(os.environ.get("SPACES_TRUSTED_PROXIES", ""))
    except ValueError as error:
        sys.exit(f"SPACES_TRUSTED_PROXIES must be addresses or networks: {error}.")


def _host_rollout(text: str) -> Rollout | None:
    try:
        return rollout_of(text) if text else None
    except ValueError as error:
        sys.exit(f"SPACES_HOST_ROLLOUT: {error}.")


def _database(url: str, default_name: str) -> dict[str, Any]:
    try:
        found = conninfo_to_dict(url) if url else {}
    except ProgrammingError:
        sys.exit("DATABASE_URL and KEYS_DATABASE_URL must look like postgresql://user@host/name.")
    return {
        "ENGINE": "spaces_project.kernel.postgresql",
        "NAME": found.get("dbname", default_name),
        "HOST": found.get("host", ""),
        "PORT": found.get("port", ""),
        "USER": found.get("user", "postgres"),
        "PASSWORD": found.get("password", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **{name: value for name, value in found.items() if name not in PLACES},
            "connect_timeout": CONNECT_S,
            "options": AS_OPTIONS,
        },
    }


def _django_key() -> str:
    path = SECRETS_DIR / "django.key"
    return path.read_text().strip() if path.is_file() else os.urandom(32).hex()


DATABASES = {
    "default": _database(os.environ.get("DATABASE_URL", ""), "spaces"),
    "keys": _database(os.environ.get("KEYS_DATABASE_URL", ""), "spaces_keys"),
}
DATABASE_ROUTERS = ["spaces_project.kernel.keys.router.KeysApart"]

SECRET_KEY = _django_key()
DEBUG = False
BASE_URL = os.environ.get("SPACES_BASE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = os.environ.get("SPACES_ALLOWED_HOSTS", "*").split()
ALLOWED_ORIGINS = frozenset(os.environ.get("SPACES_ALLOWED_ORIGINS", BASE_URL).split())

REDIS_URL = os.environ.get("REDIS_URL", "")  # where there is more than one web process
SOCKET_LEASE_S = float(os.environ.get("SPACES_SOCKET_LEASE_S", "10"))  # sockets of the killed count

MEDIA_NODE_URL = os.environ.get("SPACES_MEDIA_URL", "http://127.0.0.1:8001")
MEDIA_SIGNALS = os.environ.get("SPACES_MEDIA_SIGNALS", "127.0.0.1:8002")
HLS_RULES = _hls_rules()
MEDIA_HOST = os.environ.get("SPACES_MEDIA_HOST", "127.0.0.1")

EPOCH = os.environ.get("SPACES_EPOCH", "1")  # changes when an older log is restored
PRESET = _preset(os.environ.get("SPACES_PRESET", "launch"))
ROOM_RULES = _rules()
# None: as the preset says.
HOST_ROLLOUT = _host_rollout(os.environ.get("SPACES_HOST_ROLLOUT", ""))
TEST_GROUP = frozenset(os.environ.get("SPACES_TEST_GROUP", "").split())
SERVER_KEYS = "accounts.api_keys.cupboard"  # who keeps the keys of servers
SCOPES = "spaces_project.scopes.SCOPES"  # what they need for what
LIMITS = _limits()
GUESTS = os.environ.get("SPACES_GUESTS", "on") == "on"  # whether one listens without a name
TRUSTED_PROXIES = _proxies()
WEBHOOK_SOURCES = "spaces_project.wiring.webhook_sources"
# Private networks that webhooks may reach, and without TLS; for development.
WEBHOOK_ALLOWED_NETWORKS = [
    ip_network(each) for each in os.environ.get("SPACES_WEBHOOK_ALLOWED_NETWORKS", "").split()
]
WEBHOOK_ENDPOINTS = int(os.environ.get("SPACES_WEBHOOK_ENDPOINTS", "10"))  # of one owner
WEBHOOK_TIMEOUT_S = float(os.environ.get("SPACES_WEBHOOK_TIMEOUT_S", "15"))
WEBHOOK_RETRIES_S = [  # after each attempt in vain; behind the last one the room is held
    float(each)
    for each in os.environ.get(
        "SPACES_WEBHOOK_RETRIES_S", "5 300 1800 7200 18000 36000 50400"
    ).split()
]
WEBHOOK_DAYS_SHOWN = int(os.environ.get("SPACES_WEBHOOK_DAYS_SHOWN", "7"))  # of attempts
TOKEN_LIFETIME_S = int(os.environ.get("SPACES_TOKEN_LIFETIME_S", str(12 * 3600)))

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "procrastinate.contrib.django",
    "spaces_project.kernel",
    "spaces_project.kernel.keys",
    "spaces_project.interface",
    "accounts",
    "rooms",
    "media",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # wiring.py lists the jobs
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "spaces_project.kernel.web.request_id.RequestIdMiddleware",
    "spaces_project.kernel.web.rate_limits.RateLimits",
    "spaces_project.kernel.web.compression.CompressPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rooms.presence.requests.RenewingMiddleware",
]
ROOT_URLCONF = "spaces_project.urls"
WSGI_APPLICATION = "spaces_project.wsgi.application"
ASGI_APPLICATION = "spaces_project.asgi.application"
HTTP_FRONT = "spaces_project.asgi.front"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 60
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
PASSWORD_HASHERS = ["accounts.hashers.ModerateArgon2"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "spaces_project.kernel.web.rest_authentication.BearerAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["spaces_project.kernel.web.rest_authentication.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["spaces_project.kernel.web.json.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["spaces_project.kernel.web.json.JsonParser"],
    "EXCEPTION_HANDLER": "spaces_project.kernel.web.problems.answer_with_problem",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "spaces_project.interface.operation.DescribedSchema",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # our choices are their own labels
    "GET_MOCK_REQUEST": "spaces_project.interface.operation.no_request",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SPACES_LOG_LEVEL", "INFO")},
    "loggers": {
        "aiortc": {"level": "WARNING"},  # logs whole SDPs, with passwords, at debug
        "aioice": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},  # logs whole addresses with their queries
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},  # tells of every job, with its arguments
    },
}
