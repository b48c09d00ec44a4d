# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The refusals of the Graph API: one table of codes, one envelope."""

from __future__ import annotations

import base64
import secrets
from typing import Any, NamedTuple

ERROR_PAGE = "/documentation/business-messaging/whatsapp/support/error-codes"


class Refusal(NamedTuple):
    """What Meta's page of error codes says about one code: HTTP status and title."""

    http: int
    title: str


# Statuses as on Meta's page of January 2026; codes that the page names without a status answer 400.
TABLE: dict[int, Refusal] = {
    0: Refusal(401, "AuthException"),
    1: Refusal(400, "API Unknown"),
    2: Refusal(503, "API Service"),
    3: Refusal(500, "API Method"),
    4: Refusal(400, "API Too Many Calls"),
    10: Refusal(403, "Permission Denied"),
    33: Refusal(400, "Parameter value is not valid"),
    100: Refusal(400, "Invalid parameter"),
    190: Refusal(401, "Access token has expired"),
    200: Refusal(403, "API Permission"),
    368: Refusal(403, "Temporarily blocked for policies violations"),
    80007: Refusal(400, "Rate limit issues"),
    130403: Refusal(400, "Business has blocked this user"),
    130429: Refusal(400, "Rate limit hit"),
    130472: Refusal(400, "User's number is part of an experiment"),
    130497: Refusal(403, "Business account is restricted from messaging users in this country."),
    131000: Refusal(500, "Something went wrong"),
    2494191: Refusal(400, "Thread control is not permitted"),
    131005: Refusal(403, "Access denied"),
    131008: Refusal(400, "Required parameter is missing"),
    131009: Refusal(400, "Parameter value is not valid"),
    131016: Refusal(500, "Service unavailable"),
    131021: Refusal(400, "Recipient cannot be sender"),
    131026: Refusal(400, "Message undeliverable"),
    131031: Refusal(403, "Account has been locked"),
    131037: Refusal(400, "Phone number needs display name approval"),
    131042: Refusal(400, "Business eligibility payment issue"),
    131045: Refusal(500, "Message failed to send due to an error with your phone number registration"),
    131047: Refusal(400, "Re-engagement message"),
    131048: Refusal(400, "Spam rate limit hit"),
    131049: Refusal(400, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: Refusal(400, "User has stopped receiving marketing messages"),
    131051: Refusal(400, "Unsupported message type"),
    131052: Refusal(400, "Media download error"),
    131053: Refusal(400, "Media upload error"),
    131055: Refusal(400, "Method not allowed"),
    131056: Refusal(400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: Refusal(500, "Account in maintenance mode"),
    131059: Refusal(400, "Invalid cursor"),
    131062: Refusal(400, "Business-scoped user ID not allowed"),
    131063: Refusal(400, "Marketing templates are turned off for Cloud API"),
    131064: Refusal(400, "Template misclassification limit"),
    132000: Refusal(400, "Number of parameters does not match the expected number of params"),
    132001: Refusal(404, "Template name does not exist in the translation"),
    132005: Refusal(400, "Translated text too long"),
    132007: Refusal(400, "Template format character policy violated"),
    132012: Refusal(400, "Parameter format does not match format in the created template"),
    132015: Refusal(400, "Template is paused"),
    132016: Refusal(400, "Template is disabled"),
    132018: Refusal(400, "There's an issue with the parameters in your template"),
    132068: Refusal(400, "Flow is in blocked state"),
    132069: Refusal(400, "Flow is in throttled state"),
    133000: Refusal(500, "Incomplete deregistration"),
    133004: Refusal(503, "Server temporarily unavailable"),
    133005: Refusal(400, "Two-step verification PIN mismatch"),
    133006: Refusal(400, "Phone number re-verification needed"),
    133008: Refusal(400, "Too many two-step verification PIN guesses"),
    133009: Refusal(400, "Two-step verification PIN guessed too fast"),
    133010: Refusal(400, "Phone number not registered"),
    133015: Refusal(400, "Please wait a few minutes before attempting to register this phone number"),
    133016: Refusal(400, "Account register deregister rate limit exceeded"),
    139100: Refusal(400, "Failed to block/unblock some users"),
    139101: Refusal(400, "Blocklist limit reached"),
    139102: Refusal(400, "Blocklist concurrent update"),
    139103: Refusal(400, "Internal error"),
    2388019: Refusal(400, "Message template limit exceeded"),
    2388024: Refusal(400, "Content in this language already exists"),
    2388039: Refusal(400, "Message template header is not valid"),
    2388040: Refusal(400, "Message template field exceeded character limit"),
    2388047: Refusal(400, "Message header format is incorrect"),
    2388072: Refusal(400, "Message body format is incorrect"),
    2388073: Refusal(400, "Message footer format is incorrect"),
    2388023: Refusal(400, "Message template language is being deleted"),
    2388293: Refusal(400, "This template has too many variables for its length"),
    2388299: Refusal(400, "Variables can't be at the start or end of the template"),
}

# Reported after a 200, in a `failed` status; every other code answers the request itself.
AS_STATUS = frozenset({130472, 131026, 131042, 131047, 131048, 131049, 131050, 131051, 131052, 131053})


class GraphError(Exception):
    """A refusal of one request, in Meta's own envelope."""

    def __init__(
        self,
        code: int,
        details: str,
        *,
        http: int | None = None,
        subcode: int | None = None,
        title: str | None = None,
        user_title: str | None = None,
    ) -> None:
        known = TABLE.get(code, Refusal(400, "Unknown error"))
        super().__init__(f"({code}) {details}")
        self.code = code
        self.details = details
        self.http = http or known.http
        self.subcode = subcode
        self.title = title or known.title
        self.user_title = user_title

    def envelope(self) -> dict[str, Any]:
        """The JSON body that Meta answers with."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": trace_id(),
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.user_title is not None:
            error |= {
                "is_transient": False,
                "error_user_title": self.user_title,
                "error_user_msg": self.details,
            }
        return {"error": error}


def trace_id() -> str:
    """An id in the looks of Meta's `fbtrace_id`."""
    return "A" + base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def status_error(code: int, details: str) -> dict[str, Any]:
    """One entry of `statuses[].errors`."""
    title = TABLE[code].title if code in TABLE else "Unknown error"
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": ERROR_PAGE,
    }


def template_error(subcode: int, details: str) -> GraphError:
    """A refusal of a template definition: Meta answers 100 and names the reason in the subcode."""
    return GraphError(100, details, subcode=subcode, user_title=TABLE[subcode].title)
