//! What the fuzz targets share: how long an input may take, changes of structured input, an office on a folder.

pub mod change;
#[cfg(feature = "office")]
pub mod office;

use cpu_time::ProcessTime;
use std::time::Duration;

/// Of the processor, all threads together: whatever takes longer is a fault.
const LONGEST: Duration = Duration::from_secs(1);

/// Runs something that may not take long, however busy the machine is with other things.
///
/// # Panics
/// Where it took more of the processor than [`LONGEST`].
pub fn at_most<T>(run: impl FnOnce() -> T) -> T {
    let start = ProcessTime::now();
    let answer = run();
    let took = start.elapsed();
    assert!(took <= LONGEST, "took {took:?} of the processor");
    answer
}
