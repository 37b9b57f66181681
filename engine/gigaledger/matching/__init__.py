"""Which deals a site may serve: proposals of claims, scored and explained, never applied unasked."""

from gigaledger.matching.proposing import Proposal, accept, propose

__all__ = ["Proposal", "accept", "propose"]
