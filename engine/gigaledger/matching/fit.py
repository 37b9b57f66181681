"""The weights of the score, fitted to the bundled claims: `python -m gigaledger.matching.fit > weights.csv`."""

from __future__ import annotations

import csv
import sys

from gigaledger.ledger import open_ledger
from gigaledger.matching.features import FEATURES
from gigaledger.matching.pairs import candidates
from gigaledger.matching.scoring import all_pairs, fitted


def main() -> None:
    """Print the weights."""
    pairs = all_pairs(candidates(open_ledger()))
    weights = fitted(pairs.features, pairs.is_claimed)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["feature", "weight"])
    writer.writerows([name, f"{weight:.3f}"] for name, weight in zip([*FEATURES, "constant"], weights, strict=True))


if __name__ == "__main__":
    main()
