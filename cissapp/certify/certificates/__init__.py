"""Certificates: the register, the signed file, verification, suspension, withdrawal."""
