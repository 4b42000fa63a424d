"""A user's own data: train on them, see the errors, save the model, predict with it."""
