"""django-helpdesk behind gunicorn (对照：django-helpdesk 接口). Runs in the peers' environment.

``python -m bench.desks.helpdesk FOLDER URL``: its tables, one queue and one token are made, then
the API stands with one worker of four threads. Stock settings of Django and of the desk, but: a
token instead of a password (whose hash would cost more than the ticket), mail is made and dropped,
and SQLite gets WAL with ``synchronous=FULL``, without which its threads lock each other out.
"""

import json
import os
import secrets
import signal
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django  # type: ignore[import-not-found]
from django.conf import settings  # type: ignore[import-not-found]
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

_SQLITE = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
}
_APPS = ("auth", "contenttypes", "sessions", "sites", "messages", "humanize", "staticfiles")


class Desk(BaseApplication):  # type: ignore[misc]  # untyped
    """One worker; it says where it listens when it does."""

    def __init__(self, token: str, queue: int) -> None:
        self._told = {"token": token, "queue": queue}
        super().__init__()

    def load_config(self) -> None:
        """What gunicorn is told."""
        given = {"bind": "127.0.0.1:0", "worker_class": "gthread", "threads": 4, "keepalive": 60}
        for name, value in {**given, "post_worker_init": self._say, "loglevel": "error"}.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application."""
        from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found]

        return get_wsgi_application()

    def _say(self, worker: Any) -> None:
        host, port = worker.sockets[0].sock.getsockname()
        told = {"url": f"http://{host}:{port}", "pid": worker.pid, **self._told}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def configure(folder: Path, url: str) -> None:
    """Django's settings, as a new project has them."""
    settings.configure(
        SECRET_KEY=secrets.token_hex(),
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": _database(folder, url)},
        INSTALLED_APPS=[
            *(f"django.contrib.{app}" for app in _APPS),
            *("rest_framework", "rest_framework.authtoken", "helpdesk"),
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]
        },
        ROOT_URLCONF="bench.desks.helpdesk_urls",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_API_ENABLED=True,
        HELPDESK_TEAMS_MODEL="auth.User",  # its manual: three lines for who has no teams
        HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
        HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
        MEDIA_ROOT=folder / "media",
        STATIC_URL="/static/",
        SITE_ID=1,
        USE_TZ=True,
    )
    django.setup()


def _database(folder: Path, url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        name = folder / "helpdesk.db"
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": _SQLITE}
    found = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": found.path.strip("/"),
        "USER": found.username,
        "PASSWORD": found.password,
        "HOST": found.hostname,
        "PORT": found.port,
        "CONN_MAX_AGE": None,
    }


def furnish() -> tuple[str, int]:
    """Tables, somebody with a token, a queue: (token, number of the queue)."""
    from django.contrib.auth import get_user_model  # type: ignore[import-not-found]
    from django.core.management import call_command  # type: ignore[import-not-found]
    from django.db import connections  # type: ignore[import-not-found]
    from helpdesk.models import Queue  # type: ignore[import-not-found]
    from rest_framework.authtoken.models import Token  # type: ignore[import-not-found]

    call_command("migrate", verbosity=0)
    clerk = get_user_model().objects.create_superuser("clerk", "clerk@example.invalid", None)
    token, queue = Token.objects.create(user=clerk), Queue.objects.create(title="桂花", slug="gh")
    connections.close_all()
    return token.key, queue.id


def _end_with_stdin() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    configure(Path(sys.argv[1]), sys.argv[2])
    desk = Desk(*furnish())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    desk.run()
