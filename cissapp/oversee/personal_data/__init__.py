"""Personal data: the data map, a person's export and erasure, and timely deletion."""
