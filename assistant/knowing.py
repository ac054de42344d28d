# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Whether an embedding model knows a language: a few questions, each to find its own answer.

A model may have a language's letters in its vocabulary and yet never have learned it; its vectors are
noise there, and joined with search by words they ruin it (KorQuAD, hit@1: 0.921 by words, 0.789 joined).
"""

from collections.abc import Sequence

from assistant.documents.protocol import Embedder

KNOWS = 0.6  # share of the questions that must find their answer first; as many and no more is noise

# No question shares a telling word with its answer: letters alone must not do.
PAIRS = {
    "en": (
        ("When do I have to pay the landlord?", "Rent is due on the first day of each month."),
        ("Can I bring my dog?", "Animals are not allowed in the apartment."),
        ("Who fixes a broken heater?", "The owner carries out repairs of the boiler."),
        ("How tall is the mountain?", "The summit lies 3,000 metres above the sea."),
        ("What cures a headache?", "Aspirin relieves pain."),
        ("Where was the painter born?", "The artist grew up in a village near Florence."),
        ("How do birds stay in the air?", "Wings produce lift as feathers push wind down."),
        ("Why was the train late?", "A signal failure delayed the railway service."),
        ("Which team won the game?", "The home side scored twice and took the match."),
        ("How is bread made?", "Flour, water and yeast are kneaded and baked."),
    ),
    "ko": (
        ("집주인에게 언제 돈을 내야 하나요?", "월세는 매달 초하루에 납부한다."),
        ("강아지를 데려와도 되나요?", "애완동물은 아파트에 들일 수 없다."),
        ("고장 난 난로는 누가 고치나요?", "보일러 수리는 임대인이 맡는다."),
        ("산이 얼마나 높은가요?", "정상은 해발 삼천 미터에 있다."),
        ("머리가 아플 때 무엇을 먹나요?", "아스피린은 통증을 덜어 준다."),
        ("화가는 어디에서 태어났나요?", "그 예술가는 피렌체 근처 마을 출신이다."),
        ("새는 어떻게 하늘에 떠 있나요?", "날개와 깃털이 바람을 밀어 비행한다."),
        ("기차가 왜 늦었나요?", "신호 장애로 철도 운행이 지연되었다."),
        ("어느 팀이 이겼나요?", "홈 구단이 두 골을 넣어 경기에서 승리했다."),
        ("빵은 어떻게 만드나요?", "밀가루 반죽을 발효시켜 오븐에 굽는다."),
    ),
}


def strength(embedder: Embedder, language: str) -> float:
    """Return how well a model knows a language, from 0 (noise) to 1. Raises MaruError of the embedder.

    Of the starter's English all questions find their answer, and 1 is what its weight was chosen for; of
    a small static model's 7 in 10, and with a fourth of the weight it does no harm.
    """
    return max(0.0, (share_found(embedder, language) - KNOWS) / (1 - KNOWS))


def share_found(embedder: Embedder, language: str) -> float:
    """Return the share of the questions whose nearest passage is their answer."""
    pairs = PAIRS[language]
    questions = [_numbers(embedder.question(question)) for question, _ in pairs]
    passages = [_numbers(one) for one in embedder.passages([passage for _, passage in pairs])]
    right = 0
    for number, question in enumerate(questions):
        near = [sum(a * b for a, b in zip(question, passage, strict=True)) for passage in passages]
        right += near.index(max(near)) == number
    return right / len(pairs)


def _numbers(vector: bytes) -> Sequence[float]:
    return memoryview(vector).cast("f")
