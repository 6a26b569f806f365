"""Who vouches for people, so that they need no password here: settings of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from segmentry.core.errors import UsageError
from segmentry.workspace.access.scope import scopes_of

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Provider(BaseModel):
    """An OpenID Connect provider, and which role whom it vouches for has.

    Args:
        issuer: Its address, as it calls itself.
        client_id: What it calls this workspace.
        secret_from: Variable of the environment that holds the secret it gave; a provider that
            gave none is content with the proof that whoever asks is who began.
        label: What the button says.
        scopes: What is asked for besides `openid`.
        name_claim: What people are called by.
        role_claim: What their role is read from: one text, or several.
        roles: Value of that claim → role; the first that a person has counts.
        default_role: Of all others; without it they are not let in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: str = Field(min_length=1, max_length=500)
    secret_from: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    label: str = Field(default="OpenID Connect", min_length=1, max_length=60)
    scopes: tuple[str, ...] = ("profile", "email")
    name_claim: str = "name"
    role_claim: str = "groups"
    roles: dict[str, str] = Field(default_factory=dict)
    default_role: str | None = None

    @field_validator("issuer")
    @classmethod
    def _issuer(cls, address: str) -> str:
        check_safe(address)
        return address

    @field_validator("roles")
    @classmethod
    def _roles(cls, roles: dict[str, str]) -> dict[str, str]:
        for role in roles.values():
            scopes_of(role)
        return roles

    @field_validator("default_role")
    @classmethod
    def _default(cls, role: str | None) -> str | None:
        if role is not None:
            scopes_of(role)
        return role

    def role_of(self, claims: Mapping[str, Any]) -> str | None:
        """The role of somebody by what is said of them; `None` for who is not let in.

        >>> found = Provider(issuer="https://id.example.com", client_id="x", roles={"crm": "admin"})
        >>> found.role_of({"groups": ["crm", "shop"]}), found.role_of({"groups": "shop"})
        ('admin', None)
        """
        said = claims.get(self.role_claim)
        values = said if isinstance(said, list) else [said]
        return next((self.roles[each] for each in self.roles if each in values), self.default_role)


def check_safe(address: str) -> None:
    """Check that what is asked there can be read by nobody on the way.

    Raises:
        UsageError: It is not over TLS, and not on this machine.
    """
    parts = urlsplit(address)
    own = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or own):
        raise UsageError(
            "an address of the provider is not safe.", fix="It has to begin with https://."
        )
