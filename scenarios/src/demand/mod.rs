//! Demand: recorded counts, origin-destination tables, trip lists; routing; fitting one to the other.
