# SPDX-FileCopyrightText: 2026 The Maru authors
# SPDX-License-Identifier: Apache-2.0
Feature: The window
  What a person does on the first day, with real keys and a real mouse.

  Background:
    Given the window is open

  Scenario: The first start says what Maru is
    Then the welcome says that nothing leaves this computer
    And the welcome names the model

  Scenario: An answer from my documents, and where it stands
    When I drop "lease.pdf" on the window
    Then the documents panel lists "lease.pdf" with its pages and passages
    When I type "How much is the monthly rent? Say echo: The monthly rent is USD 850." and press Enter
    Then the sources came before the first word
    And the answer on the screen is "The monthly rent is USD 850."
    When I click the citation
    Then page 2 of "lease.pdf" is shown with the passage marked
    When I press "Copy with sources"
    Then the clipboard holds the answer, its marker and "lease.pdf, page 2"

  Scenario: I stop an answer in the middle
    When I choose Creative
    And I type "long and winding" and press Enter
    And I press Stop after the first words
    Then what was written stays and is marked as stopped
    And the answer was made with the preset "creative"

  Scenario: I change a question and look at both versions
    When I type "echo: first try" and press Enter
    And I change the question to "echo: second try"
    Then the answer on the screen is "second try"
    And the question is version "2 / 2"
    When I press "Older version"
    Then the answer on the screen is "first try"
    And the question is version "1 / 2"

  Scenario: I quit and start again
    When I type "echo: The ferry leaves at seven." and press Enter
    And I drop "letter.md" on the window
    And I close the window and open it again
    And I click my conversation
    Then the answer on the screen is "The ferry leaves at seven."
    And the documents panel lists "letter.md" with its pages and passages

  Scenario: The engine dies in the middle of an answer
    When I type "long and winding" and press Enter
    And the engine is killed after the first words
    Then the window says in one sentence that the engine ended
    And the question and the first words are still there
    When I type "echo: I am back." and press Enter
    Then the answer on the screen is "I am back."

  Scenario: A model that cannot be loaded brings the one before back
    When I drop a model that is damaged on the window
    Then the window says that the file is damaged and that "SmolLM2 135M" answers again
    When I type "echo: Still here." and press Enter
    Then the answer on the screen is "Still here."

  Scenario: What no longer fits is said and listed
    When I give the model a context window of 512 tokens
    And I ask it to repeat 100 words
    And I type "echo: And now?" and press Enter
    Then the answer says that 2 earlier messages were left out
    And pressing that line lists the first words of each

  Scenario: A question that is too long is refused where it stands, and helped
    When I give the model a context window of 512 tokens
    And I ask it to repeat 400 words
    Then the answer says with numbers that the question does not fit
    When I press the button that offers a larger context
    Then the 400 words are repeated

  Scenario: A model that thinks first
    When I type "think: The lease says it. echo: It is 850." and press Enter
    Then the answer on the screen is "It is 850."
    And its thinking is folded away above it
    When I unfold the thinking with the keyboard
    Then the thinking reads "The lease says it."

  Scenario: How full the context is and how sure the model was
    When I type "echo: It is perhaps 850." and press Enter
    Then the answer on the screen is "It is perhaps 850."
    And the meter under the composer tells how many tokens of how many are used
    And how fast it was stands under the answer
    When I press "Show unsure words"
    Then the word "perhaps" is underlined and says "30 %"
