"""What came out: records of runs, the numbers the papers print, and the rule that holds one against the other."""
