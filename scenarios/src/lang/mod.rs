//! Vietnamese and English words of every table and message a user reads.
