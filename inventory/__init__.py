"""Makhazine (مخازن): the stores of a commune."""
