"""The addresses."""

urlpatterns: list[object] = []
