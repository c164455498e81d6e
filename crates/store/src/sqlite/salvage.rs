//! Bringing what is whole out of a damaged database into a new folder (docs/decisions/0007-salvage.md).
//!
//! Envelopes of whole streams are carried byte for byte to the same positions, so that their hashes, signatures and
//! every anchor that points to one of them still hold. What is missing is told by an event of the new log.

mod judge;
mod reader;
pub(super) mod rows;

use super::{
    Connection, Own, folder,
    opening::past_damage,
    sql::{tolerant, verify::Line},
};
use crate::{
    Append, DataKey, Marker, Progress, Store, StoreError,
    progress::counted,
    tables::{Cell, Shelf, TABLES, Table},
};
use judge::Case;
use reader::Reader;
use redress_domain::event::Lost;
use sqlx::Connection as _;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::atomic::Ordering,
};

/// What came out of a damaged office.
#[derive(Debug, Clone, Default)]
pub struct Salvaged {
    /// Events that were carried.
    pub events: i64,
    /// Cases that were carried, as `case:ID`.
    pub cases: Vec<String>,
    /// What is not whole, and why; a stream of people or of the institution is carried as far as it can be read.
    pub lost: Vec<Lost>,
    /// Cases of which nothing is left but the note that their numbers were given.
    pub gone: usize,
    /// Case numbers of what is lost, where they can still be read.
    pub numbers: BTreeMap<String, String>,
    /// Rows of other tables that could not be read: table and how many.
    pub rows: BTreeMap<String, usize>,
    /// First and last position of what is missing in the log.
    pub gaps: Vec<(i64, i64)>,
}

/// Where what is whole is brought to.
#[derive(Debug)]
pub struct Rescue<'a> {
    /// A folder that is empty, or not there yet.
    pub into: &'a Path,
    /// With what the new office is encrypted.
    pub sealed: Option<(DataKey, Marker)>,
    /// Who does it, for the lock's message.
    pub owner: &'a str,
    /// How far it is.
    pub progress: &'a Progress,
    /// Editions that the program itself has, by hash, as they are kept: for those that cannot be read.
    pub editions: BTreeMap<String, String>,
}

/// Brings out what is whole of a folder that nobody has open. `note` makes the event that says so; the old folder
/// stays as it is.
///
/// # Errors
/// `DamagedFolder` where nothing can be read, `FolderInUse`, `FolderNotEmpty`, `DiskFull`, `Stopped`.
pub async fn salvage(
    dir: &Path,
    key: Option<&DataKey>,
    rescue: Rescue<'_>,
    note: impl FnOnce(&Salvaged, i64) -> Result<Append, StoreError>,
) -> Result<Salvaged, StoreError> {
    let lock = folder::lock(dir, rescue.owner)?;
    let done = bring_out(dir, key, rescue, note).await;
    drop(lock);
    done
}

impl Own {
    /// The same for the folder of this store, which stays open; what is written meanwhile is not brought out.
    ///
    /// # Errors
    /// As [`salvage`].
    pub async fn salvage(
        &self,
        rescue: Rescue<'_>,
        note: impl FnOnce(&Salvaged, i64) -> Result<Append, StoreError>,
    ) -> Result<Salvaged, StoreError> {
        let done = bring_out(&self.dir, self.key(), rescue, note).await;
        done.map_err(|e| self.explain(e))
    }
}

async fn bring_out(
    dir: &Path,
    key: Option<&DataKey>,
    rescue: Rescue<'_>,
    note: impl FnOnce(&Salvaged, i64) -> Result<Append, StoreError>,
) -> Result<Salvaged, StoreError> {
    let mut c = Connection::connect_with(&past_damage(dir, key)).await?;
    // One moment, whoever writes. Where not even that can be begun, nobody does.
    let _ = sqlx::query("BEGIN").execute(&mut c).await;
    let done = match Reader::read(&mut c).await {
        Ok(reader) => carry(&mut c, reader, rescue, note).await,
        Err(e) => Err(e),
    };
    // A damaged file that cannot be closed in order changes nothing of what came out of it.
    let _ = c.close().await;
    done
}

async fn carry(
    c: &mut Connection,
    mut reader: Reader,
    rescue: Rescue<'_>,
    note: impl FnOnce(&Salvaged, i64) -> Result<Append, StoreError>,
) -> Result<Salvaged, StoreError> {
    if reader.lines.is_empty() {
        return Err(StoreError::DamagedFolder);
    }
    let Rescue {
        into,
        sealed,
        owner,
        progress,
        editions,
    } = rescue;
    reader.read_editions(c, editions).await?;
    // Each event is judged, and then carried.
    let events = counted(reader.lines.len());
    progress.total.fetch_add(2 * events, Ordering::Relaxed);
    let cases = reader.judge(c, progress).await?;
    let lost: BTreeSet<&str> = cases
        .iter()
        .filter(|(_, case)| case.why.is_some())
        .map(|(stream, _)| stream.as_str())
        .collect();
    let carried: Vec<&Line> = reader
        .lines
        .values()
        .filter(|l| match l.stream.starts_with("case:") {
            true => !lost.contains(l.stream.as_str()),
            false => l.seal() == l.hash,
        })
        .collect();
    let last = reader.last_pos();
    let mut out = Salvaged {
        events: counted(carried.len()),
        gaps: gaps(carried.iter().map(|l| l.pos), last),
        ..Salvaged::default()
    };
    note_losses(&cases, &mut out);
    let making = Own::blank(into, owner, sealed).await?;
    let store = making.store();
    let done = async {
        fill(c, &reader, &carried, &cases, store, &mut out, progress).await?;
        let seq = store.stream_seq("office").await?;
        store.append(vec![note(&out, seq)?]).await
    };
    match done.await {
        Ok(()) => {
            making.done().await?.close().await;
            Ok(out)
        }
        Err(e) => {
            let e = store.explain(e);
            making.give_up().await;
            Err(e)
        }
    }
}

/// Which cases are carried, and what is lost and why.
fn note_losses(cases: &BTreeMap<String, Case>, out: &mut Salvaged) {
    for (stream, case) in cases {
        match &case.why {
            None if stream.starts_with("case:") => out.cases.push(stream.clone()),
            None => {}
            Some(why) => {
                out.lost.push(Lost {
                    stream: stream.clone(),
                    why: why.clone(),
                });
                out.numbers
                    .extend(case.number.clone().map(|n| (stream.clone(), n)));
            }
        }
    }
}

async fn fill(
    c: &mut Connection,
    reader: &Reader,
    carried: &[&Line],
    cases: &BTreeMap<String, Case>,
    store: &Own,
    out: &mut Salvaged,
    progress: &Progress,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    for table in &TABLES {
        match table.name {
            "event" => {
                for line in carried {
                    tx.put(table, vec![reader::event_row(line)?]).await?;
                }
            }
            "value" => {
                for line in carried {
                    progress.step(1)?;
                    values(c, reader, line, &mut tx, out).await?;
                }
            }
            "document" | "attachment" => files(c, reader, table, cases, &mut tx, out).await?,
            "edition" => editions(reader, table, carried, &mut tx).await?,
            // A number that was given stays given, whatever became of its case and of the note that it was.
            "number_claim" => numbers(c, reader, table, &mut tx, out).await?,
            // How somebody signs in is carried where it is what the log says.
            "credential" | "second_factor" => {
                let known = |row: &[Cell]| signs_in(table.name, row, cases);
                whole(c, table, known, &mut tx, out).await?;
            }
            // Requests that are sent again and wrong passwords are of no use any more.
            "sent" | "attempt" => {}
            _ => whole(c, table, |_| true, &mut tx, out).await?,
        }
    }
    Ok(tx.commit().await?)
}

/// The rows of a table that can be read and are wanted.
async fn whole(
    c: &mut Connection,
    table: &Table,
    wanted: impl Fn(&[Cell]) -> bool,
    to: &mut Connection,
    out: &mut Salvaged,
) -> Result<(), StoreError> {
    let (rows, unreadable) = rows::whole_table(c, table).await?;
    count(out, table.name, unreadable);
    for row in rows.into_iter().filter(|row| wanted(row)) {
        to.put(table, vec![row]).await?;
    }
    Ok(())
}

/// The editions that a carried event names.
async fn editions(
    reader: &Reader,
    table: &Table,
    carried: &[&Line],
    to: &mut Connection,
) -> Result<(), StoreError> {
    let named = carried.iter().filter_map(|line| reader::edition_of(line));
    let named: BTreeSet<String> = named.collect();
    for (hash, files) in reader.editions.iter().filter(|(h, _)| named.contains(*h)) {
        to.put(table, vec![vec![text(hash), text(files)]]).await?;
    }
    Ok(())
}

/// The values of one event that are the ones of which it holds the hash.
async fn values(
    c: &mut Connection,
    reader: &Reader,
    line: &Line,
    to: &mut Connection,
    out: &mut Salvaged,
) -> Result<(), StoreError> {
    let table = &TABLES[1];
    let (rows, unreadable) = reader.values(c, line.pos).await?;
    let good: Vec<_> = rows.into_iter().filter(|r| reader.fits(line, r)).collect();
    if !good.is_empty() {
        to.put(table, good).await?;
    }
    count(out, table.name, unreadable);
    Ok(())
}

/// Documents and files of the cases that are whole.
async fn files(
    c: &mut Connection,
    reader: &Reader,
    table: &Table,
    cases: &BTreeMap<String, Case>,
    to: &mut Connection,
    out: &mut Salvaged,
) -> Result<(), StoreError> {
    let whole = |stream: &str| cases.get(stream).is_some_and(|k| k.why.is_none());
    for (id, rowids) in reader.rowids(table.name) {
        let Some(stream) = reader.owner(table.name, id) else {
            continue;
        };
        for rowid in rowids.iter().filter(|_| whole(&stream)) {
            match rows::row(c, table, *rowid).await? {
                Some(row) => to.put(table, vec![row]).await?,
                None => count(out, table.name, 1),
            }
        }
    }
    Ok(())
}

async fn numbers(
    c: &mut Connection,
    reader: &Reader,
    table: &Table,
    to: &mut Connection,
    out: &mut Salvaged,
) -> Result<(), StoreError> {
    let (rows, unreadable) = rows::whole_table(c, table).await?;
    count(out, table.name, unreadable);
    let numbers = reader.numbers(&rows);
    out.gone = numbers.len().saturating_sub(reader.registered());
    for (procedure, year, seq) in numbers {
        let row = vec![Cell::Text(Some(procedure)), Cell::Int(year), Cell::Int(seq)];
        to.put(table, vec![row]).await?;
    }
    Ok(())
}

fn text(t: &str) -> Cell {
    Cell::Text(Some(t.to_owned()))
}

/// Whether a row is of somebody of whom the log tells.
fn signs_in(table: &str, row: &[Cell], streams: &BTreeMap<String, Case>) -> bool {
    let person = row.get(usize::from(table == "credential"));
    match person {
        Some(Cell::Text(Some(person))) => streams.contains_key(&format!("person:{person}")),
        _ => false,
    }
}

fn count(out: &mut Salvaged, table: &str, rows: usize) {
    if rows > 0 {
        *out.rows.entry(table.to_owned()).or_default() += rows;
    }
}

/// Positions up to the last one that do not stand in a list, which is in order.
fn gaps(there: impl Iterator<Item = i64>, last: i64) -> Vec<(i64, i64)> {
    let mut all = Vec::new();
    let mut next = 1;
    for pos in there.chain(std::iter::once(last + 1)) {
        if pos > next {
            all.push((next, pos - 1));
        }
        next = pos + 1;
    }
    all
}

/// What was read, or nothing where the file is damaged there.
fn passed<T>(read: Result<T, sqlx::Error>) -> Result<Option<T>, StoreError> {
    tolerant::passed(read.map_err(StoreError::from))
}

#[cfg(test)]
mod tests {
    #[test]
    fn gaps_are_what_is_between() {
        let gaps = |there: &[i64], last| super::gaps(there.iter().copied(), last);
        assert_eq!(gaps(&[1, 2, 3], 3), []);
        assert_eq!(gaps(&[2, 5], 6), [(1, 1), (3, 4), (6, 6)]);
        assert_eq!(gaps(&[], 2), [(1, 2)]);
    }
}
