"""Who gets in how, for how long, and how much may be asked: settings of a workspace."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from segmentry.workspace.access.provider import Provider


class Limits(BaseModel):
    """What `segmentry serve` holds people and programs to.

    Args:
        idle_minutes: A session that is not used for longer has ended.
        session_hours: It ends after this, however much it is used.
        person_requests_per_second: What a person may ask for in the long run, and ten times as much
            at once.
        key_requests_per_second: The same for a key.
        largest_body_mb: Larger requests are refused before they are read.
        few_customers: Fewer are not told to people without the right `personal`.
        provider: Who vouches for people besides their passwords.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    idle_minutes: int = Field(default=120, ge=1)
    session_hours: int = Field(default=12, ge=1)
    person_requests_per_second: float = Field(default=20, gt=0)
    key_requests_per_second: float = Field(default=500, gt=0)
    largest_body_mb: int = Field(default=64, ge=1)
    few_customers: int = Field(default=10, ge=2)
    provider: Provider | None = None
