# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What templates of every room use: icons, states, times as people say them, form controls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any, Protocol

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxSelectMultiple, RadioSelect, Textarea
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from arengo.core import clean_text
from arengo.core.access import membership_of
from arengo.core.chat_text import to_html, to_plain
from arengo.core.console import sections as console_sections
from arengo.core.lengths import Limit
from arengo.core.models import Palette, Role
from arengo.core.public_pages import is_collecting, valid_until
from arengo.core.time_words import named_day

register = template.Library()


class HasRoles(Protocol):
    roles: list[str]


_AS_AGE = timedelta(hours=12)  # younger than this: "12 min", "2 h"; times.js keeps the same steps


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """``{% icon "mail" %}``: a sign beside words, silent for screen readers unless it has a ``label``."""
    if not label:
        return _silent_icon(name, size)
    classes, address = _drawn(name, size)
    return format_html(
        '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, address
    )


@lru_cache(maxsize=512)  # a long thread shows some hundred, of a handful of signs
def _silent_icon(name: str, size: str) -> SafeString:
    classes, address = _drawn(name, size)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, address)


def _drawn(name: str, size: str) -> tuple[str, str]:
    """The classes, and where the sign is drawn."""
    symbol = name.removeprefix("it-")
    return f"icon icon-{size}" if size else "icon", f"{static('arengo/sprites.svg')}#it-{symbol}"


_SIGNS = {"info": "info-circle", "success": "check-circle", "warning": "warning", "danger": "error"}


@register.simple_tag
def status(kind: str, words: str, sign: str = "") -> SafeString:
    """``{% status "success" _("Pubblicato") %}``. Kinds: info, success, warning, danger, quiet."""
    name = sign or _SIGNS.get(kind, "")
    drawn = icon(name) if name else ""
    return format_html('<span class="status status-{}">{}{}</span>', kind, drawn, words)


def _words(moment: datetime, now: datetime) -> str:
    age = now - moment
    if timedelta(0) <= age < _AS_AGE:
        minutes = int(age.total_seconds()) // 60
        if minutes < 1:
            return _("adesso")
        if minutes < 60:
            return _("%(minutes)d min") % {"minutes": minutes}
        return _("%(hours)d h") % {"hours": minutes // 60}
    clock = date_format(moment, "H:i")
    days = (moment.date() - now.date()).days
    if days == 0:
        return _("oggi %(clock)s") % {"clock": clock}
    if days == -1:
        return _("ieri %(clock)s") % {"clock": clock}
    if days == 1:
        return _("domani %(clock)s") % {"clock": clock}
    if -7 < days < 7:
        return f"{named_day(moment, 'l')} {clock}"
    if moment.year == now.year:
        return f"{named_day(moment, 'j M')}, {clock}"
    return named_day(moment, "j M Y")


def _other_words_at(moment: datetime, now: datetime) -> datetime:
    """When ``_words`` says something else of the same moment, at the earliest."""
    age = now - moment
    if timedelta(0) <= age < _AS_AGE:
        step = timedelta(minutes=1) if age < timedelta(hours=1) else timedelta(hours=1)
        return moment + step * (age // step + 1)
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
    return min(midnight, moment) if moment > now else midnight


def _exact(moment: datetime) -> str:
    return _("%(date)s alle %(clock)s") % {
        "date": named_day(moment, "l j F Y"),
        "clock": date_format(moment, "H:i"),
    }


def _local(at: datetime) -> datetime:
    """In the organization's zone. The ends of the calendar have no hour there: they stay as they are."""
    try:
        return timezone.localtime(at)
    except OverflowError:
        return at


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """``{% ago message.at %}``: "12 min", "ieri 17:40"; exact on hover and for screen readers."""
    if moment is None:
        return SafeString("")
    local = _local(moment)
    exact, now = _exact(local), timezone.localtime()
    if is_collecting():
        valid_until(_other_words_at(local, now))
    return format_html(
        '<time datetime="{}" title="{}"><span data-ago aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></time>',
        local.isoformat(timespec="seconds"),
        exact,
        _words(local, now),
        exact,
    )


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """``{% moment post.published_at %}``: the exact date and time in words."""
    if at is None:
        return SafeString("")
    local = _local(at)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), _exact(local))


@register.simple_tag
def stamp(at: datetime | None) -> SafeString:
    """``{% stamp entry.at %}``: "22 nov 2026, 18:37:05", for logs; the words in full on hover."""
    if at is None:
        return SafeString("")
    local = _local(at)
    return format_html(
        '<time datetime="{}" title="{}">{}, {}</time>',
        local.isoformat(timespec="seconds"),
        _exact(local),
        named_day(local, "j M Y"),
        date_format(local, "H:i:s"),
    )


@register.simple_tag
def day(at: date | datetime | None) -> SafeString:
    """``{% day policy.published_at %}``: "22 novembre 2026"; of a day, that day."""
    if at is None:
        return SafeString("")
    local = _local(at).date() if isinstance(at, datetime) else at
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), named_day(local, "j F Y"))


@register.filter
def named(at: date | datetime, form: str) -> str:
    """``{{ message.sent_at|named:"l j F" }}``: "domenica 22 novembre", "Sunday 22 November"."""
    return named_day(_local(at) if isinstance(at, datetime) else at, form)


_CHOICES = {"checkbox", "radio"}
_WORDS = {"text", "search"}  # types of inputs that take words of any language


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """The widget of a form's field in our looks; Django itself ties it to its help and its error."""
    kind = getattr(field.field.widget, "input_type", "")
    own = str(field.field.widget.attrs.get("class", ""))
    look = "form-check-input" if kind in _CHOICES else "" if kind == "file" else "control"
    if isinstance(field.field.widget, (CheckboxSelectMultiple, RadioSelect)):
        look = ""  # Django gives the class to the box around the choices as well
    attrs: dict[str, str | bool] = {key.replace("_", "-"): value for key, value in attributes.items()}
    classes = " ".join(part for part in (own, look, str(attrs.pop("class", ""))) if part)
    if classes:
        attrs["class"] = classes
    if isinstance(field.field.widget, Textarea) or kind in _WORDS:
        attrs.setdefault("dir", "auto")  # what is typed in another script stands from its own side
    return field.as_widget(attrs=attrs)


@register.simple_tag
def counted(limit: Limit) -> SafeString:
    """``<output class="character-count" data-count-for="id" {% counted limit %}>``: counted as the server does (lengths.js)."""
    return format_html('data-limit="{}" data-unit="{}"', str(limit.most), limit.unit)


@register.filter
def chat_text(text: str) -> SafeString:
    """A message as the chat shows it: *bold*, _italic_, ~struck~, ```fixed```, and addresses as links."""
    return mark_safe(to_html(text))  # noqa: S308  # to_html escapes all that it is given


@register.filter
def plain_text(text: str) -> str:
    """The words of a chat message without its marks, on one line: for titles, descriptions, alternative texts."""
    return " ".join(to_plain(str(text)).split())


@register.filter
def bdi(text: object) -> SafeString:
    """Foreign words within a translated sentence: ``{% blocktranslate with name=person|bdi %}``. Not for attributes.

    Words that turn nothing stay as they are.
    """
    words = conditional_escape(text if isinstance(text, str) else str(text))
    return format_html("<bdi>{}</bdi>", words) if clean_text.turns(words) else words


@register.filter
def isolated(text: object) -> str:
    """Foreign words within an attribute, a mail, or a sentence that is kept in a variable (``asvar``)."""
    return clean_text.isolated(text)


@register.filter
def file_name(text: str) -> SafeString:
    """A file's name with its true extension at its end, whatever letters and signs it has."""
    stem, suffix = clean_text.parts_of_file_name(text)
    return (
        format_html('<bdi dir="ltr"><bdi>{}</bdi>{}</bdi>', stem, suffix)
        if clean_text.turns(stem)
        else format_html("<bdi>{}{}</bdi>", stem, suffix)
    )


@register.filter
def role_names(membership: HasRoles) -> str:
    """What a member or an invited person is here, in words: «Operatore, Redattore»."""
    return ", ".join(str(Role(role).label) for role in membership.roles)


@register.simple_tag
def stylesheet_of(organization: object) -> str:
    """The address of the organization's palette; the default one where there is no organization."""
    palette = getattr(organization, "palette", "") or Palette.TEAL
    return static(f"arengo/palettes/{palette}.css")


@lru_cache(maxsize=1)
def _source_address() -> str:
    try:
        addresses = metadata("arengo").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    named = dict(address.split(", ", 1) for address in addresses)
    return str(named.get("Source", ""))


@register.simple_tag
def source_address() -> str:
    """Where the source of the running program is (AGPL §13): pyproject.toml's ``[project.urls] Source``, else here."""
    return _source_address() or reverse("portal:source")


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


@register.inclusion_tag("arengo/partials/sections.html", takes_context=True)
def sections(context: Mapping[str, Any], tab: str) -> dict[str, object]:
    """The row of links to the pages of a tab (``core/console/sections.py``). ``tab``: the ``url_name`` of the tab's first page."""
    request = context["request"]
    return {"entries": console_sections.entries(tab, membership_of(request), request.path)}
