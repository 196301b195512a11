"""The addresses of accounts, below ``/api/v1/``."""

from django.urls import path

from accounts.api import guests, keys, lists, views

urlpatterns = [
    path("accounts", views.AccountList.as_view()),
    path("accounts/guests", guests.Guests.as_view()),
    path("accounts/me", views.Me.as_view()),
    path("accounts/me/name", guests.Name.as_view()),
    path("accounts/me/following", lists.FollowingList.as_view()),
    path("accounts/me/blocked", lists.BlockedList.as_view()),
    path("accounts/me/following/<str:account>", views.FollowingDetail.as_view()),
    path("accounts/me/blocked/<str:account>", views.BlockedDetail.as_view()),
    path("accounts/me/api-keys", keys.Keys.as_view()),
    path("accounts/me/api-keys/<str:key_id>", keys.OneKey.as_view()),
    path("accounts/<str:account>", views.AccountDetail.as_view()),
    path("tokens", views.Tokens.as_view()),
    path("tokens/current", views.CurrentToken.as_view()),
]
