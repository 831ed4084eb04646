"""What a school has said that is printed: offices, numbers, ways; confirmed when, and which papers carry it."""
