"""What pages are written with: sentences and tables whose numbers come from records, and the card at their head."""

from replicate.report.card import answer_card
from replicate.report.pivot import pivot
from replicate.report.say import say

__all__ = ["answer_card", "pivot", "say"]
