# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: Maru in the terminal
  Everything that matters works without a window, for people and for programs.

  Scenario: From nothing to a cited answer
    Given a fresh machine
    When I run "maru add" on all sample documents
    Then every document is added
    When I run "maru ask" with "How much is the monthly rent?" and ask for JSON
    Then the last line is an answer that contains "850"
    And it cites page 2 of "lease.pdf"
    When I run "maru search" with "잔금"
    Then the first passage comes from "contract_ko.pdf"
    When I run "maru ask" with "Who is the president of France?"
    Then the answer begins with "Your documents do not say"
