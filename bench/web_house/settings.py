"""The product's settings, with one more address."""

from spaces_project.settings import *  # noqa: F403

ROOT_URLCONF = "bench.web_house.urls"
