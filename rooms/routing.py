"""The addresses of sockets."""

from django.urls import path

from rooms.consumers import RoomSocket
from rooms.tray.consumer import TraySocket

websocket_urlpatterns = [
    path("ws/v1/rooms/<str:room_id>", RoomSocket.as_asgi()),
    path("ws/v1/tray", TraySocket.as_asgi()),
]
