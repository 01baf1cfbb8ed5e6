//! Published benchmarks of signal control: networks and demand of CityFlow (Jinan, Hangzhou), run by the protocol that the papers use.
//!
//! The protocol (LLMLight, KDD 2025): one hour, four phases (straight on from west and east, from south and north, left turns from west and
//! east, from south and north), right turns always free, a choice every 30 s or 15 s whose first 5 s are yellow when the phase changes. The
//! papers' average travel time is over the vehicles that were seen on a road to a signal, of the time they spent on such roads, up to the end
//! of the hour: time within intersections, on the roads out of the network and before entering does not count.

pub mod judge;
pub mod protocol;
pub mod track;

pub use judge::checks;
