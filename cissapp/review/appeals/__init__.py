"""Appeals of a school against a decision, heard by people who took no part in it."""
