# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sweeps of this folder look at what the towns hold: each model of an organization has a row in both."""

from __future__ import annotations

import pytest
from django.apps import apps

from arengo.core.scope import TenantModel, every_organization
from tests.security.town import Town

pytestmark = pytest.mark.django_db


def test_each_model_of_an_organization_has_a_sample_in_both_towns(towns: tuple[Town, Town]) -> None:
    """Else ``town.py`` wants one: what it holds could leak, and no sweep would notice."""
    models = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    assert len(models) > 30
    of_senders = [
        model
        for model in apps.get_models()
        if not issubclass(model, TenantModel) and any(field.name == "sender" for field in model._meta.fields)
    ]
    assert of_senders
    with every_organization("the test looks at both"):
        missing = {
            f"{model._meta.label} of {town.organization}"
            for model in models
            for town in towns
            if not model.unscoped.filter(organization=town.organization).exists()
        }
        missing |= {
            f"{model._meta.label} of {town.organization}"
            for model in of_senders
            for town in towns
            if not model._default_manager.filter(sender=town.sender).exists()
        }
    assert not missing, "without a sample: " + ", ".join(sorted(missing))
