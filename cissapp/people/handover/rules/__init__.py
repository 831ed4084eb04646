"""Which acts weigh much, who else learns of them, and what two people must agree on."""
