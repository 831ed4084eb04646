"""What an installation is made of and how it stands: settings file, keys, services that it needs, runs."""
