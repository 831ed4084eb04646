"""Measures how long it takes to compare two texts of 200 pages, including the worst cases.

.venv/bin/python -m benchmarks.differences
"""

import time

from tests.prepare.documents.test_rules_of_papers import compared, hard_texts


def main() -> None:
    """Print the CPU time of each comparison."""
    for name, (old, new) in hard_texts().items():
        before = time.process_time()
        passages = compared(old, new)
        print(f"{name:16} {time.process_time() - before:6.2f} s  {len(passages):6} passages")


if __name__ == "__main__":
    main()
