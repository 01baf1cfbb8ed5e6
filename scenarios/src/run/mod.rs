//! One run: a scenario in, measurements and indicators out.
