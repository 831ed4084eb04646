"""Changes of people: a head hands over, a lost coordinator is replaced, two people agree on an act."""
