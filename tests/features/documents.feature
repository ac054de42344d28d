# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: Documents in the window
  What a person does with documents: keeps them in collections, opens protected ones, sees what went wrong, finds.

  Background:
    Given the window is open

  Scenario: A collection keeps up with its folder
    When I make the collection "School"
    And I give it a folder that holds "ferry.html"
    Then the documents panel lists "ferry.html"
    And the folder is shown as watched
    When "letter.md" comes into that folder from outside
    Then the documents panel lists "ferry.html, letter.md"
    When I drop "lease.pdf" on the window
    And I choose that only "School" is searched
    Then the composer says "Searching School"

  Scenario: A file that is set aside says why, and is read when I ask for it once more
    When I drop a damaged "lease.pdf" on the window
    Then "lease.pdf" is set aside because it "is damaged or not what its name says"
    When the file is made whole and I press "Try again"
    Then "lease.pdf" is read, with 7 pages

  Scenario: A protected file is read with its password
    When I drop "protected.pdf" on the window
    Then "protected.pdf" is set aside because it "is protected by a password"
    When I give the password "six rivers"
    Then "protected.pdf" is set aside because it "The password does not open protected.pdf"
    When I give the password "여덟 rivers"
    Then "protected.pdf" is read, with 1 page

  Scenario: A file for one conversation alone
    When I drop "lease.pdf" for this conversation alone
    Then the composer says "Searching 1 file of this conversation"
    When I ask "How much is the monthly rent? Say echo: The monthly rent is USD 850."
    Then the answer is cited from page 2 of "lease.pdf"
    When I begin another conversation
    Then no documents are searched
    When I go back to my first conversation
    Then the composer says "Searching 1 file of this conversation"

  Scenario: Search without the model, and why a file was not used
    When I drop "lease.pdf" on the window
    And I drop "story.epub" on the window
    And I look for "monthly rent" without the model
    Then the first passage found is from page 2 of "lease.pdf"
    And it says that "monthly" and "rent" stand in it
    When I ask why "story.epub" was not used
    Then the search panel says that passages of "lease.pdf" fit better than "story.epub"
    When I press the first passage
    Then page 2 of "lease.pdf" is shown with the passage marked
