"""Where the pages live."""

from django.urls import path, re_path

from rooms.pages import views

urlpatterns = [
    path("", views.lobby, name="lobby"),
    path("sign-in", views.sign_in, name="sign-in"),
    re_path(r"^rooms/(?P<room_id>room_[0-9a-hjkmnp-tv-z]{26})$", views.room, name="room"),
    re_path(r"^(?!api/|static/|ws/|problems/)", views.missing, name="missing"),
]
