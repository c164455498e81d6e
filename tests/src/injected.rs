//! Faults below SQLite: a library loaded before libc fails what it is ordered to, in a host that must outlast it.

use crate::{
    dice::Dice,
    process::{Post, Process},
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    ffi::OsString,
    fs::File,
    net::SocketAddr,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
};

const SHIM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/injected/shim.c");
/// The numbers of an order, as the library reads them.
const NUMBERS: usize = 8;

/// What fails, and with which of the system's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A write to a full disk.
    Full,
    /// A write that the disk does not take.
    Write,
    /// A sync: what was written may be lost.
    Sync,
    /// A sync to a full disk, as on a quota that is counted late.
    FullSync,
    /// A file that cannot be made shorter or longer.
    Truncate,
    /// A read.
    Read,
    /// A file that cannot be opened, because too many are.
    Open,
    /// Memory for SQLite.
    Memory,
}

const WRITE: u64 = 1;
const SYNC: u64 = 2;
const TRUNCATE: u64 = 4;
const READ: u64 = 8;
const MEMORY: u64 = 16;
const OPEN: u64 = 32;
const EIO: u64 = 5;
const ENOMEM: u64 = 12;
const EMFILE: u64 = 24;
const ENOSPC: u64 = 28;

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Full,
        Self::Write,
        Self::Sync,
        Self::FullSync,
        Self::Truncate,
        Self::Read,
        Self::Open,
        Self::Memory,
    ];

    fn numbers(self) -> (u64, u64) {
        match self {
            Self::Full => (WRITE | TRUNCATE, ENOSPC),
            Self::Write => (WRITE, EIO),
            Self::Sync => (SYNC, EIO),
            Self::FullSync => (SYNC, ENOSPC),
            Self::Truncate => (TRUNCATE, EIO),
            Self::Read => (READ, EIO),
            Self::Open => (OPEN, EMFILE),
            Self::Memory => (MEMORY, ENOMEM),
        }
    }
}

/// Which of the calls of a kind fail.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// What fails.
    pub kind: Kind,
    /// The first call that does.
    pub from: u64,
    /// The last one.
    pub to: u64,
    /// Every so many of those in between.
    pub every: u64,
}

impl Order {
    /// Any of the calls of the n-th kind in turn: one call, a row of calls, every n-th, or all from one on. Each kind's calls are few or many.
    pub fn any(n: usize, dice: &mut Dice) -> Self {
        let kind = Kind::ALL[n % Kind::ALL.len()];
        let calls = match kind {
            Kind::Memory => 2_000,
            Kind::Full | Kind::Write | Kind::Read => 40,
            _ => 4,
        };
        let from = 1 + dice.below(calls) as u64;
        let (to, every) = match dice.below(4) {
            0 => (from, 1),
            1 => (from + dice.below(10) as u64, 1),
            2 => (u64::MAX, 1 + dice.below(5) as u64),
            _ => (u64::MAX, 1),
        };
        Self {
            kind,
            from,
            to,
            every,
        }
    }
}

/// The library, and the orders that a host under it follows.
pub struct Faults {
    library: PathBuf,
    orders: PathBuf,
    file: File,
    files: PathBuf,
}

impl Faults {
    /// Builds the library into a folder; what is below `files` may fail.
    ///
    /// # Errors
    /// Where there is no C compiler.
    pub fn new(folder: &Path, files: &Path) -> Result<Self> {
        let library = folder.join("faults.so");
        let built = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .args([SHIM, "-ldl"])
            .status()
            .context("cc")?;
        ensure!(built.success(), "cc: {built}");
        let orders = folder.join("orders");
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&orders)?;
        file.write_all_at(&[0; 8 * NUMBERS], 0)?;
        Ok(Self {
            library,
            orders,
            file,
            files: files.to_owned(),
        })
    }

    /// Starts a host under the library.
    ///
    /// # Errors
    /// Where it ends before it listens.
    pub fn start(&self, post: &Post, listen: SocketAddr) -> Result<Process> {
        let name = |path: &Path| OsString::from(path);
        let more = [
            ("LD_PRELOAD", name(&self.library)),
            ("REDRESS_FAULT_FILES", name(&self.files)),
            ("REDRESS_FAULT_ORDERS", name(&self.orders)),
        ];
        post.start_under(listen, &more)
    }

    fn put(&self, at: usize, number: u64) -> Result<()> {
        Ok(self
            .file
            .write_all_at(&number.to_ne_bytes(), 8 * at as u64)?)
    }

    fn get(&self, at: usize) -> Result<u64> {
        let mut number = [0; 8];
        self.file.read_exact_at(&mut number, 8 * at as u64)?;
        Ok(u64::from_ne_bytes(number))
    }

    /// From now on what is ordered fails.
    ///
    /// # Errors
    /// Where the orders cannot be written.
    pub fn order(&self, order: &Order) -> Result<()> {
        let (kinds, number) = order.kind.numbers();
        self.stop()?;
        let rest = [number, order.from, order.to, order.every, 0, 0];
        for (at, number) in rest.into_iter().enumerate() {
            self.put(at + 1, number)?;
        }
        self.put(0, kinds)
    }

    /// From now on nothing fails; how many calls did.
    ///
    /// # Errors
    /// Where the orders cannot be written.
    pub fn stop(&self) -> Result<u64> {
        self.put(0, 0)?;
        self.get(6)
    }

    /// Refuses a host in which SQLite's allocator was not found: it was stripped of its names.
    ///
    /// # Errors
    /// In that case.
    pub fn reach_memory(&self) -> Result<()> {
        if self.get(7)? == 0 {
            bail!("the host has no symbols: memory cannot fail in it");
        }
        Ok(())
    }
}
