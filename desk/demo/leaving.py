"""The end of a shift: what an officer who goes home still has is offered to colleagues, or stays overnight."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from desk.demo.stage import TRANSACTIONS, Stage
from desk.domain.shifts import Parcel
from desk.operations.handing_over_shift import accept_all, hand_over_shift

# The first of them is too busy to answer; the last one gets all the rest and accepts.
RECEIVERS: Final = ("sari", "joko")
NOTES: Final = (
    "Tinggal konsep surat; berkas ada di lemari seksi, map hijau.",
    "Sudah diteliti, belum dibuatkan nota dinas.",
)
ACCEPTED_AFTER_MINUTES: Final = 9.0


def hand_over(stage: Stage, username: str) -> None:
    """Hand over what an officer has, once no visitor waits under their name any more."""
    held = _held(stage, stage.people[username][0])
    leaving = [each.id for each in held if each.state == "processing" and each.id in stage.lasting]
    if not leaving or any(each.state == "waiting" for each in held):
        return
    parcels = _parcels(stage, leaving) + [Parcel(each.id, None) for each in held if each.id not in leaving]
    request = stage.asks(username, "hand_over_shift")
    done = stage.did(hand_over_shift(stage.streams, stage.office_id, stage.people[username][0], parcels, request))
    stage.agenda.after(60 * ACCEPTED_AFTER_MINUTES, partial(_accept, stage, done.facts["batch"]))


def _held(stage: Stage, person_id: int) -> Sequence[Any]:
    row = TRANSACTIONS.c
    mine = (row.state != "waiting") | (row.addressee_id == person_id)
    query = (
        select(row.id, row.state)
        .where(row.office_id == stage.office_id, row.holder_id == person_id, row.ended_at.is_(None))
        .where(row.pool_id.is_(None), row.offer_id.is_(None), mine)
        .order_by(row.id)
    )
    with stage.streams.reading() as connection:
        return connection.execute(query).all()


def _parcels(stage: Stage, transaction_ids: Sequence[int]) -> list[Parcel]:
    return [
        Parcel(each, stage.people[RECEIVERS[min(place, 1)]][0], NOTES[place % len(NOTES)])
        for place, each in enumerate(transaction_ids)
    ]


def _accept(stage: Stage, batch_id: int) -> None:
    request = stage.asks(RECEIVERS[-1], "accept_all", batch=batch_id)
    stage.attempt(lambda: accept_all(stage.streams, batch_id, request))
