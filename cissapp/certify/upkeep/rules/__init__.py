"""Rules of the time after a certificate's issue: days, people, and the facts that live."""
