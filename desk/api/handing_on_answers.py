"""What the API answers about the ways custody may go: pools and reasons."""

from pydantic import BaseModel

from desk.api.bodies import Id


class PoolItem(BaseModel):
    """A group of back-office staff that takes work at once; its head is responsible until a member takes it."""

    id: Id
    name: str
    head: Id
    members: list[Id]
    waiting: int


class Pools(BaseModel):
    """The pools of an office."""

    items: list[PoolItem]


class ReasonItem(BaseModel):
    """A reason that may be chosen."""

    kind: str
    code: str
    label: dict[str, str]
    needs_note: bool


class Reasons(BaseModel):
    """The reasons for handing on and for declining."""

    items: list[ReasonItem]
