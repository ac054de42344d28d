# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: Collections of documents
  My documents live in folders. Maru keeps up with them, and a conversation looks where I say.

  Scenario: A folder is kept up with
    Given a folder "Flat" with a note "rent.md" that says "The monthly rent is USD 850."
    When I give the folder to the collection "Flat"
    Then "rent.md" is found by "monthly rent"
    When the note "rent.md" says "The monthly rent is USD 900." from now on
    Then what is found by "monthly rent" says "USD 900"
    When the note "rent.md" is renamed to "lease.md"
    Then "lease.md" is found by "monthly rent"
    When the note "lease.md" is deleted
    Then nothing is found by "monthly rent"

  Scenario: What I change while Maru is closed
    Given a folder "Flat" with a note "rent.md" that says "The monthly rent is USD 850."
    When I give the folder to the collection "Flat"
    Then "rent.md" is found by "monthly rent"
    When I quit Maru
    And the note "rent.md" says "The monthly rent is USD 900." from now on
    And I start Maru again
    Then what is found by "monthly rent" says "USD 900"

  Scenario: A conversation looks where I say
    Given a folder "Flat" with a note "rent.md" that says "The monthly rent is USD 850."
    When I give the folder to the collection "Flat"
    Then "rent.md" is found by "monthly rent"
    And a conversation that uses all collections finds "rent.md"
    And a conversation that uses only the collection "Work" finds nothing
    And a conversation that uses no collection finds nothing

  Scenario: A file for one conversation alone
    Given a folder "Flat" with a note "rent.md" that says "The monthly rent is USD 850."
    When I drop the note "rent.md" into a conversation
    Then that conversation finds "rent.md"
    And another conversation finds nothing
    When I delete that conversation for good
    Then nothing of the note "rent.md" is left
