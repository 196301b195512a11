"""Django's WSGI application: REST and pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spaces_project.settings")
application = get_wsgi_application()  # fills the app registry, which the import below needs

from spaces_project.kernel.authentication import watch_credentials  # noqa: E402

watch_credentials()
