"""The components of an installation and their state: settings file, keys, required services, runs."""
