//! An office wherever it is kept: the store of either kind, the place of one, and the way from one to another. It knows
//! both databases, and asks neither in a language of its own.

mod any;
mod copy;
mod place;

pub use any::AnyStore;
pub use copy::copy;
pub use place::Place;
