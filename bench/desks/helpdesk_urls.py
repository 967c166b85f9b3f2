"""Addresses of the desk (对照的网址), as its manual puts them. Runs in the peers' environment."""

from django.urls import include, path  # type: ignore[import-not-found]

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
