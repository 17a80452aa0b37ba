"""Complete documents: what is written down when they are, and by when the service then promises to be done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from desk.demo.stage import Matter, Player, Stage
from desk.operations import documenting

OBJECTS: Final[Mapping[str, tuple[int, ...]]] = {"B": (1, 2, 3, 7), "C": (1, 2, 4, 8, 12), "D": (1,)}
PAPERS: Final[Mapping[str, str]] = {
    "B": "Surat permohonan, daftar barang milik negara, surat pernyataan tanggung jawab.",
    "C": "Surat permohonan penilaian, daftar objek, dokumen legalitas, surat pernyataan siap ditinjau.",
    "D": "Surat permohonan keterangan, bukti setor, bukti pelunasan dari penyerah piutang.",
}


def record(stage: Stage, player: Player, matter: Matter) -> datetime:
    """Record that the documents are complete, unless they were; return what is promised."""
    if matter.id not in stage.promised:
        request, quantity = player.asks("documents", transaction=matter.id), stage.dice.choice(OBJECTS[matter.series])
        done = stage.did(
            documenting.complete_documents(
                stage.streams, matter.id, request, quantity=quantity, papers=PAPERS[matter.series]
            )
        )
        stage.promised[matter.id] = datetime.fromisoformat(done.facts["promised_at"])
    return stage.promised[matter.id]
