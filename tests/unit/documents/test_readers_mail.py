# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Messages, mailboxes and web archives: their words, and the documents that they carry."""

import base64
import struct
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

from assistant.documents.protocol import PlaceText
from assistant.documents.splitter import Splitter
from assistant.errors import DocumentError
from assistant.passages import PlaceKind
from tests.pdf_files import pdf
from tests.reader_files import ole, read, text_of, xlsx

DATA = Path(__file__).parents[2] / "data"


def message(subject: str = "안건", words: str = "내일 만납시다.") -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "김 <kim@example.org>", "lee@example.org"
    made["Date"] = "Tue, 5 Mar 2024 09:00:00 +0900"
    made.set_content(words)
    return made


def written(path: Path, made: EmailMessage) -> Path:
    path.write_bytes(made.as_bytes())
    return path


def test_a_message_is_its_head_and_its_words(tmp_path: Path) -> None:
    found = read(written(tmp_path / "a.eml", message()))
    (place,) = found.places
    assert (found.title, place.place.kind, place.place.label) == ("안건", PlaceKind.MESSAGE, "안건")
    assert place.text == (
        "Subject: 안건\nFrom: 김 <kim@example.org>\nTo: lee@example.org\n"
        "Date: Tue, 05 Mar 2024 09:00:00 +0900\n\n내일 만납시다."
    )


def test_attached_documents_are_further_places_named_after_them(tmp_path: Path) -> None:
    made = message()
    sheet = xlsx(
        tmp_path / "x.xlsx", '<row r="2"><c r="B2" t="inlineStr"><is><t>값</t></is></c></row>'
    ).read_bytes()
    for name, content in (
        ("임대차 계약.pdf", pdf("First page", "Second page")),
        ("표.xlsx", sheet),
        ("메모.txt", "완성형 메모입니다.".encode("cp949")),
        ("그림.png", b"\x89PNG\r\n\x1a\n"),
    ):
        made.add_attachment(content, "application", "octet-stream", filename=name)
    found = read(written(tmp_path / "a.eml", made))
    assert "Attachments: 임대차 계약.pdf, 표.xlsx, 메모.txt, 그림.png" in found.places[0].text
    labels = [(place.place.label, place.place.kind, place.place.page) for place in found.places[1:]]
    assert labels == [
        ("임대차 계약.pdf", PlaceKind.SECTION, 1),
        ("임대차 계약.pdf", PlaceKind.SECTION, 2),
        ("표.xlsx > 가격!B2:B2", PlaceKind.SHEET, None),
        ("메모.txt", PlaceKind.SECTION, None),
    ]
    assert [place.place.ordinal for place in found.places] == list(range(5))
    assert found.places[2].place.shown() == "임대차 계약.pdf, page 2"
    assert found.places[-1].text == "완성형 메모입니다."


def test_a_message_within_a_message_is_read_to_a_depth(tmp_path: Path) -> None:
    made = message("0", "words 0")
    for depth in range(1, 8):
        outer = message(str(depth), f"words {depth}")
        outer.add_attachment(made)
        made = outer
    words = text_of(read(written(tmp_path / "a.eml", made)))
    assert "words 7" in words
    assert "words 3" in words
    assert "words 1" not in words


def test_of_alternatives_the_plain_words_are_taken_and_the_page_only_alone(tmp_path: Path) -> None:
    both = message(words="plain words")
    both.add_alternative("<p>page <b>words</b></p>", subtype="html")
    assert "page words" not in text_of(read(written(tmp_path / "a.eml", both)))
    page = message()
    page.set_content("<p>page <b>words</b></p><style>p {}</style>", subtype="html")
    assert text_of(read(written(tmp_path / "b.eml", page))).endswith("\n\npage words")


@pytest.mark.parametrize(
    ("charset", "encoding", "words"),
    [
        ("ks_c_5601-1987", "cp949", "똠방각하 안내"),
        ("euc-kr", "cp949", "펲시"),
        ("iso-2022-jp", "iso2022_jp", "日本語のメール"),
        ("gb2312", "gb18030", "合同說明"),
        ("us-ascii", "cp949", "보내는 곳이 거짓말을 합니다"),
        ("no-such-charset", "utf-8", "한글"),
    ],
)
def test_words_are_decoded_by_what_the_message_says_or_by_what_they_are(
    tmp_path: Path, charset: str, encoding: str, words: str
) -> None:
    file = tmp_path / "a.eml"
    head = f"Subject: =?{encoding if encoding != 'gb18030' else 'gbk'}?B?{b64(words, encoding)}?=\n"
    file.write_bytes(
        f"{head}Content-Type: text/plain; charset={charset}\n\n".encode() + words.encode(encoding)
    )
    found = read(file)
    assert found.places[0].text == f"Subject: {words}\n\n{words}"


def b64(words: str, encoding: str) -> str:
    return base64.b64encode(words.encode(encoding)).decode()


def test_names_and_subjects_in_bare_bytes_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    words = (
        "Subject: 회의 안건입니다\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n본문입니다\n--b\n"
        'Content-Type: text/plain; name="회의록 초안.txt"\nContent-Disposition: attachment\n\n초안\n--b--\n'
    )
    file.write_bytes(words.encode("cp949"))
    found = read(file)
    assert found.title == "회의 안건입니다"
    assert [place.place.label for place in found.places] == ["회의 안건입니다", "회의록 초안.txt"]


def test_obsolete_and_broken_messages_are_still_read(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(
        b"\r\nSubject  : Old\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nwords"
    )
    found = read(file)
    assert found.title == "Old"
    assert "words" in text_of(found)


def test_a_mailbox_is_its_messages_one_after_the_other(tmp_path: Path) -> None:
    with_note = message("둘")
    with_note.add_attachment("쪽지".encode(), "text", "plain", filename="쪽지.txt")
    mailbox = b"".join(
        b"From kim@example.org Tue Mar  5 09:00:00 2024\n" + made.as_bytes() + b"\n>From here on\n\n"
        for made in (message("하나"), with_note)
    )
    (tmp_path / "a.mbox").write_bytes(mailbox)
    found = read(tmp_path / "a.mbox")
    assert [place.place.label for place in found.places] == ["하나", "둘", "쪽지.txt"]
    assert "\nFrom here on" in found.places[0].text


def test_a_web_archive_gives_its_page_and_its_frames(tmp_path: Path) -> None:
    file = tmp_path / "a.mhtml"
    page = (
        "<html><head><title>공지</title></head><body><h1>안내</h1><p>본문=EC</p><iframe src='cid:1'></iframe>"
    )
    inner = "<p>틀 안</p>".encode("cp949").decode("latin-1")
    file.write_bytes(
        b"From: <Saved>\r\nSubject: x\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode() + b"\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0=\r\n"
        b"--b\r\nContent-Type: text/html; charset=euc-kr\r\n\r\n" + inner.encode("latin-1") + b"\r\n--b--\r\n"
    )
    found = read(file)
    assert found.title == "공지"
    assert found.places[0].place.label == "안내"
    assert text_of(found).split() == ["안내", "본문=EC", "틀", "안"]


@pytest.mark.parametrize("name", ["a.eml", "a.msg", "a.mbox", "a.mht"])
def test_what_is_no_message_says_so(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) if name == "a.msg" else b"no message")
    with pytest.raises(DocumentError, match=r"is damaged|holds no text"):
        read(file)


def test_an_outlook_message_of_others_is_read(shared_data: Path) -> None:
    found = read(next(shared_data.glob("documents/markitdown/**/test_outlook_msg.msg")))
    assert found.title == "Test Email Message"
    assert found.places[0].text == (
        "Subject: Test Email Message\nFrom: M. C. Kurtuluş test.sender@example.com\n"
        "To: test.recipient@example.com\nDate: 2024-12-22 08:23 UTC\n\n"
        "This is the body of the test email message"
    )


def test_an_older_outlook_message_is_read_by_what_its_strings_look_like(tmp_path: Path) -> None:
    sent = struct.pack("<IIQ", 0x00390040, 0, (1709600400 + 11644473600) * 10_000_000)
    streams = {
        "__properties_version1.0": bytes(32) + sent,
        "__substg1.0_0037001E": "회의 안건입니다".encode("cp949"),
        "__substg1.0_0C1A001F": "김민수".encode("utf-16-le"),
        "__substg1.0_10130102": b"<html><body><p>page <b>words</b></p></body></html>",
    }
    found = read(ole(tmp_path / "a.msg", streams))
    assert found.title == "회의 안건입니다"
    (place,) = found.places
    assert place.text == "Subject: 회의 안건입니다\nFrom: 김민수\nDate: 2024-03-05 01:00 UTC\n\npage words"


def test_the_same_document_is_cut_alike_alone_and_within_a_message(tmp_path: Path) -> None:
    lease = (DATA / "lease.pdf").read_bytes()
    made = message()
    made.add_attachment(lease, "application", "pdf", filename="lease.pdf")
    alone = read(DATA / "lease.pdf").places
    within = read(written(tmp_path / "a.eml", made)).places
    splitter = Splitter(lambda texts: [len(words.split()) for words in texts], 512)

    def pieces(places: Sequence[PlaceText], first: int = 0) -> list[str]:
        found = [one for some in splitter.split("Lease", places) for one in some]
        return [places[one.ordinal].text[one.start : one.end] for one in found if one.ordinal >= first]

    assert pieces(within, first=1) == pieces(alone)
