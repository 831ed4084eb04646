"""Keys, signatures and time stamps: PAdES files, and what is signed for machines."""
