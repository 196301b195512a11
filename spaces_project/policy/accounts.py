"""Accounts over REST: one's own, others', keys of servers, what waits for somebody."""

from typing import Final

from spaces_project.policy.row import Section

NEWCOMER: Final = {"handle": "{new}", "password": "a long made up sentence", "name": "New"}

ACCOUNTS: Final = Section(
    "Accounts",
    "Statuses over REST. `{endpoint}` and `{key}` are the host's own.",
    {
        "POST accounts": "201 201 201 201 201 201 201 201 201 201 201 201",
        "POST accounts/guests": "201 201 201 201 201 201 201 201 201 201 201 201",
        "GET accounts?handle={new}": "401 200 200 200 200 200 200 200 200 200 200 200",
        "POST tokens": "401 401 401 401 401 401 401 401 401 401 401 401",
        "DELETE tokens/current": "401 204 204 204 204 204 204 204 204 204 204 204",
        "GET accounts/me": "401 200 200 200 200 200 200 200 200 200 200 200",
        "PATCH accounts/me": "401 403 200 200 200 200 200 200 200 200 200 200",
        "GET accounts/{speaker}": "401 200 200 200 200 200 200 200 200 200 200 200",
        "GET accounts/{host}": "401 200 200 200 200 200 200 200 200 200 404 200",
        "GET accounts/me/following": "401 200 200 200 200 200 200 200 200 200 200 200",
        "GET accounts/me/blocked": "401 200 200 200 200 200 200 200 200 200 200 200",
        "PUT accounts/me/following/{friend}": "401 403 200 200 200 200 200 200 200 200 200 200",
        "PUT accounts/me/following/{host}": "401 403 200 200 200 200 200 200 422 200 404 200",
        "DELETE accounts/me/following/{friend}": "401 403 200 200 200 200 200 200 200 200 200 200",
        "PUT accounts/me/blocked/{friend}": "401 403 200 200 200 200 200 200 200 200 200 200",
        "DELETE accounts/me/blocked/{friend}": "401 403 200 200 200 200 200 200 200 200 200 200",
        "GET accounts/me/hosting": "401 200 200 200 200 200 200 200 200 200 200 200",
        "GET accounts/me/inbox": "401 200 200 200 200 200 200 200 200 200 200 200",
        "PUT accounts/me/inbox/read": "401 200 200 200 200 200 200 200 200 200 200 200",
        "GET tray": "401 200 200 200 200 200 200 200 200 200 200 200",
        "GET accounts/me/api-keys": "401 200 200 200 200 200 200 200 200 200 200 200",
        "POST accounts/me/api-keys": "401 403 201 201 201 201 201 201 201 201 201 201",
        "DELETE accounts/me/api-keys/{key}": "401 404 404 404 404 404 404 404 204 404 404 404",
        # The last one: who was a guest is none from here on.
        "PUT accounts/me/name": "401 200 409 409 409 409 409 409 409 409 409 409",
    },
    {
        "POST accounts": NEWCOMER,
        "PUT accounts/me/name": NEWCOMER,
        "POST tokens": {"handle": "{new}", "password": "a wrong made up sentence"},
        "PATCH accounts/me": {"bio": "tea"},
        "PUT accounts/me/inbox/read": {"until": "2026-01-01T00:00:00.000Z"},
        "POST accounts/me/api-keys": {"name": "bot", "scopes": ["rooms:read"]},
    },
)
