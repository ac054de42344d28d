# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: Nothing is ever lost, and what I wipe is gone
  Snapshots bring an earlier state back; what is deleted for good is in no file.

  Scenario: I go back to a snapshot, and forward again
    Given I asked "echo: the first question"
    And a snapshot was taken
    And I asked "echo: the second question"
    When I restore the snapshot
    Then my conversations are "echo: the first question"
    When I restore the state that was set aside
    Then my conversations are "echo: the second question, echo: the first question"

  Scenario: My conversations are damaged
    Given I asked "echo: the first question"
    And a snapshot was taken
    When the file of my conversations is damaged
    Then Maru does not start and offers the snapshot
    When I restore what is offered
    Then my conversations are "echo: the first question"
    And the damaged file is still there

  Scenario: What I wipe is told to be in a snapshot, and gone from there if I want
    Given I asked "echo: the first question"
    And a snapshot was taken
    When I wipe the conversation
    Then I read until when a snapshot keeps it
    When I restore the snapshot
    And I wipe the conversation from the snapshots too
    Then no snapshot keeps it
    And I have no conversations

  Scenario: A newer Maru was here
    Given my documents hold "lease.pdf"
    And I asked "echo: the first question"
    When a newer Maru has changed my conversations
    Then I can read "echo: the first question" and search my documents for "rent"
    And asking and adding are refused, with the reason
