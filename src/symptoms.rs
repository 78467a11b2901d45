//! From symptom to cause to cure: one table.
