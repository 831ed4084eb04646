"""The public list of certified schools, and what a school shows of its certificate."""
