"""Benchmark applications: reviewers score the same invented schools, and see how far they agree."""
