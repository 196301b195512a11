"""The addresses of sockets."""

from django.urls import path

from rooms.consumers import RoomSocket

websocket_urlpatterns = [path("ws/v1/rooms/<str:room_id>", RoomSocket.as_asgi())]
