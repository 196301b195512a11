"""The addresses of rooms under ``/api/v1/``."""

from django.urls import path

from rooms.api import history, mine, reactions, views

ROOM = "rooms/<str:room_id>"

urlpatterns = [
    path("rooms", views.RoomList.as_view()),
    path("accounts/me/hosting", mine.Hosting.as_view()),
    path("accounts/me/inbox", mine.Inbox.as_view()),
    path("accounts/me/inbox/read", mine.InboxRead.as_view()),
    path("tray", mine.Tray.as_view()),
    path(ROOM, views.RoomDetail.as_view()),
    path(f"{ROOM}/door", views.Door.as_view()),
    path(f"{ROOM}/start", views.StartRoom.as_view()),
    path(f"{ROOM}/end", views.EndRoom.as_view()),
    path(f"{ROOM}/join", views.JoinRoom.as_view()),
    path(f"{ROOM}/leave", views.LeaveRoom.as_view()),
    path(f"{ROOM}/handover", views.HandOver.as_view()),
    path(f"{ROOM}/invitations", views.Invitations.as_view()),
    path(f"{ROOM}/invitations/accept", views.AcceptInvitation.as_view()),
    path(f"{ROOM}/invitations/decline", views.DeclineInvitation.as_view()),
    path(f"{ROOM}/invitations/<str:account_id>", views.OneInvitation.as_view()),
    path(f"{ROOM}/hands", views.Hands.as_view()),
    path(f"{ROOM}/hands/<str:account_id>", views.OneHand.as_view()),
    path(f"{ROOM}/speakers/<str:account_id>", views.OneSpeaker.as_view()),
    path(f"{ROOM}/cohosts/<str:account_id>", views.OneCohost.as_view()),
    path(f"{ROOM}/mute-all", views.MuteAll.as_view()),
    path(f"{ROOM}/muted/<str:account_id>", views.OneMute.as_view()),
    path(f"{ROOM}/removed", views.Removed.as_view()),
    path(f"{ROOM}/removed/<str:account_id>", views.OneRemoval.as_view()),
    path(f"{ROOM}/blocked/<str:account_id>", views.OneBlock.as_view()),
    path(f"{ROOM}/pins", views.Pins.as_view()),
    path(f"{ROOM}/pins/<str:pin_id>", views.OnePin.as_view()),
    path(f"{ROOM}/participants", views.Participants.as_view()),
    path(f"{ROOM}/reactions", reactions.Reactions.as_view()),
    path(f"{ROOM}/at", views.RoomMoment.as_view()),
    path(f"{ROOM}/events", history.RoomEvents.as_view()),
]
