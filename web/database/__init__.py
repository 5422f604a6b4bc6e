"""The database: how it is opened, what its tables are made of, how it is brought up to date."""
