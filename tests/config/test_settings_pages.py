# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from arengo.accounts.models import Invitation
from arengo.audience.defaults import create_defaults
from arengo.audience.models import ListSettings, Policy, Subscription, Topic
from arengo.config import settings_senders, settings_templates
from arengo.core import audit
from arengo.core.models import AuditEntry, Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import MessageTemplate, Price, Sender
from arengo.intake.models import Journal
from arengo.intake.reader import read_batch
from arengo.platforms.contract import Refusal, Remedy
from tests.conftest import HOST, STRANGER_HOST, credentials, member
from tests.core.hostile_pictures import flat_png

Browse = Callable[..., Client]


@pytest.fixture
def town(scope: Organization, sender: Sender, settings: Any, tmp_path: Path) -> Organization:
    settings.MEDIA_ROOT = tmp_path
    create_defaults(scope)
    return scope


@pytest.fixture
def rita(esempio: Organization) -> Person:
    return member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)


@pytest.fixture
def price(town: Organization) -> Price:
    found: Price = Price.objects.create(
        category="marketing", amount=Decimal("0.0795"), valid_from=date(2026, 10, 1)
    )
    return found


@pytest.fixture
def marked(town: Organization, sender: Sender) -> Journal:
    return Journal.objects.create(
        sender=sender,
        body_sealed=vault().seal(b"{}", purpose="x"),
        state=Journal.State.MARKED,
        problem="entry[0]: ?",
    )


@pytest.fixture
def invited(town: Organization) -> Invitation:
    found: Invitation = Invitation.objects.create(
        email="ugo@esempio.test",
        name="Ugo Esempio",
        roles=["editor"],
        token_hash="0" * 64,
        mailed=True,
        expires_at=timezone.now() + timedelta(days=3),
    )
    return found


@pytest.fixture
def places(
    town: Organization, sender: Sender, olga: Person, price: Price, marked: Journal, invited: Invitation
) -> dict[str, str]:
    of_olga = Membership.objects.get(person=olga)
    return {
        "home": reverse("settings:home"),
        "organization": reverse("settings:organization"),
        "list": reverse("settings:list"),
        "policies": reverse("settings:policies"),
        "policy_new": reverse("settings:policy_new", args=["privacy"]),
        "senders": reverse("settings:senders"),
        "sender_new": reverse("settings:sender_new"),
        "sender": reverse("settings:sender", args=[sender.pk]),
        "templates": reverse("settings:templates"),
        "prices": reverse("settings:prices"),
        "staff": reverse("settings:staff"),
        "member": reverse("settings:member", args=[of_olga.pk]),
        "log": reverse("settings:log"),
        "unread": reverse("settings:unread"),
        "status": reverse("settings:status"),
        "status_now": reverse("settings:status_now"),
        "sender_try": reverse("settings:sender_try", args=[sender.pk]),
        "sender_resume": reverse("settings:sender_resume", args=[sender.pk]),
        "sender_subscribe": reverse("settings:sender_subscribe", args=[sender.pk]),
        "templates_sync": reverse("settings:templates_sync", args=[sender.pk]),
        "templates_create": reverse("settings:templates_create", args=[sender.pk]),
        "price_remove": reverse("settings:price_remove", args=[price.pk]),
        "member_renew": reverse("settings:member_renew", args=[of_olga.pk]),
        "member_remove": reverse("settings:member_remove", args=[of_olga.pk]),
        "invitation_renew": reverse("settings:invitation_renew", args=[invited.pk]),
        "invitation_revoke": reverse("settings:invitation_revoke", args=[invited.pk]),
        "second_factor": reverse("settings:second_factor"),
        "unread_replay": reverse("settings:unread_replay", args=[marked.pk]),
        "unread_archive": reverse("settings:unread_archive", args=[marked.pk]),
    }


PAGES = (
    "home",
    "organization",
    "list",
    "policies",
    "policy_new",
    "senders",
    "sender_new",
    "sender",
    "templates",
    "prices",
    "staff",
    "member",
    "log",
    "unread",
    "status",
    "status_now",
)
FORMS = ("organization", "list", "policy_new", "sender_new", "sender", "prices", "staff", "member")
DEEDS = (
    "sender_try",
    "sender_resume",
    "sender_subscribe",
    "templates_sync",
    "templates_create",
    "price_remove",
    "member_renew",
    "member_remove",
    "invitation_renew",
    "invitation_revoke",
    "second_factor",
    "unread_replay",
    "unread_archive",
)
OF_ONE_THING = ("sender", "member", *(deed for deed in DEEDS if deed != "second_factor"))


@pytest.mark.parametrize("name", [*PAGES, *DEEDS])
def test_carlo_sees_nothing_here(places: dict[str, str], carlo: Person, browse: Browse, name: str) -> None:
    client = browse(carlo)
    assert (client.post if name in DEEDS else client.get)(places[name]).status_code == 404


@pytest.mark.parametrize("name", OF_ONE_THING)
def test_carlo_cannot_reach_our_things_from_his_own_address(
    places: dict[str, str], carlo: Person, browse: Browse, name: str
) -> None:
    assert browse(carlo, STRANGER_HOST).post(places[name]).status_code == 404


def test_carlos_own_pages_show_nothing_of_ours(places: dict[str, str], carlo: Person, browse: Browse) -> None:
    client = browse(carlo, STRANGER_HOST)
    for name in (
        "senders",
        "templates",
        "prices",
        "staff",
        "log",
        "unread",
        "policies",
        "status",
        "status_now",
    ):
        page = client.get(places[name])
        assert page.status_code == 200
        for ours in ("Comune di Esempio", "Olga Esempio", "entry[0]", "1 ottobre 2026", "+39 055"):
            assert ours not in page.text, name


@pytest.mark.parametrize("name", [*PAGES, *DEEDS])
def test_an_operator_or_an_editor_may_not_open_the_settings(
    places: dict[str, str], olga: Person, edo: Person, browse: Browse, name: str
) -> None:
    for person in (olga, edo):
        client = browse(person)
        assert (client.post if name in DEEDS else client.get)(places[name]).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_an_auditor_reads_every_page_and_changes_none(
    places: dict[str, str], rita: Person, browse: Browse, name: str
) -> None:
    page = browse(rita).get(places[name])
    assert page.status_code == 200
    assert 'class="btn btn-primary">' not in page.text


@pytest.mark.parametrize("name", [*FORMS, *DEEDS])
def test_an_auditor_who_posts_all_the_same_is_refused(
    places: dict[str, str], rita: Person, browse: Browse, name: str
) -> None:
    assert browse(rita).post(places[name], {}).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_an_administrator_opens_every_page(
    places: dict[str, str], alice: Person, browse: Browse, name: str
) -> None:
    assert browse(alice).get(places[name]).status_code == 200


@pytest.mark.parametrize("name", DEEDS)
def test_a_link_alone_does_nothing(places: dict[str, str], alice: Person, browse: Browse, name: str) -> None:
    assert browse(alice).get(places[name]).status_code == 405


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_is_refused_with_words_and_changes_nothing(
    places: dict[str, str], alice: Person, browse: Browse, name: str
) -> None:
    page = browse(alice).post(places[name], {})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not AuditEntry.objects.filter(person=alice).exists()


def test_the_settings_in_english_are_english(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    client.cookies["arengo_language"] = "en"
    assert "Staff and roles" in client.get(places["home"]).text


# --- the organization -----------------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(content, kind)
    return SimpleUploadedFile(f"stemma.{kind.lower()}", content.getvalue(), f"image/{kind.lower()}")


def own_data(**changed: Any) -> dict[str, Any]:
    return {"name": "Comune di Esempio", "palette": "bosco", **changed}


def test_the_organization_changes_and_the_log_names_what(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    response = browse(alice).post(
        places["organization"], own_data(tagline="Sotto la torre", website="example.it")
    )
    assert response.status_code == 302
    organization = Organization.objects.get(slug="esempio")
    assert (organization.palette, organization.tagline, organization.website) == (
        "bosco",
        "Sotto la torre",
        "https://example.it",
    )
    entry = AuditEntry.objects.get(verb="core.changed_organization")
    assert entry.detail == {"changed": ["palette", "tagline", "website"]}


def test_a_logo_is_made_small_and_served(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    assert client.post(places["organization"], own_data(logo=picture("JPEG"))).status_code == 302
    served = client.get("/stemma")
    with Image.open(io.BytesIO(b"".join(served.streaming_content))) as kept:
        assert (kept.format, kept.size) == ("PNG", (512, 341))


def test_a_logo_that_unfolds_to_more_than_the_memory_is_refused(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    upload = SimpleUploadedFile("stemma.png", flat_png(8940), "image/png")
    page = browse(alice).post(places["organization"], own_data(logo=upload))
    assert page.status_code == 422
    assert "troppi punti (8.940 × 8.940)" in page.text


def test_a_changed_logo_is_seen_at_once(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    client.post(places["organization"], own_data(logo=picture()))
    first = client.get("/stemma")
    assert b"".join(first.streaming_content)
    assert "max-age=0" in first["Cache-Control"]  # asked for each time
    assert client.get("/stemma", headers={"If-None-Match": first["ETag"]}).status_code == 304
    client.post(places["organization"], own_data(logo=picture()))
    second = client.get("/stemma", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert b"".join(second.streaming_content)


def test_a_logo_from_a_phone_stands_upright(places: dict[str, str], alice: Person, browse: Browse) -> None:
    content = io.BytesIO()
    photo = Image.new("RGB", (300, 200), "navy")
    photo.getexif()[0x0112] = 6  # turned by a quarter, says the camera
    photo.save(content, "JPEG", exif=photo.getexif())
    client = browse(alice)
    client.post(
        places["organization"], own_data(logo=SimpleUploadedFile("s.jpg", content.getvalue(), "image/jpeg"))
    )
    with Image.open(io.BytesIO(b"".join(client.get("/stemma").streaming_content))) as kept:
        assert kept.size == (200, 300)


def test_a_new_logo_takes_the_place_of_the_old_one(
    places: dict[str, str], alice: Person, browse: Browse, settings: Any
) -> None:
    client = browse(alice)
    for _time in range(2):
        client.post(places["organization"], own_data(logo=picture()))
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.png"))) == 1
    client.post(places["organization"], own_data(remove_logo="on"))
    assert list(Path(settings.MEDIA_ROOT).rglob("*.png")) == []
    assert client.get("/stemma").status_code == 404


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "SVG non sono accettati"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "non è un’immagine"),
        (b"\x89PNG\r\n\x1a\nbroken", "rovinata o incompleta"),
        (b"", "vuoto"),
        (b"\x89PNG" + bytes(3 * 1024 * 1024), "2 MB"),
    ],
)
def test_what_is_no_picture_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, content: bytes, words: str
) -> None:
    upload = SimpleUploadedFile("stemma.png", content, "image/png")
    page = browse(alice).post(places["organization"], own_data(logo=upload))
    assert page.status_code == 422
    assert words in page.text


def test_an_address_that_is_no_web_address_is_refused(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    page = browse(alice).post(places["organization"], own_data(reports_url="javascript:alert(1)"))
    assert page.status_code == 422


# --- the list -------------------------------------------------------------------------------------------------


def list_data(**changed: str) -> dict[str, str]:
    own = ListSettings.objects.get()
    return {
        "join_words": "ISCRIVIMI\nATTIVA",
        "leave_words": "CANCELLAMI",
        "welcome_text": own.welcome_text,
        "already_text": own.already_text,
        "goodbye_text": own.goodbye_text,
        "not_subscribed_text": "",
        "topics": "Eventi: feste, concerti\nViabilità",
        **changed,
    }


def test_words_texts_and_topics_are_the_towns_own(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    assert (
        browse(alice).post(places["list"], list_data(join_words=" SUONA \nsuona\n\n ATTIVA")).status_code
        == 302
    )
    own = ListSettings.objects.get()
    assert (own.join_words, own.leave_words, own.not_subscribed_text) == (
        ["SUONA", "suona", "ATTIVA"],
        ["CANCELLAMI"],
        "",
    )
    assert [(topic.name, topic.words) for topic in Topic.objects.all()] == [
        ("Eventi", ["feste", "concerti"]),
        ("Viabilità", []),
    ]
    assert AuditEntry.objects.filter(verb="audience.changed_list", person=alice).count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"leave_words": ""}, "serve almeno una parola"),
        ({"join_words": "!!!"}, "almeno due lettere"),
        ({"join_words": "x" * 61}, "60 caratteri"),
        ({"leave_words": "iscrivimi"}, "anche fra le parole"),
        ({"welcome_text": ""}, "obbligatorio"),
        ({"welcome_text": "Ciao {nome}"}, "{nome}"),
        ({"welcome_text": "{informativa}" * 40}, "4.096"),
        ({"welcome_text": "x" * 2001}, "2.000"),
        ({"topics": "Eventi\neventi"}, "stesso nome"),
        ({"topics": ": strade"}, "1 a 80"),
    ],
)
def test_a_list_that_would_not_work_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, str], words: str
) -> None:
    page = browse(alice).post(places["list"], list_data(**changed))
    assert page.status_code == 422
    assert words in page.text.replace("2000", "2.000")
    assert ListSettings.objects.get().join_words[0] == "ISCRIVIMI"


def test_a_topic_that_somebody_chose_stays(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    from arengo.audience import arrivals
    from arengo.core.events import Batch
    from tests.audience.conftest import ANNA, message

    arrivals.receive(
        Batch(sender.organization_id, sender.pk, [message(ANNA, "Iscrivimi viabilità")], "whatsapp")
    )
    assert Subscription.objects.get().topics.get().name == "Viabilità"
    page = browse(alice).post(places["list"], list_data(topics="Eventi"))
    assert "«Viabilità» non si può togliere" in page.text
    assert Topic.objects.filter(name="Viabilità").exists()


# --- policies -------------------------------------------------------------------------------------------------


def test_a_new_version_is_in_force_and_the_old_one_stays(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    data = {"summary": "In breve", "text": "Per intero"}
    assert browse(alice).post(places["policy_new"], data).status_code == 302
    versions = Policy.objects.filter(kind="privacy").order_by("version")
    assert [(policy.version, policy.summary == "In breve") for policy in versions] == [(1, False), (2, True)]


def test_a_preview_publishes_nothing(places: dict[str, str], alice: Person, browse: Browse) -> None:
    data = {"summary": "Un testo da vedere", "text": "Per intero", "deed": "preview"}
    page = browse(alice).post(places["policy_new"], data)
    assert page.text.count("Un testo da vedere") >= 2
    assert Policy.objects.filter(kind="privacy").count() == 1


def test_a_line_ends_with_one_character_as_phones_want_it(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    browse(alice).post(places["list"], list_data(welcome_text="Ciao.\r\n\r\nScrivi CANCELLAMI"))
    assert ListSettings.objects.get().welcome_text == "Ciao.\n\nScrivi CANCELLAMI"
    data = {"summary": "Uno.\r\nDue.", "text": "Tre.\r\nQuattro."}
    browse(alice).post(places["policy_new"], {**data, "deed": "publish"})
    policy = Policy.objects.filter(kind="privacy").latest("version")
    assert (policy.summary, policy.text) == ("Uno.\nDue.", "Tre.\nQuattro.")


def test_a_summary_that_makes_the_welcome_too_long_is_refused(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    ListSettings.objects.update(welcome_text="{informativa} {informativa} {informativa}")
    page = browse(alice).post(places["policy_new"], {"summary": "x" * 1450, "text": "Per intero"})
    assert page.status_code == 422
    assert "4.096" in page.text


def test_there_are_two_kinds_of_policy(places: dict[str, str], alice: Person, browse: Browse) -> None:
    assert browse(alice).get(reverse("settings:policy_new", args=["altro"])).status_code == 404


# --- senders --------------------------------------------------------------------------------------------------


def sender_data(**changed: Any) -> dict[str, Any]:
    return {
        "name": "URP",
        "display_phone": "+39 055 1",
        "rate": "80",
        "base_url": credentials().base_url,
        "version": "",
        "number_id": "1",
        "account_id": "2",
        "token": "",
        "app_secret": "",
        "verify_token": "",
        "auth_header": "D360-API-KEY",
        "auth_prefix": "",
        "signature": "token",
        "signature_header": "X-Hook-Token",
        **changed,
    }


def test_secrets_left_empty_are_kept_and_never_shown(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    client = browse(alice)
    assert client.post(places["sender"], sender_data(token="a-new-token")).status_code == 302
    sender.refresh_from_db()
    kept = sender.credentials
    assert (kept.token, kept.app_secret, kept.base_url, kept.auth_prefix) == (
        "a-new-token",
        credentials().app_secret,
        credentials().base_url,
        "",
    )
    page = client.get(places["sender"]).text
    for secret in (kept.token, kept.app_secret, kept.verify_token):
        assert secret not in page
    entry = AuditEntry.objects.get(verb="delivery.changed_sender")
    assert "token" in entry.detail["changed"]
    assert "a-new-token" not in str(entry.detail)


def test_the_prefix_keeps_its_space(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    browse(alice).post(places["sender"], sender_data(auth_prefix="Token "))
    sender.refresh_from_db()
    assert sender.credentials.auth_prefix == "Token "


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "ftp://example.test"},
        {"base_url": "non un indirizzo"},
        {"version": "24"},
        {"auth_header": "X Y\r\nZ"},
        {"rate": "0"},
        {"signature": "none"},
    ],
)
def test_values_that_cannot_work_are_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, str], sender: Sender
) -> None:
    assert browse(alice).post(places["sender"], sender_data(**changed)).status_code == 422
    sender.refresh_from_db()
    assert sender.credentials == credentials()


def test_a_new_sender_needs_its_secrets(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    refused = client.post(places["sender_new"], sender_data())
    assert set(refused.context["form"].errors) == set(settings_senders.SECRETS)
    full = sender_data(token="t", app_secret="s", verify_token="v")
    assert client.post(places["sender_new"], full).status_code == 302
    assert Sender.objects.get(name="URP").credentials.token == "t"


def test_the_page_says_where_webhooks_must_go_and_when_something_came(
    places: dict[str, str], alice: Person, rita: Person, browse: Browse, sender: Sender
) -> None:
    assert browse(alice).get(places["sender"]).context["heard_at"] is None
    came = Journal.objects.create(sender=sender, body_sealed=vault().seal(b"{}", purpose="journal"))
    read_batch()
    page = browse(alice).get(places["sender"])
    assert f"/hooks/{sender.hook_key}" in page.text
    assert page.context["heard_at"] == came.received_at
    assert sender.hook_key not in browse(rita).get(places["sender"]).text


def test_trying_shows_what_the_provider_says(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"verified_name": "Comune di Esempio", "quality_rating": "GREEN", "id": "1"}
    monkeypatch.setattr(settings_senders, "call", lambda *args, **kwargs: said)
    page = browse(alice).post(places["sender_try"])
    assert page.context["described"] == [("Nome verificato", "Comune di Esempio"), ("Qualità", "GREEN")]


def test_the_limit_of_people_a_day_is_set_and_learnt(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(alice)
    assert "Nessun limite" in client.get(places["sender"]).text
    assert client.post(places["sender"], sender_data(tier="2000")).status_code == 302
    sender.refresh_from_db()
    assert sender.tier == 2000
    said = {"whatsapp_business_manager_messaging_limit": "TIER_1K"}
    monkeypatch.setattr(settings_senders, "call", lambda *args, **kwargs: said)
    page = client.post(places["sender_try"])
    assert "è stato aggiornato con quello di Meta" in page.text
    assert '<option value="1000" selected>1.000</option>' in page.text, "a step that we did not know"
    assert "è stato aggiornato" not in client.post(places["sender_try"]).text
    assert client.post(places["sender"], sender_data(tier="")).status_code == 302
    sender.refresh_from_db()
    assert sender.tier is None


def test_a_refusal_is_explained(places: dict[str, str], alice: Person, browse: Browse) -> None:
    page = browse(alice).post(places["sender_try"])  # the default address answers nobody
    assert page.status_code == 200
    assert "WhatsApp non ha risposto" in page.text
    assert page.context["described"] is None


def test_a_refused_webhook_is_explained(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Refusal(Remedy.STOP_SENDER, code=190, title="Expired", details="Session has expired")

    monkeypatch.setattr(settings_senders, "call", refuse)
    page = browse(alice).post(places["sender_subscribe"], follow=True)
    assert "190" in page.text
    assert "Session has expired" in page.text


def test_a_stopped_sender_says_why_and_goes_on_when_told(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    Sender.objects.update(state="stopped", stop_code=131042, stop_reason="Payment issue")
    client = browse(alice)
    page = client.get(places["sender"]).text
    assert "Payment issue" in page
    assert "(131042)" in page, "a code is a name, not a quantity: no thousands separator"
    client.post(places["sender_resume"])
    sender.refresh_from_db()
    assert sender.state == "active"
    assert AuditEntry.objects.filter(verb="delivery.resumed", person=alice).exists()


# --- templates and prices -------------------------------------------------------------------------------------


def test_templates_are_shown_with_their_state_and_reason(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    MessageTemplate.objects.create(
        sender=sender,
        name="avviso",
        language="it",
        category="MARKETING",
        status="REJECTED",
        reason="INVALID_FORMAT",
        components=[
            {"type": "HEADER", "format": "TEXT", "text": "Titolo"},
            {"type": "BODY", "text": "Corpo {{1}}"},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Leggi"}]},
        ],
    )
    page = browse(alice).get(places["templates"]).text
    for part in ("avviso", "respinto", "INVALID_FORMAT", "Titolo", "Corpo {{1}}", "Leggi"):
        assert part in page


def test_the_list_of_templates_is_fetched_again(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_templates.templates, "sync", lambda sender: 3)
    assert "3 modelli" in browse(alice).post(places["templates_sync"], follow=True).text


@pytest.mark.parametrize("name", ["templates_sync", "templates_create"])
def test_a_provider_that_does_not_answer_is_no_error_page(
    places: dict[str, str], alice: Person, browse: Browse, name: str
) -> None:
    assert "WhatsApp non ha risposto" in browse(alice).post(places[name], follow=True).text


def test_a_price_is_added_with_a_comma_and_taken_away(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    data = {
        "category": "service",
        "amount": "0,03",
        "currency": "EUR",
        "free_per_month": "1000",
        "valid_from": "2026-10-01",
        "source": "Contratto",
    }
    assert client.post(places["prices"], data).status_code == 302
    added = Price.objects.get(category="service")
    assert (added.amount, added.free_per_month) == (Decimal("0.03"), 1000)
    assert "già un prezzo" in client.post(places["prices"], data).text
    client.post(reverse("settings:price_remove", args=[added.pk]))
    assert not Price.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize(
    "changed", [{"amount": "-1"}, {"amount": "x"}, {"currency": "euro"}, {"category": "oro"}]
)
def test_a_price_that_is_none_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, str]
) -> None:
    data = {
        "category": "utility",
        "amount": "1",
        "currency": "EUR",
        "free_per_month": "0",
        "valid_from": "2026-10-01",
    }
    assert browse(alice).post(places["prices"], {**data, **changed}).status_code == 422


# --- the log and what could not be read -----------------------------------------------------------------------


def test_the_log_is_filtered_by_person_room_and_day(
    places: dict[str, str], alice: Person, olga: Person, rita: Person, browse: Browse, town: Organization
) -> None:
    audit.record("desk.blocked", organization=town, by=olga)
    audit.record("core.changed_organization", organization=town, by=alice)
    client = browse(rita)

    def shown(**wanted: str) -> list[str]:
        return [line["entry"].verb for line in client.get(places["log"], wanted).context["lines"]]

    assert shown(person=str(olga.pk)) == ["desk.blocked"]
    assert shown(room="core") == ["core.changed_organization"]
    assert "audience.published_policy" in shown(person="0")
    assert shown(until="2020-01-01") == []
    assert len(shown(since="2020-01-01")) == 4
    assert len(shown(since="ieri")) == 4
    assert len(shown(person="999999")) == 4


def test_the_log_speaks_the_words_of_the_pages(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    audit.record(
        "delivery.tried_sender",
        organization=sender.organization,
        by=alice,
        on=sender,
        detail={"worked": False},
    )
    browse(alice).post(places["organization"], own_data(tagline="Sotto la torre"))
    page = " ".join(browse(alice).get(places["log"]).text.split())
    assert f"mittente {sender.pk} <br>riuscito: no" in page
    assert "che cosa: colori, motto" in page


def test_no_mail_is_said_to_have_left_where_none_leaves(
    places: dict[str, str], alice: Person, browse: Browse, settings: Any
) -> None:
    settings.EMAIL_LEAVES = False
    data = {"name": "Nina Esempio", "email": "nina@esempio.test", "roles": ["operator"]}
    page = browse(alice).post(places["staff"], data, follow=True).text
    assert "Nina Esempio" in page
    assert "e-mail è partita" not in page
    assert mail.outbox == []


def test_the_log_costs_the_same_however_long(
    places: dict[str, str], alice: Person, browse: Browse, town: Organization
) -> None:
    client = browse(alice)
    client.get(places["log"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(places["log"])
        return len(queries)

    few = cost()
    for _entry in range(40):
        audit.record("desk.took", organization=town, by=alice)
    assert cost() == few <= 12


def test_what_could_not_be_read_is_shown_without_its_words_and_read_again(
    places: dict[str, str], alice: Person, browse: Browse, marked: Journal
) -> None:
    client = browse(alice)
    page = client.get(places["unread"])
    assert "entry[0]: ?" in page.text
    client.post(places["unread_replay"])
    marked.refresh_from_db()
    assert marked.state == Journal.State.WAITING
    assert client.post(places["unread_archive"]).status_code == 404  # it is marked no more


def test_what_is_archived_leaves_the_list(
    places: dict[str, str], alice: Person, browse: Browse, marked: Journal
) -> None:
    client = browse(alice)
    client.post(places["unread_archive"])
    marked.refresh_from_db()
    assert marked.state == Journal.State.APPLIED
    assert "Tutto letto" in client.get(places["unread"]).text
    assert AuditEntry.objects.filter(verb="intake.archived", person=alice).exists()


# --- staff ----------------------------------------------------------------------------------------------------

INVITED = {"name": "Nora Esempio", "email": "Nora@esempio.test", "roles": ["operator", "editor"]}


def test_a_mail_that_does_not_leave_is_said(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("no mail today")

    monkeypatch.setattr("arengo.accounts.mails.send_mail", fail)
    page = browse(alice).post(places["staff"], INVITED)
    assert "L’e-mail non è partita" in page.text
    assert "/accesso/invito/" not in page.text


@pytest.mark.parametrize(
    "changed",
    [{"email": "non una mail"}, {"roles": []}, {"roles": ["sindaco"]}, {"email": "olga@esempio.test"}],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, Any]
) -> None:
    assert browse(alice).post(places["staff"], {**INVITED, **changed}).status_code == 422
    assert mail.outbox == []


def test_roles_change_and_the_log_says_from_what_to_what(
    places: dict[str, str], alice: Person, olga: Person, browse: Browse
) -> None:
    browse(alice).post(places["member"], {"roles": ["auditor"]})
    assert Membership.objects.get(person=olga).roles == ["auditor"]
    entry = AuditEntry.objects.get(verb="core.changed_roles")
    assert (entry.detail["before"], entry.detail["after"]) == (["operator"], ["auditor"])


def test_nobody_takes_away_their_own_administration_nor_the_last_one(
    places: dict[str, str], alice: Person, esempio: Organization, browse: Browse
) -> None:
    client = browse(alice)
    own = Membership.objects.get(person=alice)
    page = client.post(reverse("settings:member", args=[own.pk]), {"roles": ["operator"]})
    assert page.status_code == 422
    client.post(reverse("settings:member_remove", args=[own.pk]))
    assert Membership.objects.get(person=alice).roles == ["administrator"]


def test_a_second_administrator_may_be_taken_away(
    places: dict[str, str], alice: Person, esempio: Organization, browse: Browse
) -> None:
    second = member(esempio, "bea@esempio.test", "Bea Esempio", Role.ADMINISTRATOR)
    of_bea = Membership.objects.get(person=second)
    assert browse(alice).post(reverse("settings:member_remove", args=[of_bea.pk])).status_code == 302
    assert not Membership.objects.filter(person=second).exists()
    assert browse(second).get(places["home"]).status_code == 404


def test_a_removed_person_is_out_at_once(
    places: dict[str, str], alice: Person, olga: Person, browse: Browse
) -> None:
    olgas = browse(olga)
    assert olgas.get("/console/", headers={"host": HOST}).status_code == 302
    browse(alice).post(places["member_remove"])
    with organization_scope(olga_organization := Organization.objects.get(slug="esempio")):
        assert not Membership.objects.filter(person=olga, organization=olga_organization).exists()
    assert olgas.get(reverse("console")).status_code == 404
