# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's rights (GDPR art. 15–21): to see, to correct, to object, to be erased; who asked, how it was checked, by when it is due."""
