//! What of a text must never be shown.
