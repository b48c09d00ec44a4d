# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's settings. What an installation decides comes from the environment: see ``environment.py``."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from arengo.config import environment
from arengo.core import places
from arengo.core.ceilings import ALLAUTH
from arengo.core.client_address import SCHEME

if wrong := environment.problems():  # also for who starts uvicorn or a worker without the command line
    raise ImproperlyConfigured("; ".join(problem.in_words() for problem in wrong))

DATA = environment.data_folder()
PRODUCTION = environment.is_production()

SECRET_KEY = environment.secret_key()
DEBUG = False
PUBLIC_URL = environment.public_url()
# Which organization a host belongs to is decided by core.middleware; unknown hosts get its 404.
ALLOWED_HOSTS = (
    [*environment.items("ARENGO_HOSTS"), urlsplit(PUBLIC_URL).hostname or ""] if PRODUCTION else ["*"]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "arengo.core",  # first: its templates dress allauth's pages and Django's forms
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "arengo.core.retention",
    "arengo.accounts",
    "arengo.platforms.whatsapp",
    "arengo.audience",
    "arengo.intake",
    "arengo.delivery",
    "arengo.audience.imports",
    "arengo.audience.unreached",
    "arengo.audience.overview",
    "arengo.audience.topics",
    "arengo.audience.people_list",
    "arengo.audience.exports",
    "arengo.audience.personal",
    "arengo.audience.rights",
    "arengo.audience.proofs",
    "arengo.audience.inspections",
    "arengo.audience.terms",
    "arengo.audience.linking",
    "arengo.audience.double_opt_in",
    "arengo.audience.renewals",
    "arengo.audience.retention",
    "arengo.desk",
    "arengo.desk.lists",
    "arengo.desk.hours",
    "arengo.desk.labels",
    "arengo.desk.notes",
    "arengo.desk.follow_ups",
    "arengo.desk.returning",
    "arengo.desk.presence",
    "arengo.desk.absences",
    "arengo.desk.protocol",
    "arengo.desk.offices",
    "arengo.desk.front",
    "arengo.desk.blocks",
    "arengo.desk.redirects",
    "arengo.desk.mistakes",
    "arengo.desk.list_requests",
    "arengo.desk.asking",
    "arengo.desk.uploads",
    "arengo.desk.search",
    "arengo.desk.replies",
    "arengo.desk.directory",
    "arengo.channel",
    "arengo.newsroom",
    "arengo.newsroom.schedule",
    "arengo.newsroom.versions",
    "arengo.newsroom.review",
    "arengo.newsroom.comments",
    "arengo.newsroom.presence",
    "arengo.newsroom.sharing",
    "arengo.newsroom.copying",
    "arengo.newsroom.archive",
    "arengo.newsroom.reminders",
    "arengo.newsroom.electoral",
    "arengo.newsroom.spending",
    "arengo.newsroom.kinds.news",
    "arengo.newsroom.kinds.digest",
    "arengo.newsroom.votes",
    "arengo.newsroom.kinds.poll",
    "arengo.newsroom.outlets.whatsapp_list",
    "arengo.newsroom.outlets.channel",
    "arengo.newsroom.outlets.byhand",
    "arengo.portal",
    "arengo.portal.posters",
    "arengo.insights",
    "arengo.monitoring",
    "arengo.config",
]

MIDDLEWARE = [
    "arengo.core.client_address.ClientAddressMiddleware",  # first: all others may believe the address and the scheme
    "django.middleware.security.SecurityMiddleware",
    "arengo.core.middleware.HeadersMiddleware",
    "arengo.core.clean_requests.CleanRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "arengo.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "arengo.core.sessions.SessionClockMiddleware",
    "arengo.core.known_devices.KnownDeviceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "arengo.core.middleware.OrganizationMiddleware",
    "arengo.core.middleware.BodyMiddleware",
    "arengo.core.attempts.AttemptsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "arengo.accounts.middleware.SecondFactorMiddleware",
    "arengo.core.drafts.DraftMiddleware",
    "arengo.core.clean_requests.CleanTypedMiddleware",
    "arengo.core.error_views.NotAllowedMiddleware",
]

ROOT_URLCONF = "arengo.config.urls"
ASGI_APPLICATION = "arengo.config.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "arengo.core.context.arengo",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """What libpq reads in the URL, as Django takes it: what Django has no name for goes among the options."""
    values = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": values.pop("dbname", "arengo"),
        "USER": values.pop("user", ""),
        "PASSWORD": values.pop("password", ""),
        "HOST": values.pop("host", ""),
        "PORT": values.pop("port", ""),
        "OPTIONS": {
            # One idle connection too many is closed every three seconds: after a rush all are back within a minute.
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10, "max_idle": 3},
            # A process that is frozen or cut off in a transaction would keep its row locks, and who takes over its work
            # would wait for them. Nothing of ours lets a transaction idle for half a minute.
            # Our joins follow a key from the row that was found, in the order in which they are written: to weigh all
            # orders of ten of them takes the planner five times as long as to run the query.
            "options": "-c idle_in_transaction_session_timeout=30000 -c join_collapse_limit=4",
            **values,
        },
        "CONN_HEALTH_CHECKS": True,
    }


# The command line starts the embedded PostgreSQL and puts its address here before Django is set up.
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///arengo"))}
ARENGO_CONNECT_TIMEOUT = 10  # seconds
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = [
    "arengo.accounts.backend.StaffBackend",
    "allauth.account.auth_backends.AuthenticationBackend",  # for sessions only: see accounts/backend.py
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is one account's once it is proved; StaffBackend chooses
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "arengo.core.passwords.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/console/accesso/login/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "arengo.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = (
    "none"  # an address is proved by accepting an invitation, or in accounts/addresses.py
)
ACCOUNT_FORMS = {"reset_password": "arengo.accounts.forms.ResetPasswordForm"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # a path
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = ALLAUTH
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 64
CACHES = {"default": {"BACKEND": "arengo.core.attempts.Counters"}}
MFA_TOTP_ISSUER = "Arengo"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an account without proof is protected too
MFA_ADAPTER = "arengo.accounts.factors.MFAAdapter"
MFA_FORMS = {
    "authenticate": "arengo.core.sign_in_limits.LimitedAuthenticateForm",
    "reauthenticate": "arengo.core.sign_in_limits.LimitedReauthenticateForm",
    "activate_totp": "arengo.accounts.factors.ActivateCodesForm",
    "add_webauthn": "arengo.accounts.passkeys.AddForm",
    "authenticate_webauthn": "arengo.accounts.passkeys.SignInForm",
    "reauthenticate_webauthn": "arengo.accounts.passkeys.ConfirmForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
# `arengo demo` says so to its processes; a production installation is never a demo.
ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR = PRODUCTION or os.environ.get("ARENGO_DEMO") != "1"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day
SESSION_IDLE_AGE = 60 * 60  # seconds since the person last did something
ARENGO_LISTS_KEPT_SECONDS = (
    10  # a drawing of the desk's lists in which nothing changed (desk/lists/drawing.py)
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "arengo.core.typed.csrf_failed"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in a <meta>
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
# __Host-: given over https by this very host, for all of it; no neighbouring host can set or overwrite it.
_COOKIE = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_COOKIE}sessionid"
CSRF_COOKIE_NAME = f"{_COOKIE}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_COOKIE}arengo_language"
DEVICE_COOKIE_NAME = f"{_COOKIE}arengo_device"

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
# Not a header's name: ClientAddressMiddleware alone sets it, and only for a trusted proxy.
SECURE_PROXY_SSL_HEADER = (SCHEME, "https")
ARENGO_TRUSTED_PROXY = environment.value("ARENGO_TRUSTED_PROXY")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano"), ("en", "English")]
# Rooms that are no Django apps but speak to people; the others are found by themselves.
LOCALE_PATHS = [places.PACKAGE / room / "locale" for room in ("platforms", "cli", "insights")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Rome"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = places.collected(DATA)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "arengo.config.static_files.HashedFiles"},
}
STATICFILES_DIRS = [places.BUILT_PAGES] if places.BUILT_PAGES.is_dir() else []
MEDIA_ROOT = DATA / "media"
POLL_KEYS = DATA / "poll-keys"  # not in a backup, on purpose (newsroom/votes/keys.py)
MEDIA_URL = "/media/"  # never served as a folder: each file goes through a view that checks
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

_mail = environment.mail()
EMAIL_LEAVES = _mail is not None
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.value("ARENGO_EMAIL_FROM")
if _mail is not None:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # it verifies the server's certificate
    EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.tls, _mail.ssl
elif PRODUCTION:
    EMAIL_BACKEND = "arengo.core.mail_nowhere.EmailBackend"  # a log is no place for links that open accounts
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# Read by platforms/networks.py at each connection.
ARENGO_ALLOWED_ADDRESSES = environment.items("ARENGO_ALLOWED_ADDRESSES")
ARENGO_CLAMD = environment.value("ARENGO_CLAMD")  # read by core/antivirus.py at each file
ARENGO_CHAT_URL = environment.value("ARENGO_CHAT_URL")
ARENGO_VAULT_KEYS = environment.value("ARENGO_VAULT_KEYS")
ARENGO_JOURNAL_MOST_BYTES = 3 * 1024 * 1024  # Meta: payload of a webhook ≤ 3 MB
# A table that is larger is not rewritten by itself after an erasure (core/rewriting.py): it would stand still too long.
ARENGO_REWRITE_MOST_MB = int(environment.value("ARENGO_REWRITE_MOST_MB"))
ARENGO_JOURNAL_DAYS = int(environment.value("ARENGO_JOURNAL_DAYS"))
ARENGO_DELIVERY_DAYS = int(environment.value("ARENGO_DELIVERY_DAYS"))
ARENGO_METRICS_TOKEN = environment.value("ARENGO_METRICS_TOKEN")
ARENGO_MEDIA_MOST_BYTES = 100 * 1024 * 1024  # Meta: document ≤ 100 MB
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# No words of an exception reach the log, from any logger: see core/logs.py. Django's and uvicorn's own handlers go.
LOGGING_CONFIG = "arengo.core.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "arengo.core.logs.Formatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "arengo.core.logs.Handler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        "procrastinate": {"level": "WARNING"},
        "aiohttp.access": {"level": "WARNING"},
        "uvicorn": {"handlers": [], "propagate": True, "level": "WARNING"},
        "uvicorn.error": {"handlers": [], "propagate": True},
        "uvicorn.access": {"handlers": [], "propagate": True},
    },
}
