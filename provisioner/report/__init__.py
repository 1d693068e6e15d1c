"""What a user sees: plans, progress and results as text, JSON lines or a live table. Listeners; they decide nothing."""
