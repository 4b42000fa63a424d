"""The experiments of Quinn and McQueen, Front. Electron. Mater. 2, 893797 (2022)."""
