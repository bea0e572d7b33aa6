"""Duties: what a role does again, and the next day its rhythm tells."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.lifecycle.duties import has_rhythm, rhythm_of

TODAY = date(2026, 11, 27)  # a Friday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Every Monday: read the board", "2026-11-30"),
        ("Mondays: read the board", "2026-11-30"),
        ("Every Monday and Thursday", "2026-11-30"),
        ("Every Friday. Send the first of the month's numbers.", "2026-11-27"),
        ("Daily: read mail", "2026-11-27"),
        ("Every working day, at nine", "2026-11-27"),
        ("First of the month", "2026-12-01"),
        ("On the 5th of every month, write the value", "2026-12-05"),
        ("Monthly, on the 31st", "2026-11-30"),
        ("1st and 15th of each month: pay", "2026-12-01"),
        ("The last Friday of the month", "2026-11-27"),
        ("Every second Monday of the month: retro", "2026-12-14"),
        ("First working day of each month: close the books", "2026-12-01"),
        ("End of the month", "2026-11-30"),
        ("Quarterly, by the 10th", "2027-01-10"),
        ("Last working day of the quarter", "2026-12-31"),
        ("At the end of the quarter", "2026-12-31"),
        ("Yearly, on 1 March: renew the certificate", "2027-03-01"),
        ("Every year on March 1st", "2027-03-01"),
        ("Every 1 May and 1 November: count", "2027-05-01"),
        # A rhythm whose day its words don't tell: none is guessed.
        ("Monthly: send the report by Friday", ""),
        ("Every other Monday: retro", ""),
        ("Every 3 months on the 1st", ""),
        ("Weekly", ""),
        ("Twice a week", ""),
        ("Each release: write the notes", ""),
        ("First week of the month", ""),
    ],
)
def test_the_next_day_of_a_rhythm(words: str, day: str) -> None:
    assert has_rhythm(words)
    rhythm = rhythm_of(words)
    assert str((rhythm and rhythm.next(TODAY)) or "") == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Jeden Montag: das Board lesen", "2026-11-30"),
        ("Montags und donnerstags: lesen", "2026-11-30"),
        ("Täglich: Post lesen", "2026-11-27"),
        ("Am 5. jedes Monats: den Wert eintragen", "2026-12-05"),
        ("Jeden ersten Montag im Monat: Rückblick", "2026-12-07"),
        ("Am letzten Arbeitstag des Quartals", "2026-12-31"),
        ("Monatsende: abschließen", "2026-11-30"),
        ("Monatlich, am Monatsende: abschließen", "2026-11-30"),
        ("Jährlich am 1. März: erneuern", "2027-03-01"),
        ("Alle zwei Wochen: Rückblick", ""),
        ("Wöchentlich", ""),
        ("Chaque lundi : lire le tableau", "2026-11-30"),
        ("Tous les mardis et jeudis", "2026-12-01"),
        ("Le premier lundi de chaque mois", "2026-12-07"),
        ("Le 5 de chaque mois : payer", "2026-12-05"),
        ("Chaque année, le 1er mars", "2027-03-01"),
        ("Dernier vendredi du mois", "2026-11-27"),
        ("Cada lunes: leer el tablero", "2026-11-30"),
        ("El 5 de cada mes: pagar", "2026-12-05"),
        ("El primer lunes de cada mes", "2026-12-07"),
        ("Cada año, el 1 de marzo", "2027-03-01"),
        ("Toda segunda-feira: ler o quadro", "2026-11-30"),
        ("Dia 5 de cada mês: pagar", "2026-12-05"),
        ("Último dia útil do mês", "2026-11-30"),
        ("Ogni lunedì: leggere la bacheca", "2026-11-30"),
        ("Il 5 di ogni mese: pagare", "2026-12-05"),
        ("Il primo lunedì del mese", "2026-12-07"),
        ("Elke maandag: het bord lezen", "2026-11-30"),
        ("De 5e van elke maand: betalen", "2026-12-05"),
        ("Eerste maandag van de maand", "2026-12-07"),
        ("毎週月曜日：ボードを読む", "2026-11-30"),
        ("毎月5日：支払う", "2026-12-05"),
        ("毎年3月1日：更新する", "2027-03-01"),
        ("毎月第1月曜日", "2026-12-07"),
        ("每周一：看板", "2026-11-30"),
        ("每月5日：付款", "2026-12-05"),
        ("每月第一个星期一：回顾", "2026-12-07"),
        ("每年3月1日：续订", "2027-03-01"),
        ("每天：看邮件", "2026-11-27"),
    ],
)
def test_the_next_day_of_a_rhythm_in_another_language(words: str, day: str) -> None:
    rhythm = rhythm_of(words)
    assert str((rhythm and rhythm.next(TODAY)) or "") == day


@pytest.mark.parametrize("words", ["By 1 March: renew it", "Read the board", "On the 5th"])
def test_what_happens_once_has_no_rhythm(words: str) -> None:
    assert not has_rhythm(words)
    assert rhythm_of(words) is None


def test_there_is_no_day_after_the_last() -> None:
    for words in ("Every Monday", "First of the month", "Yearly, on 1 March"):
        rhythm = rhythm_of(words)
        assert rhythm is not None
        assert rhythm.next(date.max) is None
