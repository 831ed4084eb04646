"""Which acts are sensitive, who is notified of them, and what two people must agree on."""
