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

  Scenario: A model that fails to load leaves the one that answers
    Given a fresh machine
    When I chat without documents
    And I say "What is a lease?" and read the answer
    And I switch to a model file that is damaged
    Then I read that it cannot be used
    When I say "Who pays the rent?" and read the answer
    And I leave
    Then both answers came from the same model

  Scenario: Doctor says what runs where, and why
    Given a fresh machine
    When I run "maru doctor"
    Then it names the processor and the folder of models
    And it says how many of the model's layers are on a graphics card, and why not all of them
    And it says how large the context window is and how much memory the model takes
    And "maru doctor" tells programs the same

  Scenario: A model is brought in, fits, and is taken out again
    Given a fresh machine
    When I run "maru models" to bring in the starter under another name
    Then it is listed, with its hash, and fits
    When I run "maru models" to take it out again
    Then it is listed no more
