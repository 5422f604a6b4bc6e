"""What a message names, and where: codes, minutes, clock times, people, days, payers."""
