//! The equipment register: which sensors, signals, trackers and coverage the province has where.
