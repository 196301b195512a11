"""Everything that one web process serves: sockets, REST and pages, the way to the media node."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spaces_project.settings")
_wsgi = get_wsgi_application()  # fills the app registry, which the imports below need

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from rooms.routing import websocket_urlpatterns  # noqa: E402
from spaces_project.kernel.web.front import Front  # noqa: E402
from spaces_project.kernel.web.media_forwarding import MediaForwarding  # noqa: E402
from spaces_project.kernel.web.wsgi_pool import WsgiPool  # noqa: E402

LONG_POLLS = 16

front = Front(rest=WsgiPool(_wsgi), waiting=WsgiPool(_wsgi, LONG_POLLS))
application = ProtocolTypeRouter(
    {
        "http": MediaForwarding(settings.MEDIA_NODE_URL),  # of HTTP, what the front leaves over
        "websocket": URLRouter(websocket_urlpatterns),
    }
)
