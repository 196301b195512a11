"""The addresses of accounts, below ``/api/v1/``."""

from django.urls import path

from accounts.api import views

urlpatterns = [
    path("accounts", views.AccountList.as_view()),
    path("accounts/me", views.Me.as_view()),
    path("accounts/me/following/<str:account>", views.FollowingDetail.as_view()),
    path("accounts/me/blocked/<str:account>", views.BlockedDetail.as_view()),
    path("accounts/<str:account>", views.AccountDetail.as_view()),
    path("tokens", views.Tokens.as_view()),
]
