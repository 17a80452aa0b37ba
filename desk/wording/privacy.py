"""Personal data in words: how long they are kept, why they were erased, how much of what, and what they are for."""

from typing import Final

from desk.domain.retention import ErasureReason, Track
from desk.wording import N_

REASONS: Final[dict[ErasureReason, str]] = {
    ErasureReason.ASKED: N_("The person asked for it"),
    ErasureReason.CONSENT_WITHDRAWN: N_("The person withdrew their consent"),
    ErasureReason.ENTERED_WRONGLY: N_("The data were entered by mistake"),
    ErasureReason.ORDERED: N_("An authority ordered it"),
}
TRACKS: Final[dict[Track, str]] = {
    Track.CONTACTS: N_("names and addresses of visits"),
    Track.ANSWERS: N_("own words and profiles of answers"),
    Track.LOOSE: N_("own words and profiles of answers without a visit"),
    Track.NOTES: N_("officers' notes about transactions"),
    Track.FOLLOW_UPS: N_("notes of follow-ups"),
    Track.FLOOR: N_("messages to the floor"),
    Track.ADDRESSES: N_("addresses of messages that were sent or given up"),
    Track.VOICES: N_("complaints and suggestions: words and contacts"),
}
COUNTS: Final[dict[str, str]] = {
    "contacts": N_("contacts of visits"),
    "addresses": N_("addresses of messages"),
    "comments": N_("comments"),
    "details": N_("profiles and further own words"),
    "notes": N_("officers' notes"),
    "askings": N_("records of having been asked"),
    "voices": N_("complaints and suggestions"),
    "floor": N_("messages to the floor"),
}
# In every export, so that it tells nobody whether there is such a complaint; in both languages too.
LEFT_OUT: Final = {
    "id": "Pengaduan, saran, dan pujian tentang urusan yang ditangani oleh pembuat salinan ini tidak dimuat di sini."
    " Bila Anda pernah menyampaikannya, mintalah salinan juga dari petugas lain.",
    "en": "Complaints, suggestions and compliments about a matter in which whoever made this copy had a hand are not in"
    " it. If you made one, have somebody else make a copy too.",
}
# What personal data are used for, as the export says it; in both languages, whatever the page is in.
PURPOSES: Final[tuple[dict[str, str], ...]] = (
    {
        "what": "contact",
        "id": "Nama, alamat surel, dan nomor telepon: untuk memanggil Anda dengan sopan di loket dan, bila Anda setuju,"
        " untuk menanyakan pendapat Anda setelah layanan. Diberikan secara sukarela.",
        "en": "Name, e-mail address and phone number: to address you at the counter and, if you agreed, to ask what you"
        " think after the service. Given freely.",
    },
    {
        "what": "transactions",
        "id": "Nomor, layanan, dan waktu: untuk melayani Anda menurut giliran dan untuk statistik layanan.",
        "en": "Number, service and times: to serve you in turn, and for the statistics of the service.",
    },
    {
        "what": "notes",
        "id": "Catatan petugas: agar petugas berikutnya dapat melanjutkan urusan Anda.",
        "en": "Officers' notes: so that the next officer can go on with your matter.",
    },
    {
        "what": "answers",
        "id": "Jawaban survei: untuk memperbaiki layanan dan menghitung indeks kepuasan masyarakat.",
        "en": "Answers to the survey: to improve the service and to work out the satisfaction index.",
    },
    {
        "what": "voices",
        "id": "Pengaduan, saran, dan pujian: untuk menindaklanjuti dan menjawabnya.",
        "en": "Complaints, suggestions and compliments: to follow them up and to answer them.",
    },
)
