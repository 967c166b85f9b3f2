"""Privacy (隐私): what people tell the bot stands nowhere in clear."""
