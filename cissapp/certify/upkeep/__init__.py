"""The life of a certificate after its issue: confirmation, quorum, reminders, renewal."""
