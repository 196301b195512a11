#!/usr/bin/env python
"""Run one of the product's management commands."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spaces_project.settings")
    execute_from_command_line(sys.argv)
