"""The rules of billing as pure functions: facts and knowledge in, a reasoned ruling out."""
