# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""The made-up texts with planted personal data, and the count of what is found in them."""

import json
import re
import unicodedata
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from random import Random

import phonenumbers
import pytest
from stdnum import iban, luhn
from stdnum.kr import brn

from assistant.entities import EntityType
from tests.benchmarks import eval_privacy, privacy_negatives, privacy_tables
from tests.benchmarks.eval_privacy import Answers
from tests.benchmarks.pairs import NotRun
from tests.benchmarks.privacy_generated import (
    ALL,
    KINDS,
    SEEN,
    STRUCTURED,
    UNSEEN,
    Gold,
    Sample,
    particle,
    sentences,
)
from tests.benchmarks.privacy_scores import Found, Share, covers, exact, overlaps, scored
from tests.benchmarks.privacy_sets import BY_NAME, SETS, LabelledSet, _tagged, of_file
from tests.benchmarks.privacy_values import bech32, ethereum, keccak
from tests.benchmarks.privacy_variations import broken, read_out, with_invisible

SECRET = re.compile(r"gh[pos]_\w{36}|AKIA\w{16}|-----BEGIN [A-Z ]*PRIVATE KEY")
BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PHONE = "010-2345-6789"
TEXT = f"Call {PHONE} now"
PLANTED = Gold(EntityType.PHONE, 5, 18)


def _found(start: int = 5, end: int = 18, entity_type: EntityType = EntityType.PHONE) -> Found:
    return Found(entity_type, start, end)


def _digits(value: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", value))


def _values(kind: str) -> list[str]:
    make = next(one.make for one in KINDS if one.name == kind)
    rng = Random(kind)
    return [make(rng) for _ in range(50)]


def test_same_seed_draws_the_same_texts() -> None:
    assert sentences(ALL, 200) == sentences(ALL, 200)
    assert sentences(ALL, 200, seed=1) != sentences(ALL, 200)


def test_halves_are_parts_of_all_and_half_of_each_is_korean() -> None:
    both, seen, unseen = (sentences(half, 400) for half in (ALL, SEEN, UNSEEN))
    assert len(both) == 400
    assert sorted(map(repr, seen + unseen)) == sorted(map(repr, both))
    assert sum(one.language == "ko" for one in seen) == len(seen) / 2


def test_halves_share_no_template() -> None:
    used = [{one.template for one in sentences(half, 2000)} for half in (SEEN, UNSEEN)]
    drawn = [{part for name in names for part in name.split(" + ")} - {"form"} for names in used]
    assert drawn[0]
    assert not drawn[0] & drawn[1]


def test_places_are_in_order_apart_and_hold_the_value() -> None:
    for one in sentences(ALL, 1000):
        end = 0
        for gold in one.entities:
            assert end <= gold.start < gold.end <= len(one.text)
            end = gold.end
            value = one.text[gold.start : gold.end]
            assert value == value.strip()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_type_is_planted(language: str) -> None:
    texts = [one for one in sentences(SEEN, 3000) if one.language == language]
    assert {gold.entity_type for one in texts for gold in one.entities} >= set(STRUCTURED)


def test_no_mark_of_a_template_is_left() -> None:
    assert not [
        one for one in sentences(ALL, 2000) if re.search(r"\{(v|label|key|bank|n_\w+|[은이을과])\}", one.text)
    ]


def test_numbers_with_a_check_digit_have_the_right_one() -> None:
    assert all(luhn.is_valid(_digits(value)) for value in _values("card"))
    assert all(iban.is_valid(value) for value in _values("iban"))
    assert all(brn.is_valid(value) for value in _values("business"))


@pytest.mark.parametrize(
    ("kind", "modules"),
    [
        ("ssn", ["us.ssn"]),
        ("ric", ["cn.ric"]),
        ("dni", ["es.dni", "es.nie"]),
        ("codicefiscale", ["it.codicefiscale"]),
        ("hetu", ["fi.hetu"]),
        ("uscc", ["cn.uscc"]),
    ],
)
def test_numbers_of_other_states_are_valid(kind: str, modules: list[str]) -> None:
    valid = [import_module(f"stdnum.{name}").is_valid for name in modules]
    values = [value.replace(" ", "-") for value in _values(kind)]
    assert all(any(one(value) for one in valid) for value in values)


def test_national_insurance_numbers_have_letters_that_are_given_out() -> None:
    letters = [value[:2] for value in _values("nino")]
    assert all(first not in "DFIQUV" and second not in "DFIQUVO" for first, second in letters)
    assert not {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"} & set(letters)


def test_a_name_that_stands_twice_is_the_same() -> None:
    tags = [found for one in sentences(ALL, 2000) for found in re.findall(r"<(\w+)>.*?</(\w+)>", one.text)]
    assert tags
    assert all(first == last for first, last in tags)


def test_telephone_numbers_are_valid_in_their_country() -> None:
    for kind, region in (("phone_mobile", "KR"), ("phone_us", "US"), ("phone_gb", "GB"), ("phone_jp", "JP")):
        assert all(phonenumbers.is_valid_number(phonenumbers.parse(value, region)) for value in _values(kind))


def test_addresses_of_coins_are_those_of_the_standards() -> None:
    assert keccak(b"").hex().startswith("c5d2460186f7233c")
    assert (
        ethereum(bytes.fromhex("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"))
        == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    )
    program = bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")
    assert bech32("bc", 0, program) == "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def test_korean_resident_numbers_hold_a_date_and_both_kinds_of_last_digits() -> None:
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    values = [_digits(value) for value in _values("rrn")]
    assert all(1 <= int(value[2:4]) <= 12 and value[6] in "1234" for value in values)
    right = [
        (11 - sum(int(a) * b for a, b in zip(value[:12], weights, strict=True)) % 11) % 10 == int(value[12])
        for value in values
    ]
    assert any(right)
    assert not all(right)


def test_hard_negatives_have_the_form_they_claim() -> None:
    rng = Random(1)
    assert all(re.fullmatch(r"\d{4}-\d{3}[\dX]", privacy_negatives.journal(rng)) for _ in range(20))
    assert {len(privacy_negatives.commit(rng)) for _ in range(50)} == {7, 12, 40, 64}


def test_a_value_is_written_in_many_ways() -> None:
    rng = Random(1)
    assert read_out(rng, PHONE).startswith("공일공")
    assert _digits(with_invisible(rng, PHONE)) == _digits(PHONE)
    assert broken(rng, PHONE).count("\n") == 1
    ways = {gold.written for one in sentences(ALL, 1500) for gold in one.entities}
    assert ways == {"plain", "separators", "full-width", "zero-width", "line break", "read out"}


@pytest.mark.parametrize(
    ("name", "before", "expected"),
    [
        ("으로", "kr", "로"),
        ("으로", "3", "으로"),
        ("은", "김민수", "는"),
        ("을", "번호 7", "을"),
        ("이", "com", "이"),
    ],
)
def test_the_particle_fits(name: str, before: str, expected: str) -> None:
    assert particle(name, before) == expected


def test_no_file_of_ours_looks_like_it_held_a_secret() -> None:
    for path in (*BENCHMARKS.glob("*.py"), *(BENCHMARKS / "results").glob("privacy*")):
        assert not SECRET.search(path.read_text("utf-8")), path.name


def test_two_more_letters_count_as_found_three_do_not() -> None:
    text = f"abc{PHONE}로"
    gold = Gold(EntityType.PHONE, 3, 16)
    assert covers(text, _found(1, 16), gold)
    assert not covers(text, _found(0, 16), gold)
    assert covers(f"({PHONE})", _found(1, 14), Gold(EntityType.PHONE, 0, 15))


def test_a_part_or_another_type_is_not_found() -> None:
    assert not covers(TEXT, _found(5, 17), PLANTED)
    assert not covers(TEXT, _found(entity_type=EntityType.CARD), PLANTED)
    assert overlaps(TEXT, _found(5, 17), PLANTED)
    assert not exact(TEXT, _found(5, 17), PLANTED)
    assert exact(TEXT, _found(), PLANTED)


def test_recall_and_precision_count_each_side() -> None:
    sample = Sample(TEXT, "en", (PLANTED,))
    score = scored([sample, sample], [[_found()], [_found(0, 4)]], STRUCTURED)
    share = score.of(STRUCTURED)
    assert share == Share(planted=2, hit=1, found=2, right=1)
    assert (share.recall, share.precision, share.f1) == (0.5, 0.5, 0.5)
    assert [(one.gold, one.found) for one in score.wrong] == [(PLANTED, None), (None, _found(0, 4))]


def test_where_nothing_was_planted_there_is_no_figure() -> None:
    assert Share().recall is None
    assert Share(planted=1).f1 is None


def test_what_touches_a_label_that_was_left_out_is_not_judged() -> None:
    sample = Sample(TEXT, "en", (PLANTED,))
    score = scored([sample], [[_found(), _found(0, 3)]], STRUCTURED, unjudged=[[(0, 4)]])
    assert score.of(STRUCTURED) == Share(planted=1, hit=1, found=1, right=1)


def test_a_planted_miss_stands_in_the_list_and_a_secret_in_it_is_cut() -> None:
    key = "k" * 40
    sample = Sample(f"{TEXT} key {key}", "en", (PLANTED, Gold(EntityType.TOKEN, 23, 63)))
    score = scored([sample], [[]], STRUCTURED)
    told = privacy_tables.listed(score.wrong)
    assert "PHONE, missed: 1" in told
    assert f"⟦{PHONE}⟧" in told
    assert "TOKEN, missed: 1" in told
    assert key[:8] not in told


def test_misses_of_the_unseen_half_are_counted_without_their_text() -> None:
    sample = Sample(TEXT, "en", (PLANTED,), UNSEEN)
    told = privacy_tables.counted(scored([sample], [[]], STRUCTURED).wrong)
    assert "| PHONE | missed | en |" in told
    assert PHONE not in told


def test_a_set_of_ones_own_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.jsonl"
    entity = {"type": "EMAIL", "start": 0, "end": 15}
    lines = (
        {"text": "kim@example.com로 주세요", "language": "ko", "entities": [entity]},
        {"text": "mail 은 없음", "language": "ko", "entities": [entity]},
    )
    path.write_text(json.dumps(lines[0], ensure_ascii=False), encoding="utf-8")
    assert eval_privacy.main(["--sets", "--set", str(path), "--alone"]) == 0
    assert "| mine | all | ko | structured | Maru | 1 | 1 | 1.000 | 1.000 |" in capsys.readouterr().out
    path.write_text(json.dumps(lines[1]), encoding="utf-8")
    with pytest.raises(NotRun, match="line 1"):
        of_file(path)


@pytest.mark.parametrize("line", ["[]", "{", '{"text": "a", "language": "ko", "entities": [{"type": "X"}]}'])
def test_a_file_that_is_no_set_is_refused_by_line(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(line, encoding="utf-8")
    assert eval_privacy.main(["--sets", "--set", str(path)]) == 1
    assert "other.jsonl, line 1" in capsys.readouterr().err


def test_misses_are_listed_by_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert eval_privacy.main(["--misses", "EMAIL", "--each", "1", "--texts", "400"]) == 0
    assert "PHONE" not in capsys.readouterr().out


def test_tags_of_letters_become_spans() -> None:
    tags = ["B-PS", "I-PS", "O", "B-PS", "B-LC", "I-LC"]
    assert list(_tagged(tags)) == [("PS", 0, 2), ("PS", 3, 4), ("LC", 4, 6)]


def test_public_sets_are_mapped_and_what_has_no_counterpart_is_named() -> None:
    if not SETS.is_dir():
        pytest.skip("no shared data: runs where it lies beside the repository")
    english, korean = BY_NAME["synth_dataset_v2"](), BY_NAME["klue-ner"]()
    planted = [gold for one in korean.samples for gold in one.entities]
    assert (len(korean.samples), len(planted)) == (5000, 4418)
    assert not korean.shown
    assert "ORGANIZATION" in english.left_out
    mails = [
        one.text[gold.start : gold.end]
        for one in english.samples
        for gold in one.entities
        if gold.entity_type is EntityType.EMAIL
    ]
    assert all("@" in mail for mail in mails)


def test_without_presidio_the_reason_is_told_and_ours_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.jsonl"
    entity = {"type": "PHONE", "start": 5, "end": 18}
    path.write_text(json.dumps({"text": TEXT, "language": "en", "entities": [entity]}), encoding="utf-8")
    monkeypatch.setattr(eval_privacy, "PRESIDIO", tmp_path / "nowhere")
    assert eval_privacy.main(["--sets", "--set", str(path)]) == 0
    told = capsys.readouterr().out
    assert "--install-presidio" in told
    assert "| mine | all | en | structured | Maru | 1 | 1 | 1.000 |" in told


def test_tables_are_kept_and_no_text_of_the_unseen_half_with_them(tmp_path: Path) -> None:
    def blind(samples: Sequence[Sample]) -> Answers:
        return Answers([[] for _ in samples], 0.5)

    samples = tuple(sentences(ALL, 400))
    one = LabelledSet("generated", samples, ((),) * len(samples), ("ORGANIZATION",))
    privacy_tables.keep(list(eval_privacy.evaluate(one, "Maru", blind)), [one], {}, tmp_path)
    assert json.loads((tmp_path / "privacy.json").read_text("utf-8"))["figures"][0]["ms_per_kb"] == 0.5
    assert "generated: ORGANIZATION" in (tmp_path / "privacy.md").read_text("utf-8")
    told = (tmp_path / "privacy_misses.md").read_text("utf-8")
    mails = {
        half: [
            sample.text[gold.start : gold.end]
            for sample in samples
            for gold in sample.entities
            if gold.entity_type is EntityType.EMAIL and gold.written == "plain" and sample.half == half
        ]
        for half in (SEEN, UNSEEN)
    }
    assert any(mail in told for mail in mails[SEEN])
    assert not any(mail in told for mail in mails[UNSEEN])
