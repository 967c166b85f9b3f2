"""``bench``: measures and prints Markdown; compare only figures of one run."""

from bench import first_answer


def main(_words: list[str]) -> int:
    """Run every benchmark."""
    return first_answer.main()
