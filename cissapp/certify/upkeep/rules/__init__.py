"""Rules for the upkeep of certificates: dates, people, and the living facts."""
