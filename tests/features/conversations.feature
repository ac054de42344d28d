# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: Conversations are kept
  Nothing that I wrote or was answered is lost, unless I delete it.

  Scenario: I quit and start again
    Given I asked "echo: The ferry leaves at seven."
    And my documents hold "letter.md"
    When I quit Maru and start it again
    Then my conversation is there with the answer "The ferry leaves at seven."
    And my documents are still "letter.md"

  Scenario: I edit a question
    Given I asked "echo: first try"
    When I change the question to "echo: second try"
    Then the answer is "second try"
    And there are 2 versions of the question
    When I go back to version 1
    Then the answer is "first try"

  Scenario: I ask the same question again
    Given I asked "echo: the answer"
    When I ask for another answer
    Then there are 2 versions of the answer

  Scenario: I stop an answer
    When I ask "long" and stop after the first words
    And I quit Maru and start it again
    Then the answer begins with "word0" and is marked as stopped

  Scenario: I find a conversation by a Korean word of two syllables
    Given I asked "echo: 이번 달 잔금은 다음 주에 보냅니다"
    And I asked "echo: something else"
    When I look for "잔금"
    Then one conversation is found, and it says "잔금은 다음 주에"

  Scenario: I delete a conversation and change my mind
    Given I asked "echo: precious"
    When I delete the conversation
    Then there is no conversation
    When I undo that
    Then my conversation is there with the answer "precious"
