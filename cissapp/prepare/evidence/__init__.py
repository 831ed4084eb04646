"""What the school shows: policy documents, the reporting mechanism, the self-assessment."""
