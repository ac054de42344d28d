# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
"""Texts with personal data in them and texts that merely look so, by type: (text, value) and near misses."""

from assistant.entities import EntityType as Kind

HEX = "0123456789abcdef"
JSON_WEB_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
)
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nx+y/z==\n-----END RSA PRIVATE KEY-----"

EVERYWHERE = {
    Kind.IBAN: [
        ("IBAN GB82 WEST 1234 5698 7654 32.", "GB82 WEST 1234 5698 7654 32"),
        ("계좌 DE89370400440532013000으로", "DE89370400440532013000"),
        ("FR14 2004 1010 0505 0001\n3M02 606", "FR14 2004 1010 0505 0001\n3M02 606"),
        ("SE3550000000054910000003\nUTR", "SE3550000000054910000003"),
    ],
    Kind.SWIFT: [
        ("SWIFT: DEUTDEFF500", "DEUTDEFF500"),
        ("스위프트 코드는 KOEXKRSE입니다", "KOEXKRSE"),
        ("BIC\tNWBKGB2L", "NWBKGB2L"),
    ],
    Kind.IP: [
        ("서버는 203.0.113.195입니다", "203.0.113.195"),
        ("192.168.0.12", "192.168.0.12"),
        ("the host 10.0.0.7 is down", "10.0.0.7"),
        ("http://8.8.4.4/x", "8.8.4.4"),
        ("ping 2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334"),
        ("2404:a6c9:f92d:103:26f:1:2:3로", "2404:a6c9:f92d:103:26f:1:2:3"),
    ],
    Kind.MAC: [
        ("MAC 00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
        ("ff-9f-e1-6c-1c-c6로", "ff-9f-e1-6c-1c-c6"),
        ("001a.2b3c.4d5e", "001a.2b3c.4d5e"),
        ("MAC 주소 001A2B3C4D5E", "001A2B3C4D5E"),
    ],
    Kind.COORDINATES: [
        ("37.5665, 126.9780", "37.5665, 126.9780"),
        ("위치는 -33.8688,151.2093입니다", "-33.8688,151.2093"),
        ("GPS 51.50, -0.12", "51.50, -0.12"),
        ("37°33'59\"N 126°58'41\"E", "37°33'59\"N 126°58'41\"E"),
    ],
    Kind.CRYPTO: [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("지갑은 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy로", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
        ("0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe", "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe"),
    ],
    Kind.BIRTH_DATE: [
        ("생년월일: 1990년 3월 12일", "1990년 3월 12일"),
        ("생년월일 900312", "900312"),
        ("She was born on March 12, 1990 in", "March 12, 1990"),
        ("DOB 12/03/1990", "12/03/1990"),
        ("date of birth: 12\nMar 1990", "12\nMar 1990"),
        ("1990. 3. 12. 출생", "1990. 3. 12"),
        ("홍길동, 1985년 5월 5일생", "1985년 5월 5일"),
    ],
}
KOREA = {
    Kind.KR_BUSINESS: [
        ("사업자등록번호 116-82-00276", "116-82-00276"),
        ("116-82-00276입니다", "116-82-00276"),
        ("business_number: 116 82 00276", "116 82 00276"),
        ("사업자번호 1168200276", "1168200276"),
    ],
    Kind.KR_CORPORATION: [
        ("법인등록번호 110111-1234567", "110111-1234567"),
        ("Corporate reg. no.: 1101110003122", "1101110003122"),
        ("법인 등록번호는 110111–0003122", "110111–0003122"),
    ],
    Kind.KR_DRIVER: [
        ("11-12-345678-90", "11-12-345678-90"),
        ("운전면허 서울 12-345678-90", "서울 12-345678-90"),
        ("면허는 전남0251224591", "전남0251224591"),
        ("driverLicense: 111234567890", "111234567890"),
    ],
    Kind.KR_HEALTH: [
        ("건강보험증 번호 1-2345678901", "1-2345678901"),
        ("NHIS number 23456789012", "23456789012"),
        ("보험증번호: 5 4007568894", "5 4007568894"),
    ],
    Kind.PASSPORT: [
        ("여권번호 M12345678로", "M12345678"),
        ("M123A4567", "M123A4567"),
        ('{"passportNumber":"YN9272151"}', "YN9272151"),
        ("My passport number is C01X00T47.", "C01X00T47"),
    ],
    Kind.BANK_ACCOUNT: [
        ("국민은행 123456-01-123456 홍길동", "123456-01-123456"),
        ("카카오뱅크 3333-01-1234567로 입금", "3333-01-1234567"),
        ("신한 110-123-456789", "110-123-456789"),
        ("계좌번호: 3020123456781", "3020123456781"),
        ("accountNumber: 100-038-431806", "100-038-431806"),
        ("account number 12345678", "12345678"),
    ],
    Kind.PLATE: [
        ("12가 3456 차량", "12가 3456"),
        ("123허4567", "123허4567"),
        ("서울 12가 3456", "서울 12가 3456"),
        ("number plate AB12 CDE", "AB12 CDE"),
        ("license plate: 7ABC123", "7ABC123"),
    ],
    Kind.PHONE: [
        ("공일공 일이삼사 오육칠팔이에요", "공일공 일이삼사 오육칠팔"),
        ("공일공에 일이삼사에 오육칠팔로 전화", "공일공에 일이삼사에 오육칠팔"),
        ("영일영-일이삼사-오육칠팔", "영일영-일이삼사-오육칠팔"),
        ("공일공 일이삼사 오육칠이입니다", "공일공 일이삼사 오육칠이"),
        ("공일공일이삼사오육칠이로", "공일공일이삼사오육칠이"),
        ("010-일이삼사-5678", "010-일이삼사-5678"),
        ("공이 일이삼 사오육칠", "공이 일이삼 사오육칠"),
        ("제 번호는 1544-0043입니다", "1544-0043"),
    ],
    Kind.KR_RRN: [
        ("구공공일공일 다시 일이삼사오육칠입니다", "구공공일공일 다시 일이삼사오육칠"),
        ("홍길동(9001011234567)", "9001011234567"),
    ],
}
ABROAD = {
    Kind.NATIONAL_ID: [
        ("SSN 536-90-4399", "536-90-4399"),
        ("social security 536 90 4399", "536 90 4399"),
        ("AB123456C", "AB123456C"),
        ("NI number AB 12\n34 56 C", "AB 12\n34 56 C"),
        ("NHS 943 476 5870", "943 476 5870"),
        ("환자 NHS 번호 9434765870", "9434765870"),
        ("NIR 2 95 10 99 126 111 93", "2 95 10 99 126 111 93"),
        ("RCCMNL83S18D969H", "RCCMNL83S18D969H"),
        ("DNI 54362315K", "54362315K"),
        ("NIE X-2482300W", "X-2482300W"),
        ("BSN 111222333", "111222333"),
        ("PESEL 44051401359", "44051401359"),
        ("personnummer 880320-0016", "880320-0016"),
        ("131052-308T", "131052-308T"),
        ("CPR 211062-5629", "211062-5629"),
        ("85.07.30-033.28", "85.07.30-033.28"),
        ("SVNR 1237 010180", "1237 010180"),
        ("PPS 6433435F", "6433435F"),
        ("My Number 6214 9832 0257", "6214 9832 0257"),
        ("360426199101010071", "360426199101010071"),
        ("756.9217.0769.85", "756.9217.0769.85"),
    ],
    Kind.TAX_NUMBER: [
        ("EIN 91-1144442", "91-1144442"),
        ("ITIN 912-90-3456", "912-90-3456"),
        ("UTR 19558 39661", "19558 39661"),
        ("Steuer-ID 36 574 261 809", "36 574 261 809"),
        ("Steuernummer 181/815/08155", "181/815/08155"),
        ("BE697449992", "BE697449992"),
        ("VAT FR 61 954 506 077", "FR 61 954 506 077"),
        ("NIP 856-734-62-15", "856-734-62-15"),
        ("NIF 501 964 843", "501 964 843"),
        ("Japanese corporate number 5-8356-7825-6246", "5-8356-7825-6246"),
        ("91110000600037341L", "91110000600037341L"),
    ],
}
SECRETS = {
    Kind.PRIVATE_KEY: [
        (f"key:\n{PEM}\nend", PEM),
        (PEM.replace("\n", "\\n"), PEM.replace("\n", "\\n")),
    ],
    Kind.TOKEN: [
        *(
            (f"{token}로", token)
            for token in (
                "AKIA" + "IOSFODNN7EXAMPLE",
                "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
                "ghp_" + "a1B2" * 9,
                "github_pat_" + "a1B2c3" * 5,
                "glpat-" + "a1B2c3d4e5F6g7H8i9J0",
                "xoxb-" + "1234567890-abcdefABCDEF",
                "sk_live_" + "a1B2c3d4e5F6g7H8",
                "sk-proj-" + "a1B2c3d4e5F6g7H8i9J0",
                "sk-ant-api03-" + "a1B2c3d4e5F6g7H8i9J0",
                "hf_" + "a1B2c3d4e5" * 3 + "Abcd",
                "npm_" + "a1B2c3" * 6,
                "pypi-" + "AgEIcHlwaS5vcmcCJ",
                "SG." + "a1B2c3d4e5F6g7H8i9J0k1." + "a1B2c3d4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1v",
                "AC" + HEX * 2,
                "123456789:AA" + "a1B2c3d4e5F6g7H8i9J0k1L2m3N4o5P6q",
            )
        ),
        (f"Authorization: Bearer {JSON_WEB_TOKEN}", JSON_WEB_TOKEN),
        (f'api_key = "{HEX}{HEX}"', HEX + HEX),
        (f"API 키는 {HEX}A1b2입니다", f"{HEX}A1b2"),
        (f"| Access token | {HEX}{HEX} |", HEX + HEX),
    ],
    Kind.PASSWORD: [
        ("비밀번호는 hunter2입니다", "hunter2"),
        ("비밀번호: 1q2w3e4r!", "1q2w3e4r!"),
        ("password: Tr0ub4dor&3", "Tr0ub4dor&3"),
        ("pw=abc!234", "abc!234"),
        ("Wi-Fi password (qwer9012)?", "qwer9012"),
        ("비번 hunter22", "hunter22"),
        ("The password for the router is Blue-42-fish.", "Blue-42-fish"),
        ("Zx9!kLm2 is my new password", "Zx9!kLm2"),
        ("dbPassword=Xy12zz", "Xy12zz"),
    ],
    Kind.CONNECTION: [
        (
            "postgres://user:s3cret@db.example.com:5432/app 입니다",
            "postgres://user:s3cret@db.example.com:5432/app",
        ),
        ("mongodb+srv://a:b1c2@c.example.net/x?y=z로", "mongodb+srv://a:b1c2@c.example.net/x?y=z"),
        ("Server=db,1433;User Id=me;Password=abc123;", "Server=db,1433;User Id=me;Password=abc123;"),
        ("jdbc:mysql://db/x?user=a&password=b2", "jdbc:mysql://db/x?user=a&password=b2"),
        ("host=db user=me password=x1y2", "host=db user=me password=x1y2"),
    ],
}

# Nothing personal in any of them.
NEAR_MISSES = [
    "GB82 WEST 1234 5698 7654 33",  # the check digits are wrong
    "SWIFT PAYMENTS are slow",
    "DEUTDEFF",
    "version 10.0.5.2",
    "react@5.2.8.3",
    "8.6.9.3 태그를 붙였어요",
    "127.0.0.1",
    "12:30:45",
    "std::vector::size",
    "point (2, 66) of 3.14, 2.71",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdr",
    "2024년 3월 12일 회의",
    "born in 1990",
    "116-82-00277",
    "여권 사진은 35mm",
    "1-2345678901",
    "123456-01-123456",
    "12개 3456원",
    "2024년 1234명",
    "943 476 5870",
    "NHS 943 476 5871",
    "order 131052-308X",
    "BE697449993",
    "360426199101010072",
    "password=${DB_PASSWORD}",
    'password="${DB_PASSWORD}"',
    "password: ********",
    "password: <your password>",
    "The password is required.",
    "password = get_password()",
    "비밀번호를 잊으셨나요?",
    "비밀번호는 8자 이상이어야 합니다",
    "암호 AES-256 방식",
    "비밀번호 정책은 ISO27001을 따릅니다",
    "a::b",
    "a file begins with -----BEGIN PRIVATE KEY----- as its header",
    "api_key = YOUR_API_KEY_HERE",
    "https://example.com/a:b@c",
    "postgres://localhost:5432/app",
    "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
    "1592-1598년 임진왜란 문의",
    "전화기 무게는 388g, 가격은 64483599원입니다",
    "이 일이 사이에 오사 삼일",
    "ISSN 1588-1234",
    "주문 ORD-2018-39247 전화",
    "The EAN is 8802031093387",
]
