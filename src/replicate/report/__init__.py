"""What pages are written with: sentences whose numbers come from records."""

from replicate.report.say import say

__all__ = ["say"]
