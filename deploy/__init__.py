"""What a deployment's short-lived containers run."""
