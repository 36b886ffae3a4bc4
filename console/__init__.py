"""The console: what operators, managers and auditors see and do. It speaks to cases through doors."""
