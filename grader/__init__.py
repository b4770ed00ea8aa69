"""mngrade: grades network programs on emulated Mininet hosts."""
