"""Keys, signatures and time stamps: signed PDF files (PAdES), and signed data for programs."""
