//! Who may work at the same time: so that one person's worst is not felt by the others.
//!
//! Each person has a few places, and takes up the rest one after another. What is hard for a processor runs apart
//! from the threads that answer, a few at a time in the whole house and one at a time of each person.

use crate::limits::Whose;
use redress_desk::ApiError;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests of one person at the same time; a page asks for several things at once.
pub(crate) const AT_ONCE: usize = 6;
/// Requests of one person that wait for a place.
const WAITING: usize = 64;
/// Requests of everybody at the same time.
const ALL: usize = 64;
/// Files that are on their way to the host at the same time: each may be fifty megabytes in memory.
const FILES: usize = 6;
/// Windows of one person that listen to notices.
pub(crate) const LISTENERS: usize = 20;
/// Whoever has waited so long is told to come again.
const PATIENCE: Duration = Duration::from_secs(30);
/// People of whom nobody asks any more are forgotten above so many.
const KEPT: usize = 1_000;

/// How hard a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Some milliseconds.
    Light,
    /// Draws a paper, or reads files of a procedure: tens of milliseconds of a processor.
    Drawn,
    /// Goes over many cases or documents.
    Hard,
    /// Goes over everything, for minutes.
    Long,
}

/// How hard a command is, by its name.
pub(crate) fn weight(name: &str) -> Weight {
    match name {
        "audit.verify" | "backup.create" | "encryption.set" => Weight::Long,
        "case.file" | "export.xlsx" | "audit.list" | "access.list" => Weight::Hard,
        "calendar.import" | "calendar.provisional" | "calendar.recalculate" => Weight::Hard,
        "report.due" | "encryption.new_phrase" => Weight::Drawn,
        _ if name.starts_with("report.") || name.starts_with("disposal.") => Weight::Hard,
        "document.get" | "document.reprint" | "attachment.get" | "attachment.add" => Weight::Drawn,
        "procedure.list" => Weight::Light,
        _ if name.starts_with("form.") || name.starts_with("procedure.") => Weight::Drawn,
        _ => Weight::Light,
    }
}

struct Share {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    apart: Arc<Semaphore>,
    long: Arc<Semaphore>,
    files: Arc<Semaphore>,
    listeners: Arc<Semaphore>,
}

fn places(n: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(n))
}

impl Share {
    fn new() -> Self {
        Self {
            places: places(AT_ONCE),
            waiting: AtomicUsize::new(0),
            apart: places(1),
            long: places(1),
            files: places(1),
            listeners: places(LISTENERS),
        }
    }
}

/// Who works.
pub(crate) struct Work {
    patience: Duration,
    shares: Mutex<HashMap<String, Arc<Share>>>,
    all: Arc<Semaphore>,
    drawn: Arc<Semaphore>,
    hard: Arc<Semaphore>,
    long: Arc<Semaphore>,
    files: Arc<Semaphore>,
}

/// A place, until it is dropped.
#[must_use]
pub(crate) struct Place {
    _permits: Vec<OwnedSemaphorePermit>,
    _share: Arc<Share>,
}

/// Counts whoever waits, also when the request is dropped meanwhile.
struct Waiter<'a>(&'a AtomicUsize);

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn busy() -> ApiError {
    ApiError::new("too_many_requests")
}

async fn take(
    patience: Duration,
    places: &[&Arc<Semaphore>],
) -> Result<Vec<OwnedSemaphorePermit>, ApiError> {
    let waiting = async {
        let mut taken = Vec::with_capacity(places.len());
        for place in places {
            let permit = Arc::clone(place).acquire_owned().await;
            taken.push(permit.map_err(ApiError::internal)?);
        }
        Ok(taken)
    };
    tokio::time::timeout(patience, waiting)
        .await
        .map_err(|_| busy())?
}

impl Work {
    pub(crate) fn new() -> Self {
        Self::patient(PATIENCE)
    }

    fn patient(patience: Duration) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            patience,
            shares: Mutex::default(),
            all: places(ALL),
            drawn: places(processors),
            hard: places((processors / 2).max(1)),
            long: places(1),
            files: places(FILES),
        }
    }

    fn share(&self, whose: &Whose) -> Arc<Share> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if shares.len() > KEPT {
            shares.retain(|_, share| Arc::strong_count(share) > 1);
        }
        let share = shares.entry(whose.key());
        share.or_insert_with(|| Arc::new(Share::new())).clone()
    }

    /// A place among those who ask, taken before a request is read.
    ///
    /// # Errors
    /// `too_many_requests`: too many wait already, or it took too long.
    pub(crate) async fn place(&self, whose: &Whose) -> Result<Place, ApiError> {
        let share = self.share(whose);
        let before = share.waiting.fetch_add(1, Ordering::Relaxed);
        let waiter = Waiter(&share.waiting);
        if before >= WAITING + AT_ONCE {
            return Err(busy());
        }
        let permits = take(self.patience, &[&share.places, &self.all]).await?;
        drop(waiter);
        Ok(Place {
            _permits: permits,
            _share: share,
        })
    }

    /// A turn for what is hard, taken when it begins; none for what is light.
    ///
    /// # Errors
    /// `too_many_requests`: it took too long.
    pub(crate) async fn turn(
        &self,
        whose: &Whose,
        weight: Weight,
    ) -> Result<Option<Place>, ApiError> {
        let share = self.share(whose);
        let permits = match weight {
            Weight::Light => return Ok(None),
            Weight::Drawn => take(self.patience, &[&share.apart, &self.drawn]).await?,
            Weight::Hard => take(self.patience, &[&share.apart, &self.hard]).await?,
            Weight::Long => take(self.patience, &[&share.long, &self.long]).await?,
        };
        Ok(Some(Place {
            _permits: permits,
            _share: share,
        }))
    }

    /// A place for a file on its way to the host.
    ///
    /// # Errors
    /// `too_many_requests`: it took too long.
    pub(crate) async fn file(&self, whose: &Whose) -> Result<Place, ApiError> {
        let share = self.share(whose);
        let permits = take(self.patience, &[&share.files, &self.files]).await?;
        Ok(Place {
            _permits: permits,
            _share: share,
        })
    }

    /// A place for a window that listens; none where the person has too many.
    pub(crate) fn listener(&self, whose: &Whose) -> Option<Place> {
        let share = self.share(whose);
        let permit = share.listeners.clone().try_acquire_owned().ok()?;
        Some(Place {
            _permits: vec![permit],
            _share: share,
        })
    }
}

/// Carries out what was begun, whether or not whoever asked is still there: apart from the threads that answer where it
/// is hard.
pub(crate) async fn carry_out<T: Send + 'static>(
    weight: Weight,
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    let done = if weight == Weight::Light {
        tokio::spawn(work)
    } else {
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || runtime.block_on(work))
    };
    done.await.map_err(ApiError::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(50);

    fn person(n: u8) -> Whose {
        Whose::Person(n.to_string())
    }

    #[tokio::test]
    async fn one_person_waits_for_places_and_the_others_do_not() -> Result<(), ApiError> {
        let work = Work::patient(SOON);
        let mut taken = Vec::new();
        for _ in 0..AT_ONCE {
            taken.push(work.place(&person(1)).await?);
        }
        let refused = work.place(&person(1)).await.err();
        assert_eq!(
            refused.map(|e| e.code).as_deref(),
            Some("too_many_requests")
        );
        let _other = work.place(&person(2)).await?;
        taken.pop();
        let _again = work.place(&person(1)).await?;
        Ok(())
    }

    #[tokio::test]
    async fn too_many_that_wait_are_sent_away_at_once() -> Result<(), ApiError> {
        let work = Arc::new(Work::new());
        let mut taken = Vec::new();
        for _ in 0..AT_ONCE {
            taken.push(work.place(&person(1)).await?);
        }
        for _ in 0..WAITING + AT_ONCE {
            let work = work.clone();
            tokio::spawn(async move { work.place(&person(1)).await.map(drop) });
        }
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        let begun = std::time::Instant::now();
        assert!(work.place(&person(1)).await.is_err());
        assert!(begun.elapsed() < Duration::from_secs(5));
        Ok(())
    }

    #[tokio::test]
    async fn what_is_hard_is_done_one_at_a_time_of_each_person() -> Result<(), ApiError> {
        let work = Work::patient(SOON);
        let first = work.turn(&person(1), Weight::Drawn).await?;
        assert!(work.turn(&person(1), Weight::Hard).await.is_err());
        assert!(work.turn(&person(1), Weight::Light).await?.is_none());
        let _long = work.turn(&person(1), Weight::Long).await?;
        let _other = work.turn(&person(2), Weight::Hard).await?;
        drop(first);
        let _again = work.turn(&person(1), Weight::Drawn).await?;
        Ok(())
    }

    #[tokio::test]
    async fn what_is_hard_leaves_the_threads_that_answer_alone() -> Result<(), ApiError> {
        let begun = std::time::Instant::now();
        let hard = tokio::spawn(carry_out(Weight::Hard, async {
            std::thread::sleep(Duration::from_secs(1));
            Ok(())
        }));
        // This test has one thread: were it taken, this would take a second.
        tokio::time::sleep(Duration::from_millis(10)).await;
        carry_out(Weight::Light, async { Ok(()) }).await?;
        assert!(begun.elapsed() < Duration::from_millis(900));
        hard.await.map_err(ApiError::internal)?
    }

    #[test]
    fn every_command_has_its_weight() {
        for (name, expected) in [
            ("case.get", Weight::Light),
            ("case.list", Weight::Light),
            ("form.issue", Weight::Drawn),
            ("procedure.install", Weight::Drawn),
            ("report.period", Weight::Hard),
            ("case.file", Weight::Hard),
            ("audit.verify", Weight::Long),
            ("audit.stop", Weight::Light),
        ] {
            assert_eq!(weight(name), expected, "{name}");
        }
    }
}
