"""The public register of certified schools, the live badge, the page to share, certificates in bulk."""
