"""Which row of a file names its columns: below titles, above the people, of the right section."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from talkvalue_cli.imports.file.rows import Row

ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^\W\d_]{2,}")
#: parts of headers of an address
_MAIL = re.compile(
    r"e-?mail|\bmail|correo|courriel|adres e-|邮箱|邮件|郵件|郵箱|信箱|メール|이메일|메일|почт|имейл|"
    r"e-?post|eposta|posta|sähköp|netfang|επαφ|ηλεκτρ|אלקטרוני|דוא|البريد|อีเมล|електрон|メアド|電郵",
    re.IGNORECASE,
)
#: parts of headers of what is said about people
_PERSON = re.compile(
    r"\b(first|last|full|given|family|middle|sur|user|display|nick)[ _-]?names?\b|\bnames?\b|\bnom\b|prénom|prenom|"
    r"nombre|apellido|\bnome\b|sobrenome|apelido|cognome|vorname|nachname|\bnaam|voornaam|achternaam|"
    r"imi[eę]|nazwisko|namn|navn|nimi|nafn|jméno|příjmení|meno|priezvisko|\bnév|keresztn|\bnume|prenume|"
    r"\bime\b|prezime|\bad[ıi]?\b|soyad|vardas|pavard|vārds|uzvārd|eesnimi|perekonna|имя|фамилия|фио|ім'?я|прізвище|"
    r"όνομα|επώνυμο|\bשם|الاسم|ชื่อ|姓名|名字|名前|氏名|이름|성명|^名$|^姓$|^성$|"
    r"phone|telef|mobil|\bcell\b|tel\b|téléph|telephone|電話|电话|手机|手機|携帯|전화|휴대|телефон|τηλέφων|"
    r"company|organi[sz]ation|employer|firma|unternehmen|société|entreprise|empresa|azienda|società|bedrijf|företag|"
    r"virksomhed|yritys|společnost|şirket|компания|организация|公司|会社|회사|소속|"
    r"job|title|position|role|occupation|fonction|cargo|stanowisko|должность|職|职|役職|직책|직위|"
    r"\bcity\b|country|\bstadt\b|\bort\b|ville|pays|ciudad|address|adresse|dirección|adres",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"[+(]?\d[\d\s().,:/+-]{2,}|\d{1,4}[-./年]\d.*|https?://\S+|www\.\S+|\d+|-+|n/a|true|false|"
    r"[$€£]\s?\d.*|\d.*[%€$£]",
    re.IGNORECASE,
)
#: how a section of a report is called that has the people, and one that has others
_WANTED = re.compile(
    r"attendee|registrant|participant|guest|subscriber|member|contact|invitee|people|teilnehm|gäste|"
    r"participant|inscri|asistente|partecipant|deelnemer|deltagare|uczestni|участник|参加者|参会|參加|참가|참석",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"host|panel|organi[sz]er|presenter|speaker|staff|summary|activit|cancel|declin|overview|detail of",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"[^\w]*((grand|sub|over-?all)[ -]?)?(totals?|sum|count|summe|gesamt\w*|anzahl|insgesamt|somme|nombre total|suma|"
    r"totale|totaal|aantal|total geral|razem|łącznie|celkem|spolu|összesen|ukupno|skupaj|toplam|итого|всего|усього|"
    r"общо|σύνολο|合计|合計|總計|总计|総計|計|합계|총계|소계|yhteensä|summa|antal|i alt|totalt|kokku)\b[^@]*",
    re.IGNORECASE,
)


class Section(NamedTuple):
    """A table of a file: its header, by place among the rows, and what is said about it.

    title: the one filled cell of the row above. addresses, rows: how many follow.
    """

    place: int
    cells: list[str]
    title: str
    rows: int
    addresses: int


def filled(cells: Sequence[str]) -> list[str]:
    """Return what is in the cells that are not empty."""
    return [cell for cell in map(str.strip, cells) if cell]


def is_data(cell: str) -> bool:
    """Tell whether a cell holds what no header says: an address, a number, a date, a link."""
    text = cell.strip()
    return bool(ADDRESS.search(text) or _DATA.fullmatch(text))


def is_total(cells: Sequence[str]) -> bool:
    """Tell whether a row counts or sums up others."""
    texts = filled(cells)
    return (
        bool(texts) and not any("@" in text for text in texts) and bool(_TOTAL.fullmatch(texts[0]))
    )


def count_words(cells: Sequence[str]) -> int:
    """Return how many cells say what headers of people say; a header of addresses counts twice."""
    return sum(
        2 if _MAIL.search(cell) else bool(_PERSON.search(cell))
        for cell in cells
        if len(cell) < 80 and not is_data(cell)
    )


def could_be_header(cells: Sequence[str]) -> bool:
    """Tell whether a row may name columns: words that differ, and nothing that is data."""
    texts = filled(cells)
    if not texts or any(ADDRESS.search(text) for text in texts):
        return False
    odd = sum(is_data(text) for text in texts)
    return odd == 0 or (odd * 4 <= len(texts) and count_words(texts) >= 3)


def find_sections(rows: Sequence[Row]) -> list[Section]:
    """Return the tables among the first rows of a file, in their order."""
    places = [place for place in range(len(rows)) if _is_header(rows, place)]
    sections = []
    for place, following in itertools.pairwise([*places, len(rows)]):
        body = [
            cells
            for _, cells in rows[place + 1 : following]
            if len(filled(cells)) > 1 or _only_address(cells)
        ]
        addresses = sum(any(ADDRESS.search(cell) for cell in cells) for cells in body)
        above = [cells for _, cells in rows[max(0, place - 2) : place] if filled(cells)]
        title = filled(above[-1])[0] if above and len(filled(above[-1])) == 1 else ""
        sections.append(Section(place, rows[place][1], title, len(body), addresses))
    return sections


def _only_address(cells: Sequence[str]) -> bool:
    texts = filled(cells)
    return len(texts) == 1 and bool(ADDRESS.search(texts[0]))


def _is_header(rows: Sequence[Row], place: int) -> bool:
    cells = rows[place][1]
    if not could_be_header(cells):
        return False
    width = len(cells)
    after = [row for _, row in rows[place + 1 : place + 30] if filled(row)]
    if place and not _begins_section(rows, place):
        return False
    if width == 1 or len(filled(cells)) == 1:
        return (
            bool(_MAIL.search(filled(cells)[0]))
            and len(filled(cells)[0]) < 40
            and bool(after)
            and _only_address(after[0])
        )
    if count_words(cells) >= 2:
        return True
    alike = [row for row in after[:5] if len(row) == width]
    typed = any(
        cells[column].strip()
        and all(is_data(row[column]) for row in alike if row[column].strip())
        and any(row[column].strip() for row in alike)
        for column in range(width)
    )
    return bool(alike) and (typed or count_words(cells) >= 1)


def _begins_section(rows: Sequence[Row], place: int) -> bool:
    """Tell whether a row that could be a header is one: not a person among others."""
    cells = rows[place][1]
    if count_words(cells) >= 2:
        return True
    before = [row for _, row in rows[:place] if filled(row)]
    return not any(len(filled(row)) > 1 for row in before[-1:]) or not before


def choose_section(sections: Sequence[Section]) -> Section | None:
    """Return the section that has the people, None when there is none.

    A section is called so, or has more columns about people and more addresses than others.
    """

    def rank(section: Section) -> tuple[int, int, int, int, int]:
        role = 1 if _WANTED.search(section.title) else 0
        if _UNWANTED.search(section.title):
            role -= 2
        words = count_words(section.cells)
        return (bool(section.addresses), role, min(words, 3), section.addresses, -section.place)

    return max(sections, key=rank, default=None)
