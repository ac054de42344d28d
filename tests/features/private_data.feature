# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: Personal data stays with me
  What could identify a person is hidden before a model sees it, and shown again in the answer.

  Scenario Outline: My question holds personal data
    When I ask "echo: Please remember <value> for me."
    Then the model has not seen "<value>"
    And the model has seen "<instead>"
    And the answer contains "<value>"
    And Maru says that it hid 1 <kind>

    Examples:
      | value               | instead  | kind          |
      | kim@example.co.kr   | [EMAIL_1] | EMAIL        |
      | 010-1234-5678       | [PHONE_1] | PHONE        |
      | 4111 1111 1111 1111 | [CARD_1]  | CARD         |

  Scenario: The same person has the same name throughout a conversation
    When I ask "echo: My address is kim@example.com."
    And I go on with "echo: Is kim@example.com the same as lee@example.com?"
    Then the model has seen "Is [EMAIL_1] the same as [EMAIL_2]?"
    And the answer contains "Is kim@example.com the same as lee@example.com?"

  Scenario: A document holds personal data
    Given a note "plumber.md" that says "The plumber Ivo is reached at 010-1234-5678 after work."
    When I ask "How is the plumber Ivo reached after work? echo: He is reached at [PHONE_1] after work."
    Then the model has not seen "010-1234-5678"
    And the sources show "010-1234-5678"

  Scenario: In Korean the names are Korean
    When I ask "echo: 제 메일은 kim@example.co.kr로 보내 주세요"
    Then the model has not seen "kim@example.co.kr"
    And the model has seen "[이메일_1]로"
    And the answer contains "kim@example.co.kr로"
