# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: Asking of whole documents, and going on
  What is asked of a whole document is not answered from five snippets, and a question may lean on the one before.

  Scenario: A summary rests on the whole document
    Given my documents hold "lease.pdf"
    And my documents hold "letter.md"
    When I ask "Summarise the lease"
    Then Maru says that the whole of "lease.pdf" was read
    And the model saw "is made on March 3, 2025" and "Witness: Ansel Okoro"

  Scenario: Every date is listed, each with its page
    Given my documents hold "lease.pdf"
    When I ask "List all dates in the lease"
    Then the answer contains "March 31, 2027"
    And the answer contains "February 2025"
    And the answer is cited from pages 1, 2, 3 and 7 of "lease.pdf"

  Scenario: Maru asks which document is meant
    Given my documents hold "lease.pdf"
    And my documents hold "letter.md"
    When I ask "Summarise the document"
    Then Maru asks which document I mean
    When I go on with "the letter"
    Then Maru says that the whole of "letter.md" was read

  Scenario: A question that leans on the one before
    Given my documents hold "lease.pdf"
    And I asked "How much is the monthly rent?"
    When I go on with "And the deposit?"
    Then Maru says that it searched for "monthly rent deposit"
    And the first source is from page 2 of "lease.pdf" and contains "1,700"
